//! The edge: whether the quorum is lost, as far as can be seen from here.

use super::answers::{Answers, answers};
use super::new::cluster_of;
use super::restore::Source;
use super::work::Rescue;
use crate::compiled::Compiled;
use crate::live::{Asking, Beside, Report, State, Writes, elsewhere, judge, looked, looked_also};
use crate::login::{self, AS_ROOT};
use bouquet_etcd::Denied;
use bouquet_model::diagnostic::Diagnostic;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long a member that was left alone may take until it knows of no leader: several election timeouts.
const FORGOTTEN: Duration = Duration::from_secs(10);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(500);

/// Checks that the cluster takes no writes, as far as can be seen from here, and returns who answers all the same.
///
/// # Errors
/// If it does, or if one that answers knows a leader: that has a quorum, which cannot be seen from here. Or if members ask
/// for another user: how they do is not known.
pub(super) fn is_lost(
    compiled: &Compiled<'_>,
    work: &Rescue,
    asking: &Asking,
) -> Result<Answers, Diagnostic> {
    let elsewhere = elsewhere(compiled, &work.basis.recorded.running);
    let begin = Instant::now();
    loop {
        let observed = looked_also(compiled, &elsewhere, asking)?;
        let report = judge(compiled, &observed, &Beside::new(&work.basis.program));
        tells(&report)?;
        let Some(votes) =
            report.votes.filter(|votes| votes.writes() == Writes::Taken || votes.is_led)
        else {
            return Ok(answers(&report, &observed));
        };
        let program = &work.basis.program;
        if votes.writes() == Writes::Taken {
            return Err(Diagnostic::error(format!(
                "{} of {} voters are up, and {} are a quorum: nothing is to be rescued",
                votes.up, votes.voters, votes.quorum
            ))
            .note("nothing was done")
            .help(format!("what is left to be done: `{program} plan`")));
        }
        // One whose leader was lost a moment ago does not know yet.
        if begin.elapsed() > FORGOTTEN {
            return Err(Diagnostic::error("a member that answers knows a leader, and a leader has a quorum")
                .note("nothing was done")
                .help(format!("ask from a machine that reaches the others, or see which do not answer: `{program} status`")));
        }
        sleep(PAUSE);
    }
}

/// Checks that no member denies to tell how it is: it may be well, and the new cluster would deny that, too.
///
/// One at which the user cannot log in for want of a quorum denies nothing, and is what is to be rescued.
///
/// # Errors
/// If one does.
pub(super) fn tells(report: &Report) -> Result<(), Diagnostic> {
    let denied = report.rows.iter().filter(|row| row.state == State::Refusing).find_map(|row| {
        let words = row.reason.as_deref()?;
        Denied::of(words).map(|_| (&row.name, words))
    });
    let Some((name, words)) = denied else { return Ok(()) };
    Err(Diagnostic::error(format!("{name} refuses to tell this client anything: {words}"))
        .note("whether the quorum is lost is not known, and the new cluster would ask for a user, too")
        .note("nothing was done")
        .help(login::help(words).unwrap_or(AS_ROOT)))
}

/// Tells whether the cluster that was restored lives, and is larger by now: the record of it is elsewhere.
pub(super) fn is_recorded_elsewhere(
    compiled: &Compiled<'_>,
    source: &Source,
    asking: &Asking,
    program: &str,
) -> Result<bool, Diagnostic> {
    let new = cluster_of(compiled.cluster, &source.name, &source.token)?;
    let new = Compiled { cluster: &new, ..*compiled };
    let votes = judge(&new, &looked(&new, asking)?, &Beside::new(program)).votes;
    Ok(votes.is_some_and(|votes| votes.voters > 1))
}

pub(super) fn later(source: &Source) -> Diagnostic {
    Diagnostic::error(format!(
        "{} was restored before, and its cluster has more members by now",
        source.name
    ))
    .note("nothing was done")
    .help("take the cluster.lock in which that is recorded, as by `git pull`, and build")
}
