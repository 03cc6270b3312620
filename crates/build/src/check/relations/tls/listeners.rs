//! Where a member listens by TLS besides its ports: what it shows there vouches for the address.

use super::trust::vouches_for;
use crate::check::relations::subject::{Placed, Subject};
use crate::check::relations::urls::{HTTP, METRICS, listeners};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use bouquet_model::certificate::{Kind, wanted};
use bouquet_model::listener::Socket;
use bouquet_model::url::Host;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Checks the URLs of metrics and of HTTP. etcd shows its certificate for clients there, as on its client port
/// (`serveMetrics` and `configureClientListeners` in its `embed/etcd.go`), and anyone who dials the address verifies it.
pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    let all = wanted(subject.cluster);
    let mut told = BTreeSet::new();
    for placed in subject.members() {
        let Some(certificate) = placed.presented(&all, Kind::Server) else { continue };
        for option in [METRICS, HTTP] {
            for (url, listener) in listeners(placed, option) {
                let Socket::Tcp(address) = listener.socket else { continue };
                let ip = address.ip();
                // Behind every address are those that the certificate has.
                let is_vouched =
                    !listener.tls || ip.is_unspecified() || vouches_for(certificate, &Host::Ip(ip));
                let span = subject.item_span(placed, option, &url);
                let sharing = shared_by(subject, placed, option);
                // One address of several machines is refused elsewhere.
                let is_one_of_many = sharing > 1 && !ip.is_loopback();
                if !is_vouched && !is_one_of_many && told.insert(span) {
                    let at = Shown { url: &url, ip, span, sharing };
                    found.push(unvouched(subject, placed, &at));
                }
            }
        }
    }
}

/// A URL, as it is shown.
struct Shown<'a> {
    url: &'a str,
    ip: IpAddr,
    span: Span,
    /// How many members have it from one place.
    sharing: usize,
}

fn unvouched(subject: &Subject<'_>, placed: Placed<'_>, at: &Shown<'_>) -> Diagnostic {
    let Shown { url, ip, span, sharing } = *at;
    let name = &placed.member.name;
    let whose = if sharing > 1 { "under [tls]".to_owned() } else { format!("of `{name}`") };
    Diagnostic::error(format!(
        "clients would refuse `{url}`: the certificate of `{name}` does not vouch for {ip}"
    ))
    .at(span, "etcd shows its certificate for clients here")
    .also(subject.name_span(placed), "whose certificate has other addresses")
    .help(format!("add `{ip}` to `extra-sans` {whose}, or listen on an address of the member's"))
}

/// Returns how many members have an option from the place that this one has it from.
fn shared_by(subject: &Subject<'_>, placed: Placed<'_>, option: &str) -> usize {
    let span = subject.option_span(placed, option);
    let has = |m: &Placed<'_>| m.member.option(option).is_some();
    subject.members().filter(has).filter(|m| subject.option_span(*m, option) == span).count()
}
