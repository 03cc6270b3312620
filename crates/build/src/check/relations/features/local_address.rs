//! The address that a member dials the others from, which a gate of etcd's has it choose.

use crate::check::relations::gates::{gate_span, is_on};
use crate::check::relations::subject::{Placed, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::url::Host;
use std::collections::BTreeSet;
use std::net::IpAddr;

const GATE: &str = "SetMemberLocalAddr";

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    if subject.cluster.members.len() < 2 {
        return; // It dials nobody.
    }
    let mut said = BTreeSet::new();
    for placed in subject.members().filter(|placed| is_on(*placed, GATE)) {
        // Of all that are wrong in the same way, one shows it.
        let place = gate_span(subject, placed, GATE);
        if let Some(finding) = translated(subject, placed)
            && said.insert((place, finding.severity))
        {
            found.push(finding);
        }
    }
}

/// Finds a member that is dialled at another address than it listens on: it is behind a translation, and its node
/// does not have the address.
fn translated(subject: &Subject<'_>, placed: Placed<'_>) -> Option<Diagnostic> {
    let member = placed.member;
    let written = subject.spec.members[placed.index].listen_ip.as_ref()?;
    let bound = bound(placed).filter(|ip| *ip != member.listen_ip)?;
    let (finding, label) = if member.listen_ip.is_unspecified() {
        let message =
            format!("`{}` would dial the others from {bound}: is it its node's?", member.name);
        (Diagnostic::warning(message), "all addresses of the node")
    } else if member.listen_ip.is_loopback() {
        return None; // Something on the node forwards to it, and may well have the address.
    } else {
        let name = &member.name;
        let message =
            format!("`{name}` would dial the others from {bound}, which its node does not have");
        (Diagnostic::error(message), "the node's own address")
    };
    Some(
        finding
            .at(gate_span(subject, placed, GATE), format!("`{GATE}` is on"))
            .also(written.span, label)
            .note("behind NAT etcd starts and never joins: bind: cannot assign requested address")
            .help(format!("write `\"{GATE}=false\"` where addresses are translated")),
    )
}

/// Returns the first address among a member's peer URLs that is not the loopback's (`InferLocalAddr` in
/// etcd's `embed/config.go`).
fn bound(placed: Placed<'_>) -> Option<IpAddr> {
    placed.member.initial_advertise_peer_urls.iter().find_map(|url| match url.host {
        Host::Ip(ip) if !ip.is_loopback() && !ip.is_unspecified() => Some(ip),
        _ => None,
    })
}
