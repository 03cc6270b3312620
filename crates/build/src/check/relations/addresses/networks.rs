//! The network of clients, where that is another than that of members.

use crate::check::relations::subject::{Said, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::url::Host;

/// Refuses an address for clients that two members have, whatever the port: etcd opens it.
pub(super) fn own(subject: &Subject<'_>, said: &mut Said, found: &mut Diagnostics) {
    for placed in subject.members() {
        let written = &subject.spec.members[placed.index].client_ip;
        let (Some(ip), Some(written)) = (placed.member.client_ip, written) else { continue };
        let theirs = subject.members().find(|other| {
            other.machine() != placed.machine()
                && (other.member.ip == Some(ip)
                    || other.index < placed.index && other.member.client_ip == Some(ip))
        });
        let Some(other) = theirs else { continue };
        if !said.insert((placed.index.min(other.index), placed.index.max(other.index))) {
            continue;
        }
        let there = &subject.spec.members[other.index];
        let there = there.client_ip.as_ref().filter(|_| other.member.client_ip == Some(ip));
        found.push(
            Diagnostic::error(format!(
                "`{ip}` is the address of `{}`, and `{}` would listen on it",
                other.member.name, placed.member.name
            ))
            .at(written.span, "")
            .also(
                there.map_or_else(|| subject.ip_span(other), |written| written.span),
                "another machine's",
            )
            .note("etcd ends there with `bind: cannot assign requested address`")
            .help("write the address that this member's machine has on the network of its clients"),
        );
    }
}

/// Finds one name for two networks: it leads to one of them.
pub(super) fn names(subject: &Subject<'_>, found: &mut Diagnostics) {
    for placed in subject.members().filter(|m| m.member.listens_apart()) {
        let by_name = placed
            .member
            .advertise_client_urls
            .iter()
            .find(|url| matches!(url.host, Host::Name(_)));
        let written = &subject.spec.members[placed.index].client_ip;
        let (Some(url), Some(written), None) = (by_name, written, &placed.member.client_hostname)
        else {
            continue;
        };
        found.push(
            Diagnostic::warning(format!(
                "clients dial {}, and `{}` listens to them at `client-ip` alone",
                url.host, placed.member.name
            ))
            .at(written.span, "")
            .note("members dial that name, too: it leads to one network, unless each network has a DNS of its own")
            .help("add `client-hostname`, the name that leads to this address"),
        );
    }
}
