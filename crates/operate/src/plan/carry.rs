//! The edge: asks the members, and plans from what they say.

use super::told::{Basis, Told, made, told};
use crate::client::Speaker;
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::live::{Ways, asking, elsewhere, looked_also, planned};
use bouquet_model::plan::Wishes;
use std::time::Duration;

/// A plan that is made once the members were asked.
#[derive(Debug, PartialEq, Eq)]
pub struct Planning {
    pub(crate) basis: Basis,
    /// Who asks.
    pub(crate) client: Speaker,
    /// How long members have for their answers.
    pub(crate) deadline: Duration,
    pub(crate) wishes: Wishes,
}

/// Asks the members, and plans.
///
/// # Errors
/// If nobody can be asked, or if what answers is no cluster that can be planned for.
pub(crate) fn carry(
    compiled: &Compiled<'_>,
    work: &Planning,
    ways: &Ways<'_>,
    environment: &Environment<'_>,
) -> Result<Told, Failure> {
    let asking = asking(&work.client, work.deadline, ways.read, ways.clock)?;
    let asking = asking.with(ways.patience);
    let recorded = &work.basis.recorded.running;
    let elsewhere = elsewhere(compiled, recorded);
    let observed = looked_also(compiled, &elsewhere, &asking)?;
    let planned = planned(compiled, recorded, &observed, &work.basis.program)?;
    let plan = made(compiled, &work.basis, (&planned, &work.wishes));
    Ok(told(compiled, &work.basis, (&plan, Some(&planned)), environment))
}
