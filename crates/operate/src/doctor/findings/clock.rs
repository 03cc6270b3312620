//! The clock: against those of the others, and against the dates of the certificates.

use crate::deployed::belongs;
use crate::doctor::check::{Check, Node};
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::time::Instant;

/// From a second on etcd warns, too (`ClockDiff` in etcd's `server/etcdserver/api/rafthttp/probing_status.go`).
const DRIFT: i64 = 1000;

const SET: &str =
    "let a service set it: `timedatectl set-ntp true`, and `timedatectl` shows whether it does";

pub(super) fn clock(node: &Node<'_>) -> Check {
    let clocks = node.facts.peers.as_ref().map_or(&[][..], |peers| &peers.clocks);
    let mut findings: Vec<Diagnostic> = clocks
        .iter()
        .filter(|(_, offset)| offset.abs() >= DRIFT)
        .map(|(name, offset)| {
            let (seconds, ahead) =
                (seconds(*offset), if *offset > 0 { "ahead of" } else { "behind" });
            Diagnostic::warning(format!(
                "the clock of {} is {seconds} {ahead} this node's",
                quoted(name)
            ))
            .note("etcd's leases and certificates go by it; etcd complains from a second on")
            .help(format!("on the node whose clock is wrong, {SET}"))
        })
        .collect();
    let is_its =
        |it: &&Certificate| it.kind != Kind::Client && belongs(node.cluster(), it, node.name());
    findings
        .extend(node.compiled.certificates.iter().filter(is_its).filter_map(|it| dates(node, it)));
    let now = Instant(node.facts.now);
    let worst = clocks.iter().map(|(_, offset)| *offset).max_by_key(|offset| offset.abs());
    let seen = match worst {
        None => now.to_string(),
        Some(worst) => format!("{now}, at most {} from the others'", seconds(worst)),
    };
    Check::new("clock", seen).with(findings)
}

/// `1.25 s`.
fn seconds(milliseconds: i64) -> String {
    let size = milliseconds.unsigned_abs();
    format!("{}.{:02} s", size / 1000, size % 1000 / 10)
}

fn dates(node: &Node<'_>, it: &Certificate) -> Option<Diagnostic> {
    let (now, name) = (node.facts.now, it.name());
    if it.not_before > now {
        return Some(
            Diagnostic::error(format!(
                "the certificate of {name} is valid from {} on",
                Instant(it.not_before)
            ))
            .note(format!("by the clock of this node it is {}", Instant(now)))
            .help(format!("if that is not the time, {SET}")),
        );
    }
    (it.not_after <= now).then(|| {
        Diagnostic::error(format!("the certificate of {name} expired on {}", Instant(it.not_after)))
            .note(format!("by the clock of this node it is {}", Instant(now)))
            .help(format!("if that is not the time, {SET}"))
            .help(format!(
                "if it is: build, and bring the new files here: `{} install {}`",
                node.program,
                node.name()
            ))
    })
}
