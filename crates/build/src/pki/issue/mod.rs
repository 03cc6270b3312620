//! Carrying out a plan: here alone are keys made and signatures.

mod leaf;
mod list;
mod outcome;

pub(super) use leaf::impossible_names;
pub(super) use list::list;
pub use outcome::{Leaf, Outcome};

use super::context::{BLOCK, Context};
use super::external::ask;
use super::plan::{Item, Plan, Step};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_outdir::parallel;

/// Does what is planned; one outcome for each item, in their order.
///
/// # Errors
/// Where the system has no random numbers, or X.509 cannot carry what is wanted.
pub(super) fn carry_out(
    plan: &Plan<'_>,
    context: &Context<'_>,
) -> Result<Vec<Outcome>, Vec<Diagnostic>> {
    let (mut outcomes, mut errors) = (Vec::with_capacity(plan.0.len()), Vec::new());
    for result in parallel::map(&plan.0, BLOCK, |item| one(item, context.now)) {
        match result {
            Ok(outcome) => outcomes.push(outcome),
            // The same cause in many leaves, such as a name that all of them have, is told once.
            Err(error) if errors.contains(&error) => {}
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(outcomes) } else { Err(errors) }
}

fn one(item: &Item<'_>, now: i64) -> Result<Outcome, Diagnostic> {
    let Item { slot, signer, step } = item;
    Ok(match step {
        Step::Keep(good) => Outcome::Leaf(leaf::keep(slot, signer, good)),
        Step::Issue(reason, issuer) => {
            Outcome::Leaf(leaf::issue(slot, signer, issuer, reason, now)?)
        }
        Step::Install(reason, answer) => Outcome::Leaf(leaf::install(slot, reason, answer)),
        Step::Request(reason) => Outcome::Requested(ask(slot, reason)?),
    })
}
