//! Heartbeats and elections: `checkBindURLs`' neighbour `Validate` in etcd's `embed/config.go`.

use super::subject::Subject;
use crate::diagnostic::{Diagnostic, Diagnostics};

const HEARTBEAT: &str = "heartbeat-interval";
const ELECTION: &str = "election-timeout";

/// etcd's defaults, in milliseconds.
const DEFAULTS: [(&str, i64); 2] = [(HEARTBEAT, 100), (ELECTION, 1000)];

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    for placed in subject.distinct() {
        let [heartbeat, election] =
            DEFAULTS.map(|(name, default)| placed.int(name).unwrap_or(default));
        if election >= 5 * heartbeat {
            continue;
        }
        let written = if placed.int(ELECTION).is_some() { ELECTION } else { HEARTBEAT };
        found.push(
            Diagnostic::error(format!(
                "an election timeout of {election} ms is less than five heartbeats of {heartbeat} ms"
            ))
            .at(subject.option_span(placed, written), "")
            .note("etcd: --election-timeout should be at least as 5 times as --heartbeat-interval")
            .help(format!(
                "write `{ELECTION} = {}` or more; ten round trips between the members is usual",
                10 * heartbeat
            )),
        );
    }
    for (name, default) in DEFAULTS {
        agree(subject, name, default, found);
    }
}

/// etcd's documentation: these are to be the same on all members.
fn agree(subject: &Subject<'_>, name: &str, default: i64, found: &mut Diagnostics) {
    let mut members = subject.members();
    let Some(first) = members.next() else { return };
    let value = |m: super::subject::Placed<'_>| m.int(name).unwrap_or(default);
    if let Some(other) = members.find(|m| value(*m) != value(first)) {
        found.push(
            Diagnostic::error(format!(
                "`{name}` differs between members: {} on `{}`, {} on `{}`",
                value(first),
                first.member.name,
                value(other),
                other.member.name
            ))
            .at(subject.option_span(other, name), "")
            .also(subject.option_span(first, name), "")
            .note("members that wait differently long elect leaders for ever")
            .help(format!("write `{name}` once, under [etcd]")),
        );
    }
}
