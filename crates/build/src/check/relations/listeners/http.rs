//! `listen-client-http-urls`: a second listener for clients, which takes HTTP away from the first.

use crate::check::relations::subject::{Placed, Subject};
use crate::check::relations::urls::{HTTP, listeners};
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::listener::Socket;
use bouquet_model::version::Minor;

const REVOKED: &str = "client-crl-file";

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    for placed in subject.writers(HTTP) {
        secured(subject, placed, found);
    }
    for placed in subject.distinct() {
        revoked(subject, placed, found);
    }
}

/// Checks that it has TLS exactly if the client port has.
fn secured(subject: &Subject<'_>, placed: Placed<'_>, found: &mut Diagnostics) {
    for (url, listener) in listeners(placed, HTTP) {
        let span = subject.item_span(placed, HTTP, &url);
        let (plain, secure) = match listener.socket {
            Socket::Tcp(_) => ("http", "https"),
            Socket::Unix(_) => ("unix", "unixs"),
        };
        if !listener.tls && subject.cluster.tls.is_some() {
            found.push(
                Diagnostic::error(format!("`{HTTP}` would serve clients without TLS"))
                    .at(span, "anyone who reaches it reads and writes the cluster")
                    .note("etcd starts, and ignores the key and the certificate for it")
                    .help(format!("write `{secure}://`")),
            );
        }
        if listener.tls && subject.cluster.tls.is_none() {
            found.push(
                Diagnostic::error(format!("`{url}` without TLS"))
                    .at(span, "there is no certificate to show")
                    .note("etcd: TLS key/cert (--cert-file, --key-file) must be provided for client url")
                    .help(format!("write `{plain}://`, or remove `enabled = false` from [tls]")),
            );
        }
    }
}

/// Refuses it where a list of revoked certificates is looked at: it takes that safeguard away, too.
fn revoked(subject: &Subject<'_>, placed: Placed<'_>, found: &mut Diagnostics) {
    let derived = subject.cluster.tls.as_ref().is_some_and(|tls| tls.crl && tls.client_auth);
    let checks = derived || placed.text(REVOKED).is_some();
    if !checks || placed.list(HTTP).is_empty() || subject.cluster.tls.is_none() || fixed(subject) {
        return;
    }
    let list = if derived { subject.crl_span() } else { subject.option_span(placed, REVOKED) };
    found.push(
        Diagnostic::error(format!("revoked clients would get in: `{REVOKED}` with `{HTTP}`"))
            .at(subject.option_span(placed, HTTP), "")
            .also(list, "not looked at on the gRPC port")
            .note("GHSA-3wh4-j44w-pg92, fixed in 3.5.32, 3.6.13 and 3.7.0")
            .help(format!("name a fixed version as `etcd`, or remove `{HTTP}`")),
    );
}

fn fixed(subject: &Subject<'_>) -> bool {
    let version = subject.cluster.version;
    match version.minor() {
        Minor::V3_4 => false,
        Minor::V3_5 => version.floor() >= 32,
        Minor::V3_6 => version.floor() >= 13,
        Minor::V3_7 => true,
    }
}
