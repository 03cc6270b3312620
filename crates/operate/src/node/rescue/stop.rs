//! The edge: etcd ends on this node, and does not start again.

use super::look::look;
use super::remains::{Held, Remains};
use crate::node::machine::{Unread, unit_name};
use crate::node::system::run;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::{Cluster, Member};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

/// How long one that is started once has, to come to what its log has.
const WHOLE: Duration = Duration::from_secs(60);
/// For how long it has to stay as it is before it is taken to be through.
const STILL: Duration = Duration::from_secs(5);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(250);

/// Ends it. A member that crashed has entries in its log that its database lacks, and that were agreed on: it is started
/// once, without the others, so that it takes them in.
///
/// # Errors
/// If it does not end.
pub(super) fn stop(
    cluster: &Cluster,
    member: &Member,
    clock: fn() -> SystemTime,
    say: &dyn Fn(&str),
) -> Result<(), Diagnostic> {
    let unit = unit_name(cluster, member);
    let looks = || look(cluster, member, clock()).map_err(unread);
    let before = looks()?;
    if !before.up && before.data.as_ref().is_some_and(is_behind) {
        say(&format!(
            "{} did not end by itself: it is started once, to take in what its log has\n",
            member.name
        ));
        run("systemctl", &["start", "--no-block", &unit])?;
        waits(&looks)?;
    }
    if before.up || before.enabled || looks()?.up {
        run("systemctl", &["disable", "--quiet", "--now", &unit])?;
    }
    if looks()?.is_ended() {
        return Ok(());
    }
    Err(Diagnostic::error(format!("{unit}.service does not end, or starts again by itself"))
        .note("its data is as it was")
        .help(format!("see what starts it: `systemctl status {unit}`, and do this again")))
}

/// Its database lacks what its log has. Before 3.5 etcd notes keys alone, and a database may say less than it has.
fn is_behind(held: &Held) -> bool {
    let log = held.log.map_or(0, |log| log.committed);
    held.database.as_ref().is_some_and(|database| database.applied < log)
}

/// Waits until it has all, or nothing moves any more.
fn waits(looks: &dyn Fn() -> Result<Remains, Diagnostic>) -> Result<(), Diagnostic> {
    let (begin, mut since, mut last) = (Instant::now(), Instant::now(), None);
    while begin.elapsed() < WHOLE && since.elapsed() < STILL {
        let held = looks()?.data;
        if held.as_ref().is_some_and(|held| held.database.is_some() && !is_behind(held)) {
            return Ok(());
        }
        let applied = held.and_then(|held| Some(held.database?.applied));
        if applied != last {
            (since, last) = (Instant::now(), applied);
        }
        sleep(PAUSE);
    }
    Ok(())
}

/// What was to be looked at cannot be.
pub(super) fn unread(Unread { path, error }: Unread) -> Diagnostic {
    Diagnostic::error(format!("{} cannot be read: {error}", path.display()))
        .help("see whether its disk is whole: `dmesg | tail`")
}
