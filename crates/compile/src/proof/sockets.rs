//! Addresses and ports: every socket is opened once, and every URL leads to one member.

use super::{Placed, Proof};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use bouquet_model::url::Host;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// A socket that a member listens on.
struct Socket<'a> {
    owner: Placed<'a>,
    what: &'static str,
    ip: IpAddr,
    port: u16,
    span: Span,
}

pub(super) fn check(proof: &Proof<'_>, found: &mut Diagnostics) {
    let sockets: Vec<Socket<'_>> = proof.members().flat_map(|m| sockets(proof, m)).collect();
    let mut clashes = 0;
    for (i, second) in sockets.iter().enumerate() {
        if let Some(first) = sockets[..i].iter().find(|first| clash(first, second)) {
            clashes += 1;
            found.push(clash_error(first, second));
        }
    }
    if clashes == 0 {
        advertised_twice(proof, found);
    }
    loopback_among_others(proof, found);
    one_machine(proof, found);
}

fn sockets<'a>(proof: &Proof<'_>, owner: Placed<'a>) -> Vec<Socket<'a>> {
    let written = &proof.spec.members[owner.index];
    let ip_span = written.listen_ip.as_ref().unwrap_or(&written.ip).span;
    let port_span = |port: &Option<crate::diagnostic::Spanned<u16>>| {
        port.as_ref().map_or(ip_span, |port| port.span)
    };
    let own = [
        ("peers", &owner.member.listen_peer_urls, port_span(&written.peer_port)),
        ("clients", &owner.member.listen_client_urls, port_span(&written.client_port)),
    ];
    let mut sockets = Vec::new();
    for (what, urls, span) in own {
        for url in urls.iter() {
            if let Host::Ip(ip) = url.host {
                sockets.push(Socket { owner, what, ip, port: url.port, span });
            }
        }
    }
    for (option, what) in
        [("listen-metrics-urls", "metrics"), ("listen-client-http-urls", "clients over HTTP")]
    {
        let span = proof.option_span(owner, option);
        for url in owner.list(option) {
            if let Some((ip, port)) = authority(&url) {
                sockets.push(Socket { owner, what, ip, port, span });
            }
        }
    }
    sockets
}

/// The address and port of a URL that the options table has accepted.
pub(super) fn authority(url: &str) -> Option<(IpAddr, u16)> {
    let (_, rest) = url.split_once("://")?;
    let (host, port) = rest.rsplit_once(':')?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let ip = if host == "localhost" { Some([127, 0, 0, 1].into()) } else { host.parse().ok() };
    Some((ip?, port.parse().ok()?))
}

/// Two sockets of one member clash where one listens on every address; those of two members only
/// where the addresses are equal and not the loopback of a machine of each.
fn clash(a: &Socket<'_>, b: &Socket<'_>) -> bool {
    if a.port != b.port {
        return false;
    }
    let every = a.ip.is_unspecified() || b.ip.is_unspecified();
    if a.owner.index == b.owner.index {
        return a.ip == b.ip || every;
    }
    let one_machine = a.owner.member.ip == b.owner.member.ip;
    a.ip == b.ip && (one_machine || !every && !is_common_loopback(a) && !is_common_loopback(b))
}

/// The loopback that every machine has, added to a member that also listens elsewhere.
fn is_common_loopback(socket: &Socket<'_>) -> bool {
    socket.ip.is_loopback() && !socket.owner.member.ip.is_loopback()
}

fn clash_error(first: &Socket<'_>, second: &Socket<'_>) -> Diagnostic {
    let (a, b) = (&first.owner.member.name, &second.owner.member.name);
    let message = if a == b {
        format!(
            "member `{a}` listens on port {} for {} and for {}",
            second.port, first.what, second.what
        )
    } else {
        let at = std::net::SocketAddr::new(second.ip, second.port);
        format!("members `{a}` and `{b}` both listen on {at}")
    };
    Diagnostic::error(message)
        .at(second.span, "taken already")
        .also(first.span, "first used here")
        .help("give each its own `peer-port` and `client-port`, or its own address")
}

/// Two members behind one address: etcd says `has duplicate url`.
fn advertised_twice(proof: &Proof<'_>, found: &mut Diagnostics) {
    let mut seen: BTreeMap<String, Placed<'_>> = BTreeMap::new();
    for placed in proof.members() {
        let member = placed.member;
        let urls =
            member.initial_advertise_peer_urls.iter().chain(member.advertise_client_urls.iter());
        for url in urls {
            let Some(first) = seen.insert(url.to_string(), placed) else { continue };
            if first.index == placed.index {
                continue;
            }
            found.push(
                Diagnostic::error(format!(
                    "members `{}` and `{}` both advertise {url}",
                    first.member.name, member.name
                ))
                .at(proof.ip_span(placed), "again here")
                .also(proof.ip_span(first), "first used here")
                .help("every URL leads to one member: give each its own address or its own ports"),
            );
        }
    }
}

fn loopback_among_others(proof: &Proof<'_>, found: &mut Diagnostics) {
    let Some(other) = proof.members().find(|m| !m.member.ip.is_loopback()) else { return };
    for placed in proof.members().filter(|m| m.member.ip.is_loopback()) {
        found.push(
            Diagnostic::error(format!(
                "`{}` is the loopback address, and `{}` cannot reach it there",
                placed.member.ip, other.member.name
            ))
            .at(proof.ip_span(placed), "others dial this address")
            .also(proof.ip_span(other), "another machine")
            .help("write the member's address on the network; its node's loopback is listened on anyway"),
        );
    }
}

/// Members on one machine go down together.
fn one_machine(proof: &Proof<'_>, found: &mut Diagnostics) {
    let mut seen: BTreeMap<IpAddr, Placed<'_>> = BTreeMap::new();
    for placed in proof.members().filter(|m| !m.member.ip.is_loopback()) {
        let Some(first) = seen.get(&placed.member.ip) else {
            seen.insert(placed.member.ip, placed);
            continue;
        };
        found.push(
            Diagnostic::warning(format!(
                "`{}` and `{}` share the address {}: they go down together",
                first.member.name, placed.member.name, placed.member.ip
            ))
            .at(proof.ip_span(placed), "again here")
            .also(proof.ip_span(*first), "first used here")
            .help("put each member on a machine of its own"),
        );
    }
}
