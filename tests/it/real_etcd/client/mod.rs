//! The client of `crates/etcd`, beside etcdctl.

mod answers;
mod asked;
mod calls;
mod learner;
mod space;
mod tls;
mod users;

/// Three members, with TLS.
const THREE: &str = r#"
[cluster]
token = "asked"
etcd = "3.6"

[etcd]
data-dir = "/data/etcd"

[[member]]
name = "orange"
ip = "10.0.0.1"

[[member]]
name = "pink"
ip = "10.0.0.2"

[[member]]
name = "daffodil"
ip = "10.0.0.3"

[[client]]
name = "root"
"#;

/// A member without TLS.
const PLAIN: &str = r#"
[cluster]
token = "plain"
etcd = "3.6"

[tls]
enabled = false

[etcd]
data-dir = "/data/etcd"

[[member]]
name = "orange"
ip = "10.0.0.1"
"#;
