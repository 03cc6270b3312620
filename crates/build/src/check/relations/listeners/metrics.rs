//! `listen-metrics-urls`: who can read metrics.

use crate::check::relations::subject::{Placed, Subject};
use crate::check::relations::urls::{METRICS, listeners};
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::listener::Socket;

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    for placed in subject.writers(METRICS) {
        readable(subject, placed, found);
    }
}

/// Checks that a scraper can read it. Over TLS, it needs a certificate in which is no name or its own address: etcd
/// compares it with where the connection comes from. Every `[[client]]` has one without names, so there is nothing
/// to say of it.
fn readable(subject: &Subject<'_>, placed: Placed<'_>, found: &mut Diagnostics) {
    for (url, listener) in listeners(placed, METRICS) {
        let span = subject.item_span(placed, METRICS, &url);
        let Socket::Tcp(address) = listener.socket else { continue };
        match &subject.cluster.tls {
            tls if !listener.tls && !address.ip().is_loopback() => found.push(
                Diagnostic::warning(format!("everybody on the network can read `{url}/metrics`"))
                    .at(span, "no certificate is asked for here")
                    .help(match tls {
                        Some(tls) if !tls.client_auth => "listen on `127.0.0.1`, where only the node itself can read them",
                        Some(_) => "write `https://`, where etcd asks for a client's certificate, or listen on `127.0.0.1`",
                        None => "listen on `127.0.0.1`, where only the node itself can read them",
                    }),
            ),
            None if listener.tls => found.push(
                Diagnostic::error(format!("`{url}` without TLS"))
                    .at(span, "there is no certificate to show")
                    .note("etcd: cannot listen on TLS: KeyFile and CertFile are not presented")
                    .help("write `http://127.0.0.1:2381`, or remove `enabled = false` from [tls]"),
            ),
            _ => {}
        }
    }
}
