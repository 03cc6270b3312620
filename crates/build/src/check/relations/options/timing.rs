//! Heartbeats and elections: `Validate` in etcd's `embed/config.go`.

use crate::check::relations::subject::Subject;
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
}
