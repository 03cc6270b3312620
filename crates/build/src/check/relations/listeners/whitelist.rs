//! `host-whitelist`: the names under which HTTP requests without TLS may be made.

use crate::check::relations::subject::Subject;
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::url::Host;

const WHITELIST: &str = "host-whitelist";

/// Finds a whitelist that nothing is held against. `accessController` in etcd's `embed/serve.go` looks at requests
/// without TLS alone, and answers 421 to one for another host; gRPC does not come by there.
pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    for placed in subject.writers(WHITELIST) {
        let names = placed.list(WHITELIST);
        if names.iter().any(|name| name == "*") {
            continue;
        }
        let span = subject.option_span(placed, WHITELIST);
        if subject.cluster.tls.is_some() {
            found.push(
                Diagnostic::warning(format!("`{WHITELIST}` with TLS"))
                    .at(span, "nothing would look at it")
                    .note("etcd compares the host of requests without TLS alone")
                    .help("remove it: over TLS it keeps nobody out"),
            );
            continue;
        }
        for member in subject.members().filter(|m| subject.option_span(*m, WHITELIST) == span) {
            let hosts = member.member.advertise_client_urls.iter().map(|url| bare(&url.host));
            if let Some(host) = hosts.into_iter().find(|host| names.iter().all(|name| name != host))
            {
                found.push(
                    Diagnostic::warning(format!(
                        "`{}` would refuse HTTP requests to {host}, health checks and metrics too",
                        member.member.name
                    ))
                    .at(span, "its own host is not in it")
                    .note("etcd: 421 Misdirected Request; gRPC is not concerned")
                    .help(format!("add `\"{host}\"`")),
                );
            }
        }
    }
}

/// Returns the host as it is in a request, where an IPv6 address has lost its brackets (`GetHostname` in
/// etcd's `pkg/httputil/httputil.go`).
fn bare(host: &Host) -> String {
    match host {
        Host::Ip(ip) => ip.to_string(),
        Host::Name(name) => name.to_string(),
    }
}
