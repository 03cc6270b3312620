//! Programs that have a cluster of etcd for their store, as far as they want certificates of their own
//! kind: the values of `for` under `[[client]]`.

/// A program that a client's certificate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Program {
    /// Its name in the spec.
    pub name: &'static str,
    /// Set where it speaks to etcd's JSON gateway rather than gRPC.
    ///
    /// With authentication on, the gateway answers 400 to everybody whose certificate has a common name
    /// (etcd, `server/embed/serve.go`, `accessController.ServeHTTP`).
    pub by_gateway: bool,
}

/// Every program that is known, in the order in which they are named.
pub const PROGRAMS: &[Program] = &[
    // patroni/dcs/etcd3.py: POST to /v3/kv/range and so on.
    Program { name: "patroni", by_gateway: true },
    // lua-resty-etcd, v3.lua: the same.
    Program { name: "apisix", by_gateway: true },
];
