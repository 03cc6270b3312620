//! Everybody who must talk to someone, tried at build time.
//!
//! For every ordered pair of members, and for every client and endpoint, the rules by which etcd
//! accepts a certificate are run on the certificates that the build is about to issue.

use super::allowed;
use super::trust::{accepted_from, vouches_for};
use crate::check::relations::subject::{Placed, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::certificate::{Kind, Wanted, wanted};
use bouquet_model::cluster::{Member, San};
use bouquet_model::name::HostName;
use bouquet_model::url::Host;
use std::collections::BTreeSet;
use std::net::IpAddr;

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    if names_twice(subject) {
        return; // That is said elsewhere, and whose certificate is whose cannot be told.
    }
    let all = wanted(subject.cluster);
    let names = declared_names(subject);
    let mut told = Told::new();
    for listener in subject.members() {
        let Some(certificate) = listener.presented(&all, Kind::Peer) else { continue };
        for dialler in subject.members().filter(|m| m.index != listener.index) {
            let Some(theirs) = dialler.presented(&all, Kind::Peer) else { continue };
            urls_vouched(subject, dialler.member.name.as_str(), listener, certificate, found);
            source_accepted(subject, dialler, listener, theirs, &names, &mut told, found);
        }
    }
    allowed::peers(subject, &all, found);
    for listener in subject.members() {
        let Some(certificate) = listener.presented(&all, Kind::Server) else { continue };
        for client in all.iter().filter(|w| w.kind == Kind::Client) {
            let name = client.owner.as_deref().unwrap_or_default();
            let urls = &listener.member.advertise_client_urls;
            for url in urls.iter().filter(|url| !vouches_for(certificate, &url.host)) {
                found.push(
                    Diagnostic::error(format!(
                        "client `{name}` would refuse `{}`: its certificate does not vouch for {}",
                        listener.member.name, url.host
                    ))
                    .at(subject.name_span(listener), "")
                    .help("add it to `extra-sans` of the member"),
                );
            }
        }
        allowed::clients(subject, listener, &all, found);
    }
}

/// The members of which it was reported that a certificate lacks an address, or any of the other family: with it, the
/// member is accepted by all.
type Told = BTreeSet<(usize, Option<IpAddr>)>;

fn names_twice(subject: &Subject<'_>) -> bool {
    let names: BTreeSet<_> = subject.members().map(|m| m.member.name.as_str()).collect();
    let clients: BTreeSet<_> = subject.cluster.clients.iter().map(|c| c.name.as_str()).collect();
    names.len() < subject.cluster.members.len() || clients.len() < subject.cluster.clients.len()
}

/// Returns what DNS will answer, as far as the spec says it.
fn declared_names<'a>(subject: &Subject<'a>) -> Vec<(&'a HostName, IpAddr)> {
    let named = |m: Placed<'a>| {
        let Member { ip, listen_ip, client_ip, hostname, client_hostname, .. } = m.member;
        let names = [(hostname, *ip), (hostname, Some(*listen_ip)), (client_hostname, *client_ip)];
        // One of the loopback leads to no member from another's machine.
        let declared = |(name, ip): (&'a Option<HostName>, Option<IpAddr>)| {
            name.as_ref().filter(|name| !name.is_loopback()).zip(ip)
        };
        names.into_iter().filter_map(declared)
    };
    subject.members().flat_map(named).collect()
}

fn urls_vouched(
    subject: &Subject<'_>,
    dialler: &str,
    listener: Placed<'_>,
    certificate: &Wanted,
    found: &mut Diagnostics,
) {
    let urls = &listener.member.initial_advertise_peer_urls;
    for url in urls.iter().filter(|url| !vouches_for(certificate, &url.host)) {
        found.push(
            Diagnostic::error(format!(
                "`{dialler}` would refuse `{}`: its certificate does not vouch for {}",
                listener.member.name, url.host
            ))
            .at(subject.name_span(listener), "")
            .help("add it to `extra-sans` of the member"),
        );
    }
}

