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
use super::next::{Move, Next, Refusal, Wait, next};
use super::now::Now;
use super::refusal::refused;
use super::step::{Action, Step};
use super::withheld::Withheld;
use super::work::{AtOnce, Work};
use crate::running::Running;
use crate::version::EtcdVersion;
use so_far::SoFar;

pub(super) use from_file::steps as steps_from_file;
pub(super) use so_far::Typed;

/// The steps of some work; or those up to where it cannot go on, and why.
#[derive(Debug, Default)]
pub(super) struct Made {
    pub(super) steps: Vec<Step>,
    pub(super) withheld: Option<Withheld>,
}

/// Makes the steps of this work, for the cluster as it is now. `records` tells that what is compiled is to be recorded.
///
/// Their order is that of the decisions on each: `plan::next`.
pub(super) fn steps(
    work: Work,
    now: Now,
    (before, after): (&Running, &Running),
    typed: Typed<'_>,
    records: bool,
) -> Made {
    let has_alarm = work.quota.is_raised || now.alarm.is_some();
    let files = former_files(before, after);
    let program = Program { typed: typed.program, compiled: after, files: &files, has_alarm };
    let told = now.done.clone();
    let mut so_far = SoFar::new(work, now, (before, after), program, typed);
    let done = match so_far.work.at_once {
        Some(_) if so_far.is_seen && so_far.state.counts().stopped > 0 => {
            Err(all_are_needed(typed.on_node))
        }
        Some(AtOnce::Restart) => {
            around::looks(&mut so_far);
            at_once::restart_all(&mut so_far);
            Ok(())
        }
        Some(AtOnce::Restore(to)) => {
            restored(&mut so_far, to);
            Ok(())
        }
        None => one_by_one(&mut so_far),
    };
    if let Err(withheld) = done {
        // What was recorded is not known to be so: those steps would be guesses.
        let steps = if so_far.is_seen { without(so_far.steps, &told) } else { Vec::new() };
        return Made { steps, withheld: Some(withheld) };
    }
    around::disarm(&mut so_far);
    around::gone(&mut so_far);
    so_far.steps = without(so_far.steps, &told);
    if records && typed.is_whole {
        around::record(&mut so_far);
    } else if records {
        around::no_record(&mut so_far);
    }
    Made { steps: so_far.steps, withheld: None }
}

/// Leaves out steps that people have done, on which no other step depends.
fn without(steps: Vec<Step>, done: &[Action]) -> Vec<Step> {
    let is_left = |step: &Step| {
        let is_theirs = matches!(step.action, Action::Look(_) | Action::Decide(_));
        !(is_theirs && done.contains(&step.action))
    };
    steps.into_iter().filter(is_left).collect()
}

fn all_are_needed(on_node: &str) -> Withheld {
    Withheld {
        why: "all members are to be stopped at once, and not all of them are up".to_owned(),
        way: format!(
            "start those that are down first: `{on_node} doctor` on their nodes says why they are"
        ),
    }
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

/// More steps than any plan has.
const MOST: usize = 10_000;

/// Takes the next step until all is done.
fn one_by_one(so_far: &mut SoFar<'_>) -> Result<(), Withheld> {
    let mut before = None;
    loop {
        let (situation, names) = so_far.situation();
        let so_many = so_far.steps.len();
        // Two steps for clients, one after the other, leave the members as they are.
        if before.as_ref() == Some(&(situation.clone(), so_many)) || so_many > MOST {
            return Err(stands_still(&names));
        }
        let decided = next(&situation);
        before = Some((situation, so_many));
        match decided {
            Next::Step(step) => take(so_far, step, &names),
            Next::Refuse(why) => return Err(so_far.refused(why, &names)),
            Next::Wait(wait) if so_far.is_seen => waits(so_far, wait, &names),
            Next::Wait(wait) => return Err(so_far.refused(wait.overdue(), &names)),
            Next::Done => return Ok(()),
        }
    }
}

impl SoFar<'_> {
    /// Says why the plan ends here.
    fn refused(&self, why: Refusal, names: &[String]) -> Withheld {
        refused(why, names, &self.new_ids, (self.program.typed, self.on_node))
    }
}

/// Withholds a step that changes nothing: it would come for ever.
fn stands_still(names: &[String]) -> Withheld {
    Withheld {
        why: format!("the plan stands still: a mistake of this program, for {}", names.join(", ")),
        way: "report it, with cluster.toml and cluster.lock, which hold no secret".to_owned(),
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
        Move::Lead(at) => membership::lead(so_far, &names[at]),
        Move::Compact => around::compact(so_far),
        Move::Defragment(at) => around::defragment(so_far, &names[at]),
    }
}

/// Waits for what comes about by itself.
fn waits(so_far: &mut SoFar<'_>, wait: Wait, names: &[String]) {
    match wait {
        Wait::CaughtUp(at) => membership::catches_up(so_far, &names[at]),
        Wait::Leader => {
            let first = so_far.state.up().next().map(str::to_owned);
            so_far.state.leads(&first.unwrap_or_default());
        }
    }
}
