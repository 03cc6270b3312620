//! When something is recorded.

use bouquet_lock::Recorded;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::time::Instant;

/// The last second that the lock can tell: the end of the year 9999 (RFC 3339 has four digits for a year).
const LAST: i64 = 253_402_300_799;

/// Returns when it is recorded: later than all that is recorded, whatever the clock says, so that it is what
/// was recorded last.
///
/// # Errors
/// If that is later than any moment that the lock can tell.
pub(super) fn since(recorded: &Recorded, now: i64) -> Result<i64, Diagnostic> {
    let Recorded { members, clients } = recorded;
    let members = members.iter().map(|(name, record)| (record.since, name));
    let last = members.chain(clients.iter().map(|(name, record)| (record.since, name))).max();
    let since = last.map_or(now, |(last, _)| now.max(last.saturating_add(1)));
    if since <= LAST {
        return Ok(since);
    }
    Err(match last.filter(|(last, _)| *last >= LAST) {
        Some((last, name)) => Diagnostic::error(format!(
            "cluster.lock has a record of {} since {}: nothing can be later",
            quoted(name),
            Instant(last)
        ))
        .note("of two records the later one counts")
        .help("`git log -p cluster.lock` shows where that date came from: correct it there, and in out/"),
        None => Diagnostic::error("the clock of this machine is past the year 9999")
            .help("set it: `date` shows it"),
    })
}
