//! `plan` and `diff`: the steps from what runs, or from what was recorded, to what was compiled.

use super::basis::{are_members, basis, edited, nothing_recorded};
use crate::cli::{DiffArgs, PlanArgs};
use crate::client;
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::live::Planned;
use crate::outcome::{Outcome, Work};
use crate::plan::{Form, Planning, Told, age, made, offline, reread, told};
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::plan::Wishes;
use std::path::Path;

/// Runs `plan`, which asks the members unless something is compared that need not be what runs, or they were asked
/// before.
pub(super) fn run(
    compiled: &Compiled<'_>,
    args: &PlanArgs,
    named: Option<&Path>,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let basis =
        basis(compiled, (args.from.as_deref(), form(args.json)), named, program, environment)?;
    let edited = edited("plan", compiled, named, environment);
    let is_asked = !args.offline && args.from.is_none() && args.seen.is_none();
    if basis.recorded.running.members.is_empty() && !is_asked {
        return Ok(nothing_recorded(compiled, &basis, &edited));
    }
    if args.offline || args.from.is_some() {
        return Ok(printed(&edited, offline(compiled, &basis, environment)));
    }
    are_members(compiled, &basis, &args.replace)?;
    let wishes = Wishes {
        replaced: args.replace.iter().cloned().collect(),
        accepts_downtime: args.accept_downtime,
    };
    if let Some(file) = &args.seen {
        let seen = seen(compiled, file, &basis.program, environment)?;
        let age = age(&seen, environment.now, &basis.program);
        let plan = made(compiled, &basis, (&seen, &wishes));
        let told = told(compiled, &basis, (&plan, Some(&seen)), environment);
        return Ok(printed(&(edited + &age), told));
    }
    let client = client::speaker(compiled, args.client.as_deref(), named, environment);
    if basis.recorded.running.members.is_empty() && client.is_err() {
        return Ok(nothing_recorded(compiled, &basis, &edited));
    }
    let client = client.map_err(|mut failure| {
        failure.problem = failure.problem.help(format!(
            "`{} plan --offline` compares with what is recorded, and asks nobody",
            basis.program
        ));
        failure
    })?;
    let planning = Planning { basis, client, deadline: args.deadline, wishes };
    Ok(Outcome { stderr: edited, ..Outcome::work(Work::Plan(planning)) })
}

/// Runs `diff`, which asks nobody.
pub(super) fn diff(
    compiled: &Compiled<'_>,
    args: &DiffArgs,
    named: Option<&Path>,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let basis =
        basis(compiled, (args.from.as_deref(), form(args.json)), named, program, environment)?;
    let edited = edited("diff", compiled, named, environment);
    if basis.recorded.running.members.is_empty() {
        return Ok(nothing_recorded(compiled, &basis, &edited));
    }
    Ok(printed(&edited, offline(compiled, &basis, environment)))
}

/// Reads what was seen earlier, or elsewhere; `-` is standard input.
fn seen(
    compiled: &Compiled<'_>,
    file: &Path,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Planned, Failure> {
    let (place, name) = if file == Path::new("-") {
        (Path::new("/dev/stdin").to_path_buf(), "standard input".to_owned())
    } else {
        (environment.current_dir.join(file), file.display().to_string())
    };
    let bytes = (environment.read)(&place).map_err(|error| {
        Diagnostic::error(format!("{} cannot be read: {error}", quoted(&name))).help(format!(
            "name what `{program} plan --json` printed where members can be asked, or `-` for standard input"
        ))
    })?;
    reread(compiled, &bytes, (&name, program))
}

fn printed(edited: &str, told: Told) -> Outcome {
    let Told { stdout, stderr, exit } = told;
    Outcome { stderr: edited.to_owned() + &stderr, exit, ..Outcome::data(stdout) }
}

const fn form(json: bool) -> Form {
    if json { Form::Json } else { Form::Commands }
}
