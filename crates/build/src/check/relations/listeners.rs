//! Listeners besides the derived ones: metrics, and clients over HTTP.

use super::subject::{Placed, Subject};
use super::urls::{HTTP, METRICS, listeners};
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::listener::Socket;
use bouquet_model::version::Minor;

const REVOKED: &str = "client-crl-file";

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    for placed in subject.writers(METRICS) {
        metrics(subject, placed, found);
    }
    for placed in subject.writers(HTTP) {
        http(subject, placed, found);
    }
    for placed in subject.distinct() {
        revoked(subject, placed, found);
    }
    if subject.cluster.members.len() > 1 {
        listens_for_itself(subject, found);
    }
}

/// A scraper over TLS needs a certificate in which is no name or its own address: etcd compares it
/// with where the connection comes from. Every `[[client]]` has one without names, so there is
/// nothing to say of it.
fn metrics(subject: &Subject<'_>, placed: Placed<'_>, found: &mut Diagnostics) {
    for (url, listener) in listeners(placed, METRICS) {
        let span = subject.item_span(placed, METRICS, &url);
        let Socket::Tcp(address) = listener.socket else { continue };
        match &subject.cluster.tls {
            tls if !listener.tls && !address.ip().is_loopback() => found.push(
                Diagnostic::warning(format!("everybody on the network can read `{url}/metrics`"))
                    .at(span, "no certificate is asked for here")
                    .help(match tls {
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

/// A second listener for clients takes HTTP away from the first.
fn http(subject: &Subject<'_>, placed: Placed<'_>, found: &mut Diagnostics) {
    for (url, listener) in listeners(placed, HTTP) {
        let span = subject.item_span(placed, HTTP, &url);
        let (plain, secure) = match listener.socket {
            Socket::Tcp(_) => ("http", "https"),
            Socket::Unix(_) => ("unix", "unixs"),
        };
        if !listener.tls && subject.cluster.tls.is_some() {
            found.push(
                Diagnostic::error(format!("`{HTTP}` would serve clients without TLS"))
                    .at(span, "whoever reaches it reads and writes the cluster")
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

/// The second listener takes a safeguard away, too.
fn revoked(subject: &Subject<'_>, placed: Placed<'_>, found: &mut Diagnostics) {
    let derived = subject.cluster.tls.as_ref().is_some_and(|tls| tls.crl);
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

/// A forwarding in front of the member may make up for it, so this is no error.
fn listens_for_itself(subject: &Subject<'_>, found: &mut Diagnostics) {
    for placed in subject.members() {
        let (ip, listen_ip) = (placed.member.ip, placed.member.listen_ip);
        let written = subject.spec.members[placed.index].listen_ip.as_ref();
        let Some(written) = written.filter(|_| listen_ip.is_loopback() && !ip.is_loopback()) else {
            continue;
        };
        found.push(
            Diagnostic::warning(format!(
                "`{}` listens on `{listen_ip}` alone, and others dial {ip}",
                placed.member.name
            ))
            .at(written.span, "reached from its own machine only")
            .also(subject.ip_span(placed), "dialled by others")
            .help("leave `listen-ip` out, unless something on that machine forwards to it"),
        );
    }
}
