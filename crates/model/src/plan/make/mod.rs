//! The making of a plan: which steps come, in which order.

mod around;
mod at_once;
mod from_file;
mod left;
mod membership;
mod restarts;
mod situation;
mod so_far;

use super::commands::{Program, former_files};
use super::next::{Move, Next, next};
use super::refusal::refused;
use super::step::Step;
use super::withheld::Withheld;
use super::work::{AtOnce, Work};
use crate::running::Running;
use crate::version::EtcdVersion;
use so_far::SoFar;

pub(super) use from_file::steps as steps_from_file;
pub(super) use so_far::Typed;

/// Returns the steps of this work.
///
/// Their order is that of the decisions on each: `plan::next`.
///
/// # Errors
///
/// Why there are none.
pub(super) fn steps(
    work: Work,
    before: &Running,
    after: &Running,
    typed: Typed<'_>,
) -> Result<Vec<Step>, Withheld> {
    if work == Work::default() {
        return Ok(Vec::new());
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
        None => one_by_one(&mut so_far)?,
    }
    around::disarm(&mut so_far);
    around::gone(&mut so_far);
    if typed.is_whole {
        around::record(&mut so_far);
    } else {
        around::no_record(&mut so_far);
    }
    Ok(so_far.steps)
}

fn restored(so_far: &mut SoFar<'_>, to: EtcdVersion) {
    around::looks(so_far);
    for name in so_far.left.copies.clone() {
        around::copy_now(so_far, &name);
    }
    while !so_far.left.client_files.is_empty() || so_far.left.between {
        around::clients_now(so_far);
    }
    at_once::restore(so_far, to);
    around::endpoints(so_far);
}

/// Takes the next step until all is done.
fn one_by_one(so_far: &mut SoFar<'_>) -> Result<(), Withheld> {
    loop {
        let (situation, names) = so_far.situation();
        match next(&situation) {
            Next::Step(step) => take(so_far, step, &names),
            Next::Refuse(why) => return Err(refused(why, &names)),
            Next::Wait(wait) => return Err(refused(wait.overdue(), &names)),
            Next::Done => return Ok(()),
        }
    }
}

fn take(so_far: &mut SoFar<'_>, step: Move, names: &[String]) {
    let new = |so_far: &SoFar<'_>, at: usize| so_far.work.new_name(&names[at]);
    match step {
        Move::Look => around::looks(so_far),
        Move::Snapshot => around::snapshot(so_far),
        Move::Copy(at) => around::copy_now(so_far, &new(so_far, at)),
        Move::Start(at) => membership::start(so_far, &names[at]),
        Move::Add(at) => membership::add(so_far, &names[at]),
        Move::Promote(at) => membership::promote(so_far, &names[at]),
        Move::Remove(at) => membership::remove(so_far, &names[at]),
        Move::Retire(at) => membership::retire(so_far, &names[at]),
        Move::Readdress(at) => membership::readdress_now(so_far, &new(so_far, at)),
        Move::Restart(at) => restarts::restart_now(so_far, &new(so_far, at)),
        Move::Clients => around::clients_now(so_far),
        Move::Announce => restarts::announce(so_far),
        Move::Disarm => around::disarm(so_far),
        // Who leads, and how full they are, nobody was asked.
        Move::Lead(_) | Move::Compact | Move::Defragment(_) => {}
    }
}
