//! Whether a cluster can be recorded as one that another tool has set up.

use super::work::Recording;
use crate::package::SPEC;
use bouquet_lock::Lock;
use bouquet_model::diagnostic::{Diagnostic, quoted};

/// Refuses it of one that is to be founded by what is compiled, or that is recorded already.
///
/// # Errors
/// If it is either.
pub(super) fn check(work: &Recording, before: &Lock) -> Result<(), Diagnostic> {
    if !work.adopted {
        return Ok(());
    }
    let program = &work.program;
    let recorded = before.recorded.running().members;
    if let Some(name) = recorded.keys().next() {
        return Err(Diagnostic::error(format!("cluster.lock records that {} runs", quoted(name)))
            .note("a cluster is taken over once: what it runs with follows from its records since then")
            .help(format!("what is left to be done: `{program} plan`; once all is: `{program} done`")));
    }
    let mut members = work.compiled.members.iter();
    let founds = members.find(|(_, it)| it.option("initial-cluster-state") == Some("new"));
    let Some((name, _)) = founds else { return Ok(()) };
    Err(Diagnostic::error(format!("{SPEC} has {} found the cluster", quoted(name)))
        .note("the IDs of its members would follow from it, and those that run have others")
        .help("where it runs: write `state = \"existing\"` under [cluster], as `adopt` does, and build")
        .help(format!("where it was built from this {SPEC}: `{program} done`")))
}
