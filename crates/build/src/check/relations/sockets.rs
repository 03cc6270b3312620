//! Addresses and ports: every socket is opened once, and every URL leads to one member.

use super::subject::{Machine, Placed, Subject};
use super::urls::{HTTP, METRICS, authority};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::spec::Spanned;
use bouquet_model::url::Host;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU16;

/// A socket that a member listens on.
struct Socket<'a> {
    owner: Placed<'a>,
    what: &'static str,
    /// The option that it was written in, if it was.
    option: Option<&'static str>,
    ip: IpAddr,
    port: u16,
    span: Span,
}

/// Two members, in the order of the spec, of which enough has been said.
pub(super) type Said = BTreeSet<(usize, usize)>;

/// Returns the pairs of members that are wrong in themselves.
pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) -> Said {
    let mut said = Said::new();
    opened_twice(subject, &mut said, found);
    advertised_twice(subject, &mut said, found);
    loopback_among_others(subject, found);
    on_one_machine(subject, &said, found);
    said
}

fn opened_twice(subject: &Subject<'_>, said: &mut Said, found: &mut Diagnostics) {
    let sockets: Vec<Socket<'_>> = subject.members().flat_map(|m| sockets(subject, m)).collect();
    let mut places = BTreeSet::new();
    for (i, second) in sockets.iter().enumerate() {
        let Some(first) = sockets[..i].iter().find(|first| clash(first, second)) else { continue };
        let pair = (first.owner.index, second.owner.index);
        // One cause, one error: an address that is there twice clashes in all that is derived.
        if places.insert((pair, second.span)) && (first.span != second.span || said.insert(pair)) {
            found.push(clash_error(first, second));
        }
        said.insert(pair);
    }
}

fn sockets<'a>(subject: &Subject<'_>, owner: Placed<'a>) -> Vec<Socket<'a>> {
    let written = &subject.spec.members[owner.index];
    let ip_span = written.listen_ip.as_ref().unwrap_or(&written.ip).span;
    let port_span =
        |port: &Option<Spanned<NonZeroU16>>| port.as_ref().map_or(ip_span, |port| port.span);
    let own = [
        ("peers", &owner.member.listen_peer_urls, port_span(&written.peer_port)),
        ("clients", &owner.member.listen_client_urls, port_span(&written.client_port)),
    ];
    let mut sockets = Vec::new();
    for (what, urls, span) in own {
        for url in urls.iter() {
            if let Host::Ip(ip) = url.host {
                sockets.push(Socket { owner, what, option: None, ip, port: url.port, span });
            }
        }
    }
    for (option, what) in [(METRICS, "metrics"), (HTTP, "clients over HTTP")] {
        for url in owner.list(option) {
            let span = subject.item_span(owner, option, &url);
            if let Some((ip, port)) = authority(&url) {
                sockets.push(Socket { owner, what, option: Some(option), ip, port, span });
            }
        }
    }
    sockets
}

/// On one machine two sockets clash where their addresses are equal or one is every address. Two
/// machines have each its own loopback, and may have the same private addresses behind different
/// public ones; but none has the address at which another is dialled.
fn clash(a: &Socket<'_>, b: &Socket<'_>) -> bool {
    if a.port != b.port {
        return false;
    }
    let every = a.ip.is_unspecified() || b.ip.is_unspecified();
    if a.owner.index == b.owner.index || a.owner.machine() == b.owner.machine() {
        return a.ip == b.ip || every;
    }
    let dialled = [a, b].iter().any(|socket| socket.ip == socket.owner.member.ip);
    let written_for_both = a.option.is_some() && a.span == b.span;
    a.ip == b.ip && !every && !a.ip.is_loopback() && (dialled || written_for_both)
}

fn clash_error(first: &Socket<'_>, second: &Socket<'_>) -> Diagnostic {
    let (a, b) = (&first.owner.member.name, &second.owner.member.name);
    let at = SocketAddr::new(second.ip, second.port);
    let written = second.option.or(first.option);
    let port = written.map_or_else(
        || "give each its own `peer-port` and `client-port`, or its own address".to_owned(),
        |option| format!("give `{option}` a port of its own"),
    );
    if a != b && first.span == second.span {
        let option = written.unwrap_or_default();
        return Diagnostic::error(format!("members `{a}` and `{b}` would both listen on {at}"))
            .at(second.span, "for every member")
            .help(format!("write `{option}` under [member.etcd], for each member its own"));
    }
    let message = if a == b {
        let what = (first.what, second.what);
        format!("member `{a}` listens on port {} for {} and for {}", second.port, what.0, what.1)
    } else {
        format!("members `{a}` and `{b}` both listen on {at}")
    };
    let error = Diagnostic::error(message)
        .at(second.span, "taken already")
        .also(first.span, "first used here");
    let error = match (a == b, first.what, second.option) {
        (true, "clients", Some(HTTP)) => error.note(
            "etcd: cannot bind both --listen-client-urls and --listen-client-http-urls on the same url",
        ),
        _ => error,
    };
    error.help(port)
}

/// Two members behind one address: etcd says `has duplicate url`.
fn advertised_twice(subject: &Subject<'_>, said: &mut Said, found: &mut Diagnostics) {
    let mut seen: BTreeMap<String, Placed<'_>> = BTreeMap::new();
    for placed in subject.members() {
        let member = placed.member;
        let urls =
            member.initial_advertise_peer_urls.iter().chain(member.advertise_client_urls.iter());
        for url in urls {
            let Some(first) = seen.insert(url.to_string(), placed) else { continue };
            if first.index == placed.index || !said.insert((first.index, placed.index)) {
                continue;
            }
            let span = |of: Placed<'_>| {
                let name = subject.spec.members[of.index].hostname.as_ref();
                let by_name = matches!(url.host, Host::Name(_));
                name.filter(|_| by_name).map_or_else(|| subject.ip_span(of), |name| name.span)
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

fn loopback_among_others(subject: &Subject<'_>, found: &mut Diagnostics) {
    let Some(other) = subject.members().find(|m| !m.member.ip.is_loopback()) else { return };
    for placed in subject.members().filter(|m| m.member.ip.is_loopback()) {
        found.push(
            Diagnostic::error(format!(
                "`{}` is the loopback address, and `{}` cannot reach it there",
                placed.member.ip, other.member.name
            ))
            .at(subject.ip_span(placed), "others dial this address")
            .also(subject.ip_span(other), "another machine")
            .help("write the member's address on the network; its node's loopback is listened on anyway"),
        );
    }
}

/// Members on one machine go down together.
fn on_one_machine(subject: &Subject<'_>, said: &Said, found: &mut Diagnostics) {
    let mut seen: BTreeMap<Machine, Placed<'_>> = BTreeMap::new();
    for placed in subject.members().filter(|m| !m.member.ip.is_loopback()) {
        let Some(first) = seen.get(&placed.machine()) else {
            seen.insert(placed.machine(), placed);
            continue;
        };
        if said.contains(&(first.index, placed.index)) {
            continue;
        }
        found.push(
            Diagnostic::warning(format!(
                "`{}` and `{}` share the address {}: they go down together",
                first.member.name, placed.member.name, placed.member.ip
            ))
            .at(subject.ip_span(placed), "again here")
            .also(subject.ip_span(*first), "first used here")
            .help("put each member on a machine of its own"),
        );
    }
}
