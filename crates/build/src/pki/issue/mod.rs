//! Carrying out a plan: here alone are keys made and signatures.

mod entered;
mod leaf;
mod list;
mod not_here;
mod outcome;

pub(super) use entered::enter;
pub(super) use leaf::impossible_names;
pub(super) use list::list;
pub(super) use not_here::{due, not_here};
pub use outcome::{Elsewhere, Leaf, Outcome};

use super::context::{BLOCK, Context};
use super::external::ask;
use super::plan::{Item, Plan, Step};
use bouquet_lock::Issued;
use bouquet_model::certificate::Wanted;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_outdir::parallel;

/// Does what is planned; one outcome for each item, in their order.
///
/// # Errors
/// Where the system has no random numbers, or X.509 cannot carry what is wanted.
pub(super) fn carry_out(
    plan: &Plan<'_>,
    issued: &Issued,
    context: &Context<'_>,
) -> Result<Vec<Outcome>, Vec<Diagnostic>> {
    let (mut outcomes, mut errors) = (Vec::with_capacity(plan.0.len()), Vec::new());
    for result in parallel::map(&plan.0, BLOCK, |item| one(item, issued, context.now)) {
        match result {
            Ok(outcome) => outcomes.push(outcome),
            // The same cause in many leaves, such as a name that all of them have, is told once.
            Err(error) if errors.contains(&error) => {}
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(outcomes) } else { Err(errors) }
}

fn one(item: &Item<'_>, issued: &Issued, now: i64) -> Result<Outcome, Diagnostic> {
    let Item { slot, signer, step } = item;
    Ok(match step {
        Step::Keep(good) => Outcome::Leaf(leaf::keep(slot, signer, good)),
        Step::KeepDue(good, reason) => {
            let due = Some(reason.clone());
            Outcome::Leaf(Leaf { due, ..leaf::keep(slot, signer, good) })
        }
        Step::KeepOlder(good, later) => {
            let later = Some(Box::new(later.clone()));
            Outcome::Leaf(Leaf { later, ..leaf::keep(slot, signer, good) })
        }
        Step::Lock(facts) => {
            let (wanted, kept) = (slot.wanted.clone(), slot.existing.files());
            Outcome::Elsewhere(Elsewhere { wanted, facts: facts.clone(), kept })
        }
        Step::Issue(reason, key) => {
            let Wanted { owner, kind, .. } = &slot.wanted;
            let last = issued.current(owner.as_deref(), *kind).map(|(_, last)| last.not_before);
            Outcome::Leaf(leaf::issue(slot, signer, key, reason, last, now)?)
        }
        Step::Install(reason, answer) => Outcome::Leaf(leaf::install(slot, reason, answer)),
        Step::Request(reason, last) => Outcome::Requested(ask(slot, reason, last.clone())?),
    })
}