/// Checks that the listener accepts the source: it compares the certificate with where the connection comes from.
fn source_accepted(
    subject: &Subject<'_>,
    dialler: Placed<'_>,
    listener: Placed<'_>,
    theirs: &Wanted,
    names: &[(&HostName, IpAddr)],
    told: &mut Told,
    found: &mut Diagnostics,
) {
    if dialler.member.is_local() && !listener.member.is_local() {
        return; // That is said elsewhere: nobody reaches it.
    }
    let skip = |name| listener.flag(name) == Some(true);
    if skip("peer-skip-client-san-verification")
        || skip("experimental-peer-skip-client-san-verification")
    {
        return;
    }
    // Of one without an address, etcd asks DNS.
    let from = dialler.member.ip.filter(|from| dials_another_family(*from, listener));
    if let Some(from) = from {
        other_family(subject, (dialler, from), listener, theirs, told, found);
        return;
    }
    for source in sources(dialler, listener) {
        if !accepted_from(theirs, source, names) && told.insert((dialler.index, Some(source))) {
            found.push(
                Diagnostic::error(format!(
                    "`{}` would refuse `{}`, whose certificate does not vouch for its address {source}",
                    listener.member.name, dialler.member.name
                ))
                .at(subject.ip_span(dialler), "")
                .help(format!("add `{source}` to `extra-sans` of `{}`", dialler.member.name)),
            );
        }
    }
}

/// Tells whether a member of that address dials one of the other family. A name may lead to either.
fn dials_another_family(from: IpAddr, listener: Placed<'_>) -> bool {
    let urls = &listener.member.initial_advertise_peer_urls;
    let other = |host: &Host| matches!(host, Host::Ip(ip) if ip.is_ipv4() != from.is_ipv4());
    !listener.member.is_local() && urls.iter().any(|url| other(&url.host))
}

/// Finds a connection that comes from an address that `ip` does not say: the certificate has to name it, or a name
/// that leads there.
fn other_family(
    subject: &Subject<'_>,
    (dialler, from): (Placed<'_>, IpAddr),
    listener: Placed<'_>,
    theirs: &Wanted,
    told: &mut Told,
    found: &mut Diagnostics,
) {
    let four = from.is_ipv4();
    let somebodys = |ip: IpAddr| subject.members().any(|m| m.member.ip == Some(ip));
    let own = |san: &San| matches!(san, San::Ip(ip) if ip.is_ipv4() != four && !ip.is_loopback() && !somebodys(*ip));
    let vouched = dialler.member.hostname.is_some() || theirs.sans.iter().any(own);
    if vouched || !told.insert((dialler.index, None)) {
        return;
    }
    let family = if four { "IPv6" } else { "IPv4" };
    let (from, to) = (&dialler.member.name, &listener.member.name);
    found.push(
        Diagnostic::error(format!(
            "`{to}` would refuse `{from}`, which dials an {family} address from one that its certificate does not vouch for"
        ))
        .at(subject.ip_span(dialler), format!("not {family}"))
        .also(subject.ip_span(listener), family)
        .note("etcd compares a member's certificate with where its connection comes from")
        .help(format!("add the {family} address of `{from}` to its `extra-sans`")),
    );
}

/// Returns where a member's connections come from: its own address, the one that a translation gives it,
/// and the loopback where both are on one machine.
fn sources(dialler: Placed<'_>, listener: Placed<'_>) -> Vec<IpAddr> {
    let (from, to) = (dialler.member, listener.member);
    let mut sources: Vec<IpAddr> = from.ip.into_iter().chain([from.listen_ip]).collect();
    if to.is_local() || to.shares_node(from) {
        sources.push(match to.ip {
            Some(IpAddr::V6(_)) => IpAddr::V6(std::net::Ipv6Addr::LOCALHOST),
            Some(IpAddr::V4(_)) | None => IpAddr::from([127, 0, 0, 1]),
        });
    }
    sources.retain(|ip| !ip.is_unspecified());
    sources.sort_unstable();
    sources.dedup();
    sources
}
