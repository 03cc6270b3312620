//! Features that are turned on by options of their own or, since 3.6, by gates.

use super::checkpoints;
use super::gates::{GATES, is_on};
use super::subject::{Placed, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::option;
use bouquet_model::url::Host;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::net::IpAddr;

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    for placed in subject.distinct() {
        let gates = placed.list(GATES);
        option_and_gate(subject, placed, &gates, found);
        given_twice(subject, placed, &gates, found);
        checkpoints::check(subject, placed, found);
    }
    local_address(subject, found);
}

fn option_and_gate(
    subject: &Subject<'_>,
    placed: Placed<'_>,
    gates: &[Cow<'_, str>],
    found: &mut Diagnostics,
) {
    for setting in placed.member.options.iter() {
        let Some(option) = option::find(setting.name) else { continue };
        if let Some(gate) = gates.iter().find(|gate| option.clashes_with_gate(gate)) {
            found.push(
                Diagnostic::error(format!(
                    "`{}` and the feature gate `{gate}` are one option",
                    setting.name
                ))
                .at(subject.option_span(placed, setting.name), "its old name")
                .also(subject.item_span(placed, GATES, gate), "its gate")
                .help("keep the gate; etcd refuses both together"),
            );
        }
    }
}

/// etcd takes the last, without a word.
fn given_twice(
    subject: &Subject<'_>,
    placed: Placed<'_>,
    gates: &[Cow<'_, str>],
    found: &mut Diagnostics,
) {
    let name = |gate: &str| gate.split('=').next().map(str::to_owned);
    for (at, gate) in gates.iter().enumerate() {
        if let Some(first) = gates[..at].iter().find(|first| name(first) == name(gate)) {
            found.push(
                Diagnostic::error(format!("`{GATES}` has both `{first}` and `{gate}`"))
                    .at(subject.item_span(placed, GATES, gate), "")
                    .also(subject.item_span(placed, GATES, first), "first here")
                    .note("etcd would take the last of them, without a word")
                    .help("keep one of them"),
            );
        }
    }
}

/// `InferLocalAddr` in etcd's `embed/config.go`: the first address among the advertised peer URLs
/// that is not the loopback's is the one that a member dials the others from.
fn local_address(subject: &Subject<'_>, found: &mut Diagnostics) {
    const GATE: &str = "SetMemberLocalAddr";
    if subject.cluster.members.len() < 2 {
        return; // It dials nobody.
    }
    let mut said = BTreeSet::new();
    for placed in subject.members().filter(|placed| is_on(*placed, GATE)) {
        let member = placed.member;
        let bound = member.initial_advertise_peer_urls.iter().find_map(|url| match url.host {
            Host::Ip(ip) if !ip.is_loopback() && !ip.is_unspecified() => Some(ip),
            _ => None,
        });
        let Some(written) = subject.spec.members[placed.index].listen_ip.as_ref() else { continue };
        let Some(bound) = bound.filter(|ip| is_translated(*ip, member.listen_ip)) else { continue };
        if !said.insert(subject.option_span(placed, GATES)) {
            continue; // Of all that are behind NAT, one shows what is wrong.
        }
        found.push(
            Diagnostic::error(format!(
                "`{}` would dial the others from {bound}, which its node does not have",
                member.name
            ))
            .at(subject.option_span(placed, GATES), format!("`{GATE}` is on"))
            .also(written.span, "the node's own address")
            .note("etcd would start and never join: bind: cannot assign requested address")
            .help(format!(
                "leave `{GATE}` off: behind NAT the node's own address is the right one"
            )),
        );
    }
}

/// Whether a member is dialled at an address that is not on its node. One that listens on all of its
/// node's addresses, or on the loopback behind something that forwards, may have it.
fn is_translated(dialled: IpAddr, listened: IpAddr) -> bool {
    dialled != listened && !listened.is_unspecified() && !listened.is_loopback()
}
