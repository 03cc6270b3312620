//! The edge: asks the members, and plans from what they say.

use super::told::{Basis, Told, made, told};
use super::unrecorded::unrecorded;
use crate::client::Speaker;
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::failure::{Failure, shown};
use crate::live::{
    Beside, Report, State, Ways, asking, elsewhere, judge, looked, looked_also, planned,
};
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
    let recorded = &work.basis.recorded.running;
    if recorded.members.is_empty() {
        return Ok(nothing_recorded(compiled, work, ways));
    }
    let asking = asking(&work.client, work.deadline, ways.read, ways.clock)?;
    let asking = asking.with(ways.patience);
    let elsewhere = elsewhere(compiled, recorded);
    let observed = looked_also(compiled, &elsewhere, &asking)?;
    let planned = planned(compiled, recorded, &observed, &work.basis.program)?;
    let plan = made(compiled, &work.basis, (&planned, &work.wishes));
    Ok(told(compiled, &work.basis, (&plan, Some(&planned)), environment))
}

/// Asks who runs, and says what to record first: all that do, but for those that are to be replaced.
fn nothing_recorded(compiled: &Compiled<'_>, work: &Planning, ways: &Ways<'_>) -> Told {
    // Who cannot be asked is not seen to run.
    let asking = asking(&work.client, work.deadline, ways.read, ways.clock).ok();
    let seen = asking.and_then(|it| looked(compiled, &it.with(ways.patience)).ok());
    let report = seen.map(|seen| judge(compiled, &seen, &Beside::new(&work.basis.program)));
    let running = report.as_ref().map_or_else(Vec::new, |report| runs(report, &work.wishes));
    let problem = unrecorded(compiled, &work.basis, &running);
    Told { stdout: String::new(), stderr: shown(&problem), exit: Exit::Unknown }
}

/// Returns the names of those that run, as compiled members, and go on.
fn runs<'a>(report: &'a Report, wishes: &Wishes) -> Vec<&'a str> {
    let rows = report.rows.iter().filter(|row| row.is_compiled && row.state == State::Up);
    let names = rows.map(|row| row.name.as_str());
    names.filter(|name| !wishes.replaced.contains(*name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::tests::scene::Scene;
    use bouquet_etcd::Reach;

    #[test]
    fn those_that_run_are_recorded_first_and_not_the_one_that_is_replaced() {
        let report = Scene::healthy().gone("pink", Reach::NoListener).report();
        assert_eq!(runs(&report, &Wishes::default()), ["daffodil", "orange"]);
        let replaced = ["daffodil".to_owned()].into();
        assert_eq!(runs(&report, &Wishes { replaced, ..Wishes::default() }), ["orange"]);
    }
}
