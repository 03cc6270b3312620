//! Everybody who must talk to somebody, tried at build time.
//!
//! For every ordered pair of members, and for every client and endpoint, the rules by which etcd
//! accepts a certificate are run on the certificates that the build is about to issue.

use super::trust::{accepted_from, matches, vouches_for};
use super::{Placed, Proof};
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::certificate::{Kind, Wanted, wanted};
use bouquet_model::name::HostName;
use bouquet_model::url::Host;
use std::net::IpAddr;

pub(super) fn check(proof: &Proof<'_>, found: &mut Diagnostics) {
    let all = wanted(proof.cluster);
    let names = declared_names(proof);
    for listener in proof.members() {
        let Some(certificate) = presented(&all, listener, Kind::Peer) else { continue };
        for dialler in proof.members().filter(|m| m.index != listener.index) {
            let Some(theirs) = presented(&all, dialler, Kind::Peer) else { continue };
            urls_vouched(proof, dialler.member.name.as_str(), listener, certificate, found);
            source_accepted(proof, dialler, listener, theirs, &names, found);
            allowed_peers(proof, dialler, listener, theirs, found);
        }
    }
    for listener in proof.members() {
        let Some(certificate) = presented(&all, listener, Kind::Server) else { continue };
        for client in all.iter().filter(|w| w.kind == Kind::Client) {
            let name = client.owner.as_deref().unwrap_or_default();
            let urls = &listener.member.advertise_client_urls;
            for url in urls.iter().filter(|url| !vouches_for(certificate, &url.host)) {
                found.push(
                    Diagnostic::error(format!(
                        "client `{name}` would refuse `{}`: its certificate does not vouch for {}",
                        listener.member.name, url.host
                    ))
                    .at(proof.name_span(listener), "")
                    .help("add it to `extra-sans` of the member"),
                );
            }
        }
        allowed_clients(proof, listener, &all, found);
    }
}

fn presented<'a>(all: &'a [Wanted], placed: Placed<'_>, kind: Kind) -> Option<&'a Wanted> {
    let name = placed.member.name.as_str();
    all.iter().find(|w| {
        let owned = w.owner.as_deref().is_none_or(|owner| owner == name);
        owned && (w.kind == kind || w.kind == Kind::ServerAndPeer)
    })
}

/// What DNS will answer, as far as the spec says it.
fn declared_names<'a>(proof: &Proof<'a>) -> Vec<(&'a HostName, IpAddr)> {
    let named = |m: Placed<'a>| {
        let name = m.member.hostname.as_ref();
        name.into_iter().flat_map(move |name| [(name, m.member.ip), (name, m.member.listen_ip)])
    };
    proof.members().flat_map(named).collect()
}

fn urls_vouched(
    proof: &Proof<'_>,
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
            .at(proof.name_span(listener), "")
            .help("add it to `extra-sans` of the member"),
        );
    }
}

/// The listener compares the certificate with where the connection comes from.
fn source_accepted(
    proof: &Proof<'_>,
    dialler: Placed<'_>,
    listener: Placed<'_>,
    theirs: &Wanted,
    names: &[(&HostName, IpAddr)],
    found: &mut Diagnostics,
) {
    let skip = |name| listener.flag(name) == Some(true);
    if skip("peer-skip-client-san-verification")
        || skip("experimental-peer-skip-client-san-verification")
    {
        return;
    }
    for source in sources(dialler, listener) {
        if !accepted_from(theirs, source, names) {
            found.push(
                Diagnostic::error(format!(
                    "`{}` would refuse `{}`, whose certificate does not vouch for its address {source}",
                    listener.member.name, dialler.member.name
                ))
                .at(proof.ip_span(dialler), "")
                .help(format!("add `{source}` to `extra-sans` of `{}`", dialler.member.name)),
            );
        }
    }
}

