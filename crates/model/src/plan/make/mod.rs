//! The making of a plan: which steps come, in which order.

mod around;
mod at_once;
mod from_file;
mod membership;
mod restarts;
mod so_far;

use super::commands::{Program, former_files};
use super::step::Step;
use super::work::{AtOnce, Work};
use crate::running::Running;
use crate::version::EtcdVersion;
use so_far::SoFar;

pub(super) use from_file::steps as steps_from_file;
pub(super) use so_far::Typed;

/// Returns the steps of this work.
///
/// Certificates come first, because a member may be restarted at any time; then members
/// join, clients get to know them and forget those that leave, and only then these go. What a restart
/// takes comes last, and after it what can only be done once all were restarted.
pub(super) fn steps(work: Work, before: &Running, after: &Running, typed: Typed<'_>) -> Vec<Step> {
    if work == Work::default() {
        return Vec::new();
    }
    let has_alarm = work.quota.is_raised;
    let files = former_files(before, after);
    let Typed { program, ids, .. } = typed;
    let program = Program { typed: program, ids, compiled: after, files: &files, has_alarm };
    let mut so_far = SoFar::new(work, before, after, program, typed);
    match so_far.work.at_once {
        Some(AtOnce::Restart) => {
            around::looks(&mut so_far);
            at_once::restart_all(&mut so_far);
        }
        Some(AtOnce::Restore(to)) => restored(&mut so_far, to),
        None => one_by_one(&mut so_far),
    }
    around::disarm(&mut so_far);
    around::gone(&mut so_far);
    if typed.is_whole {
        around::record(&mut so_far);
    } else {
        around::no_record(&mut so_far);
    }
    so_far.steps
}

fn restored(so_far: &mut SoFar<'_>, to: EtcdVersion) {
    around::looks(so_far);
    around::certificates(so_far);
    around::between(so_far);
    at_once::restore(so_far, to);
    around::endpoints(so_far);
}

fn one_by_one(so_far: &mut SoFar<'_>) {
    around::looks(so_far);
    around::snapshot(so_far);
    around::certificates(so_far);
    around::between(so_far);
    membership::founders(so_far);
    membership::joins(so_far);
    around::endpoints_if_safe(so_far);
    membership::leaves(so_far);
    membership::moves(so_far);
    // Those whose addresses were taken until now.
    membership::joins(so_far);
    restarts::rounds(so_far);
    around::endpoints(so_far);
}
