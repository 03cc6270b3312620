//! Addresses and names by which every machine means itself: no other machine finds a member there.

use crate::check::relations::subject::{Placed, Said, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::spec::FlagOrPort;
use bouquet_model::url::Host;
use std::net::IpAddr;

pub(super) fn addresses(subject: &Subject<'_>, found: &mut Diagnostics) {
    let Some(other) = subject.members().find(|m| !m.member.is_local()) else { return };
    for placed in subject.members().filter(|m| m.member.is_local()) {
        found.push(
            Diagnostic::error(format!(
                "`{}` is the loopback address, and `{}` cannot reach it there",
                placed.member.node(),
                other.member.name
            ))
            .at(subject.ip_span(placed), "others dial this address")
            .also(subject.ip_span(other), "another machine")
            .help("write the member's address on the network; its node's loopback is listened on anyway"),
        );
    }
}

/// Checks the address for clients likewise: a client that gets the list of members would look for it on its own
/// machine.
pub(super) fn of_clients(subject: &Subject<'_>, found: &mut Diagnostics) {
    for placed in subject.members().filter(|m| !m.member.is_local()) {
        let Some(ip) = placed.member.client_ip.filter(IpAddr::is_loopback) else { continue };
        let Some(written) = &subject.spec.members[placed.index].client_ip else { continue };
        found.push(
            Diagnostic::error(format!("`{ip}` is the loopback address, and no client reaches `{}` there", placed.member.name))
                .at(written.span, "clients dial this address")
                .note("etcd hands its members' addresses to clients, and those look on their own machine then")
                .help("write the member's address on the network of its clients; its node's loopback is listened on anyway"),
        );
    }
}

/// Finds a name for clients by which every machine means itself.
pub(super) fn names_of_clients(subject: &Subject<'_>, found: &mut Diagnostics) {
    for placed in subject.members().filter(|m| !m.member.is_local()) {
        let name = placed.member.client_hostname.as_ref().filter(|name| name.is_loopback());
        let written = subject.spec.members[placed.index].client_hostname.as_ref();
        let (Some(name), Some(written)) = (name, written) else { continue };
        found.push(
            Diagnostic::error(format!(
                "`{name}` leads every client to itself, and none reaches `{}` there",
                placed.member.name
            ))
            .at(written.span, "")
            .help("write the name of the node on the network of its clients, or leave it out"),
        );
    }
}

/// Finds `loopback` where every address is listened on, or the loopback alone.
pub(super) fn of_no_use(subject: &Subject<'_>, found: &mut Diagnostics) {
    let is_there = |m: &Placed<'_>| listens_on_loopback(*m) && !m.member.listens_apart();
    for placed in subject.members().filter(is_there) {
        let written = subject.spec.members[placed.index].loopback.as_ref();
        let Some(written) = written.filter(|written| written.value == FlagOrPort::Flag(false))
        else {
            continue;
        };
        found.push(
            Diagnostic::warning(format!(
                "`loopback = false` has no effect: `{}` listens on {}",
                placed.member.name, placed.member.listen_ip
            ))
            .at(written.span, "")
            .help("take it out, or write one address as `listen-ip`"),
        );
    }
}

/// Finds a host name by which every machine means itself. Advertised, it is what `127.0.0.1` is: anyone who dials
/// it from elsewhere reaches himself. Otherwise it says nothing of its member.
pub(super) fn names(subject: &Subject<'_>, said: &mut Said, found: &mut Diagnostics) {
    // Where the address is the loopback's too, that is said.
    for placed in subject.members().filter(|m| !m.member.is_local()) {
        let name = placed.member.hostname.as_ref().filter(|name| name.is_loopback());
        let written = subject.spec.members[placed.index].hostname.as_ref();
        let (Some(name), Some(written)) = (name, written) else { continue };
        let dials_itself = |other: &Placed<'_>| {
            other.index != placed.index
                && (other.machine() != placed.machine() || !listens_on_loopback(placed))
        };
        let Some(other) = subject.members().find(dials_itself) else { continue };
        let elsewhere = other.machine() != placed.machine();
        let mut urls = placed.member.initial_advertise_peer_urls.iter();
        if urls.any(|url| matches!(url.host, Host::Name(_))) {
            said.extend(
                subject
                    .members()
                    .filter(|m| m.index != placed.index)
                    .map(|m| (m.index.min(placed.index), m.index.max(placed.index))),
            );
            let at_loopback = "its member does not listen on the loopback";
            let theirs = if elsewhere { "another machine" } else { "dials it" };
            found.push(
                Diagnostic::error(format!(
                    "`{name}` leads every machine to itself, and `{}` cannot reach `{}` there",
                    other.member.name, placed.member.name
                ))
                .at(written.span, if elsewhere { "others dial this name" } else { at_loopback })
                .also(subject.ip_span(other), theirs)
                .help("write the name of the node on the network, or `advertise = \"ip\"`")
                .help("its node's loopback is listened on anyway, for clients on it"),
            );
        } else if elsewhere {
            found.push(
                Diagnostic::warning(format!(
                    "`{name}` is every machine's name for itself, not that of `{}`'s node",
                    placed.member.name
                ))
                .at(written.span, "")
                .help("write the name of the node on the network, or leave `hostname` out")
                .help("every certificate of a member vouches for `localhost` anyway"),
            );
        }
    }
}

fn listens_on_loopback(placed: Placed<'_>) -> bool {
    let ip = placed.member.listen_ip;
    ip.is_loopback() || ip.is_unspecified()
}