/// Where a member's connections come from: its own address, the one that a translation gives it,
/// and the loopback where both are on one machine.
fn sources(dialler: Placed<'_>, listener: Placed<'_>) -> Vec<IpAddr> {
    let (from, to) = (dialler.member, listener.member);
    let mut sources = vec![from.ip, from.listen_ip];
    if to.ip.is_loopback() || to.ip == from.ip {
        sources.push(match to.ip {
            IpAddr::V4(_) => IpAddr::from([127, 0, 0, 1]),
            IpAddr::V6(_) => IpAddr::V6(std::net::Ipv6Addr::LOCALHOST),
        });
    }
    sources.retain(|ip| !ip.is_unspecified());
    sources.sort_unstable();
    sources.dedup();
    sources
}

/// `peer-cert-allowed-cn` and `-hostname`: etcd holds both sides of a connection to them.
fn allowed_peers(
    proof: &Proof<'_>,
    dialler: Placed<'_>,
    listener: Placed<'_>,
    theirs: &Wanted,
    found: &mut Diagnostics,
) {
    const CN: &str = "peer-cert-allowed-cn";
    const HOST: &str = "peer-cert-allowed-hostname";
    let (names, hosts) = (listener.list(CN), listener.list(HOST));
    let refuse = |option: &str, what: String| {
        Diagnostic::error(format!(
            "`{}` would refuse `{}`: {what}",
            listener.member.name, dialler.member.name
        ))
        .at(proof.option_span(listener, option), "")
    };
    if !names.is_empty() && !hosts.is_empty() {
        found.push(
            Diagnostic::error(format!("`{CN}` and `{HOST}` exclude each other"))
                .at(proof.option_span(listener, CN), "")
                .also(proof.option_span(listener, HOST), "")
                .help("keep one of them"),
        );
    } else if !names.is_empty() && names.iter().all(|name| *name != theirs.common_name) {
        let what = format!("the common name `{}` is not in `{CN}`", theirs.common_name);
        found.push(refuse(CN, what).help(format!(
            "add `{}`, or remove the option: the CA vouches for this cluster's members alone",
            theirs.common_name
        )));
    } else if !hosts.is_empty() && hosts.iter().all(|host| !names_host(theirs, host)) {
        let what = format!("none of `{HOST}` is in its certificate");
        found.push(
            refuse(HOST, what)
                .help("add a name to `extra-sans` under [tls] that all members then carry"),
        );
    }
}

/// Clients here have no SANs, so a demand for a host name shuts all of them out.
fn allowed_clients(
    proof: &Proof<'_>,
    listener: Placed<'_>,
    all: &[Wanted],
    found: &mut Diagnostics,
) {
    const HOST: &str = "client-cert-allowed-hostname";
    let hosts = listener.list(HOST);
    if hosts.is_empty() || proof.writers(HOST).iter().all(|w| w.index != listener.index) {
        return;
    }
    let clients = all.iter().filter(|w| w.kind == Kind::Client);
    let refused: Vec<_> = clients.filter(|c| hosts.iter().all(|h| !names_host(c, h))).collect();
    if let Some(first) = refused.first() {
        let name = first.owner.as_deref().unwrap_or_default();
        let others = match refused.len() - 1 {
            0 => String::new(),
            1 => " and one more client".to_owned(),
            n => format!(" and {n} more clients"),
        };
        found.push(
            Diagnostic::error(format!(
                "`{}` would refuse client `{name}`{others}: `{HOST}` asks for a host name",
                listener.member.name
            ))
            .at(proof.option_span(listener, HOST), "client certificates carry none")
            .help("remove it; who may do what is a matter of etcd's own users and roles"),
        );
    }
    if listener.flag("enable-grpc-gateway") != Some(false) {
        found.push(
            Diagnostic::error(format!("`{HOST}` breaks the JSON gateway"))
                .at(
                    proof.option_span(listener, HOST),
                    "the gateway dials its own member, and is refused",
                )
                .help("add `enable-grpc-gateway = false`, or remove the option"),
        );
    }
}

fn names_host(certificate: &Wanted, host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(ip) => vouches_for(certificate, &Host::Ip(ip)),
        Err(_) => certificate.sans.iter().any(|san| match san {
            bouquet_model::cluster::San::Dns(pattern) => matches(pattern, host),
            bouquet_model::cluster::San::Ip(_) => false,
        }),
    }
}
