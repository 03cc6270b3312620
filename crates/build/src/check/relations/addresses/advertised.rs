//! Every URL leads to one member.

use crate::check::relations::subject::{Placed, Said, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::url::Host;
use std::collections::BTreeMap;

/// Refuses two members behind one address: etcd says `has duplicate url`.
pub(super) fn check(subject: &Subject<'_>, said: &mut Said, found: &mut Diagnostics) {
    let mut seen: BTreeMap<String, Placed<'_>> = BTreeMap::new();
    for placed in subject.members() {
        let member = placed.member;
        let for_peers = member.initial_advertise_peer_urls.iter().map(|url| (url, false));
        let for_clients = member.advertise_client_urls.iter().map(|url| (url, true));
        for (url, is_for_clients) in for_peers.chain(for_clients) {
            let Some(first) = seen.insert(url.to_string(), placed) else { continue };
            if first.index == placed.index || !said.insert((first.index, placed.index)) {
                continue;
            }
            let span = |of: Placed<'_>| {
                let written = &subject.spec.members[of.index];
                let (own, other) = match url.host {
                    Host::Name(_) => (&written.client_hostname, written.hostname.as_ref()),
                    Host::Ip(_) => (&written.client_ip, None),
                };
                let own = own.as_ref().filter(|_| is_for_clients).or(other);
                own.map_or_else(|| subject.ip_span(of), |written| written.span)
            };
            found.push(
                Diagnostic::error(format!(
                    "members `{}` and `{}` both advertise {url}",
                    first.member.name, member.name
                ))
                .at(span(placed), "again here")
                .also(span(first), "first used here")
                .note("etcd: initial cluster has duplicate url")
                .help("every URL leads to one member: give each its own address or its own ports"),
            );
        }
    }
}
