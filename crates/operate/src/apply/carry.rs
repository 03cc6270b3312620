//! The edge: shows the plan, asks, and begins.

use super::agreed::Agreed;
use super::bootstrap::bootstrap;
use super::claim::{Claim, Holder};
use super::hand::Talk;
use super::journal::{Journal, Whose};
use super::nodes::brings;
use super::reached::all_are_reached;
use super::run::Run;
use super::sight::Eye;
use super::step::{Others, kind};
use super::ways::{Ways, agrees};
use super::work::Applying;
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::failure::{Failure, shown};
use crate::plan::told;
use crate::since::since_1970;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::plan::Step;
use bouquet_model::time::Instant;

/// Returns a warning where `--etcd` names a release and no step brings it to a node: what is left of a run that was
/// interrupted may be without such a step, and the same command has to do it.
fn spare_etcd(eye: &Eye<'_>, steps: &[Step]) -> Option<Diagnostic> {
    if eye.etcds.is_empty() || steps.iter().any(|step| brings(&step.action)) {
        return None;
    }
    let version = eye.compiled.cluster.version;
    let problem = Diagnostic::warning("no step brings an etcd to a node, and `--etcd` names one")
        .note(format!("all members run what cluster.toml asks for, `etcd = \"{version}\"`"))
        .help(format!("where another patch of etcd {} is meant: name that in cluster.toml, build, and do this again", version.minor()));
    Some(problem)
}

/// Shows the plan, and carries it out once a person agreed.
///
/// # Errors
/// If nothing can be planned or done, or a step fails.
pub(crate) fn carry(
    compiled: &Compiled<'_>,
    work: &Applying,
    ways: &Ways<'_>,
    environment: &Environment<'_>,
) -> Result<Exit, Failure> {
    if work.bootstrap {
        return bootstrap(compiled, work, ways);
    }
    let eye = Eye::open(compiled, work, ways.read, ways.clock)?;
    let sight = eye.sees_led(&ways.patience.between("asking the members", ways.say))?;
    let basis = &work.planning.basis;
    let plan = told(compiled, basis, (&sight.plan, Some(&sight.planned)), environment);
    (ways.say)(&plan.stderr);
    (ways.print)(&plan.stdout);
    let steps = &sight.plan.steps;
    if let Some(spare) = spare_etcd(&eye, steps) {
        (ways.say)(&shown(&spare));
    }
    if steps.is_empty() {
        return Ok(plan.exit);
    }
    if let Some(step) = steps.iter().find(|step| kind(&step.action).is_none()) {
        return Err(Diagnostic::error(format!("`apply` does not do this: {}", step.action))
            .note("all members stop at once, and a person has to be there for it")
            .help(format!("do it by hand, as `{} plan` prints it", basis.program))
            .into());
    }
    if !agrees(work, ways)? {
        return Ok(Exit::Failed);
    }
    all_are_reached(&eye, &sight, ways)?;
    let journal = Journal::take(&work.recording.package.out)?;
    let definition = compiled.cluster.digest;
    let count = steps.len();
    let holder = Holder {
        who: work.who.clone(),
        host: rustix::system::uname().nodename().to_string_lossy().into_owned(),
        since: Instant(since_1970((ways.clock)())).to_string(),
        plan: format!("{count} steps to the definition {definition}"),
    };
    let mut run = Run {
        eye: &eye,
        agreed: Agreed::new(steps, &sight.plan.withheld),
        done: Vec::new(),
        has_done_one: false,
        said: None,
        tried: Vec::new(),
        journal,
        whose: Whose { who: &work.who, definition },
        claim: None,
        without: None,
        holder,
        talk: Talk { say: ways.say, ask: ways.ask, patience: ways.patience },
        warn: ways.warn,
        others: Others { save: ways.save, record: ways.record },
        clock: ways.clock,
    };
    let exit = run.carries_out();
    let exit = match run.claim.as_ref().and_then(Claim::asked) {
        Some(code) => exit.map_err(|failure| Failure { exit: Exit::Command(code), ..failure })?,
        None => exit?,
    };
    if exit != Exit::Done {
        return Ok(exit);
    }
    if let Some(withheld) = sight.plan.withheld.first() {
        return Err(Diagnostic::error(format!("no further steps: {}", withheld.why))
            .help(withheld.way.clone())
            .into());
    }
    if !sight.plan.refused.is_empty() {
        return Err(Diagnostic::error("what is refused was not done, and nothing was recorded")
            .help(format!("`{} plan` says what it is, and the way around it", basis.program))
            .into());
    }
    (ways.say)("what is compiled runs\n");
    Ok(Exit::Done)
}
