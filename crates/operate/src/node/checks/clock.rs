//! The clock: against those of the others, and against the dates of the certificates.

use super::check::{Check, Node};
use crate::compiled::Compiled;
use crate::deployed::belongs;
use bouquet_model::Member;
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::time::Instant;
use std::collections::BTreeMap;

/// From a second on etcd warns, too (`ClockDiff` in etcd's `server/etcdserver/api/rafthttp/probing_status.go`).
const DRIFT: i64 = 1000;

const SET: &str =
    "let a service set it: `timedatectl set-ntp true`, and `timedatectl` shows whether it does";

/// From a minute on a clock is wrong, whatever the network takes, in milliseconds: a certificate that is issued now is
/// not valid there yet, or one that expires still is.
const WRONG: i64 = 60_000;

pub(super) fn clock(node: &Node<'_>) -> Check {
    let clocks = node.facts.peers.as_ref().map_or(&[][..], |peers| &peers.clocks);
    let mut findings = match wrong(clocks) {
        Some(offset) => vec![wrong_here(offset)],
        None => clocks.iter().filter_map(|(name, offset)| drifts(name, *offset)).collect(),
    };
    findings.extend(dates(node.compiled, node.member, node.facts.now, &|| (node.install)("")));
    let now = Instant(node.facts.now);
    let worst = clocks.iter().map(|(_, offset)| *offset).max_by_key(|offset| offset.abs());
    let seen = match worst {
        None => format!("{now}, compared with no other node's"),
        Some(worst) => format!("{now}, at most {} from the others'", seconds(worst)),
    };
    Check::new("clock", seen).with(findings)
}

/// Returns `1.25 s`.
fn seconds(milliseconds: i64) -> String {
    let size = milliseconds.unsigned_abs();
    format!("{}.{:02} s", size / 1000, size % 1000 / 10)
}

/// Tells how far the clocks of most others are from this node's, where that is far: it is this one then.
fn wrong(clocks: &[(String, i64)]) -> Option<i64> {
    let mut offsets: Vec<i64> = clocks.iter().map(|(_, offset)| *offset).collect();
    offsets.sort_unstable();
    // The lesser one of the two in the middle.
    let middle = offsets.get(offsets.len().checked_sub(1)? / 2..=offsets.len() / 2);
    let middle = middle.into_iter().flatten().copied().min_by_key(|offset| offset.abs())?;
    (middle.abs() >= WRONG).then_some(middle)
}

fn wrong_here(offset: i64) -> Diagnostic {
    let (seconds, behind) = (seconds(offset), if offset > 0 { "behind" } else { "ahead of" });
    Diagnostic::error(format!("the clock of this node is {seconds} {behind} those of the others"))
        .note("certificates are valid by the clock: one side would refuse the other")
        .help(format!("if it is this one that is wrong, {SET}"))
        .help("if it is theirs: the same on their nodes, and before anything is installed")
}

fn drifts(name: &str, offset: i64) -> Option<Diagnostic> {
    let (seconds, ahead) = (seconds(offset), if offset > 0 { "ahead of" } else { "behind" });
    (offset.abs() >= DRIFT).then(|| {
        Diagnostic::warning(format!(
            "the clock of {} is {seconds} {ahead} this node's",
            quoted(name)
        ))
        .note("etcd's leases and certificates go by it; etcd complains from a second on")
        .help(format!("on the node whose clock is wrong, {SET}"))
    })
}

/// Returns what is wrong with the time in which a member's compiled certificates are valid.
pub(crate) fn dates(
    compiled: &Compiled<'_>,
    member: &Member,
    now: i64,
    install: &dyn Fn() -> String,
) -> Vec<Diagnostic> {
    let member = member.name.as_str();
    let is_its =
        |it: &&Certificate| it.kind != Kind::Client && belongs(compiled.cluster, it, member);
    let its = || compiled.certificates.iter().filter(is_its);
    let clock = |finding: Diagnostic| {
        finding
            .note(format!("by the clock of this node it is {}", Instant(now)))
            .help(format!("if that is not the time, {SET}"))
    };
    let early = by_time(its().filter(|it| it.not_before > now), |it| it.not_before);
    let early = early.into_iter().map(|(from, names)| {
        let (noun, verb) =
            if names.len() == 1 { ("certificate", "is") } else { ("certificates", "are") };
        let names = names.join(", ");
        clock(Diagnostic::error(format!("the {noun} of {names} {verb} valid from {from} on")))
    });
    let late = by_time(its().filter(|it| it.not_after <= now), |it| it.not_after);
    let late = late.into_iter().map(|(end, names)| {
        let noun = if names.len() == 1 { "certificate" } else { "certificates" };
        let names = names.join(", ");
        clock(Diagnostic::error(format!("the {noun} of {names} expired on {end}"))).help(format!(
            "if it is: build again, and bring the new files and program here: {}",
            install()
        ))
    });
    early.chain(late).collect()
}

/// Returns the names of certificates by a time that they have in common: one wrong clock is one finding.
fn by_time<'a>(
    certificates: impl Iterator<Item = &'a Certificate>,
    time: impl Fn(&Certificate) -> i64,
) -> BTreeMap<Instant, Vec<&'a str>> {
    let mut all = BTreeMap::<Instant, Vec<&str>>::new();
    for it in certificates {
        all.entry(Instant(time(it))).or_default().push(it.name());
    }
    all
}
