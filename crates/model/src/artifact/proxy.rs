//! Proxies in the environment: they would come between members.

/// The variables that name a proxy, in both spellings. Go's HTTP client, by which members reach each
/// other, and gRPC, by which etcdctl reaches them, honour the first four
/// (`golang.org/x/net/http/httpproxy`, `FromEnvironment`); `all_proxy` is for what runs beside them.
///
/// `no_proxy` is not among them: without a proxy it says nothing.
pub const PROXY_VARIABLES: [&str; 6] =
    ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
