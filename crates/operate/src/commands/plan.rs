//! `plan` and `diff`: the steps from what runs, or from what was recorded, to what was compiled.

use super::done::recording;
use crate::apply::Applying;
use crate::cli::{ApplyArgs, DiffArgs, PlanArgs};
use crate::client;
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::failure::{Failure, shown};
use crate::names;
use crate::outcome::{Outcome, Work};
use crate::package::{SPEC, find as find_package};
use crate::plan::{Basis, Form, Planning, Told, offline, recorded};
use crate::show::{HINT, paint};
use crate::typed::typed;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::plan::Wishes;
use bouquet_x509::fingerprint;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// `plan`, which asks the members unless something is compared that need not be what runs.
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
    if basis.recorded.running.members.is_empty() {
        return Ok(nothing_recorded(&basis, &edited));
    }
    if args.offline || args.from.is_some() {
        return Ok(printed(&edited, offline(compiled, &basis, environment)));
    }
    are_members(compiled, &basis, &args.replace)?;
    let client = client::files(compiled, args.client.as_deref(), named, environment);
    let client = client.map_err(|mut failure| {
        failure.problem = failure.problem.help(format!(
            "`{} plan --offline` compares with what is recorded, and asks nobody",
            basis.program
        ));
        failure
    })?;
    let wishes = Wishes {
        replaced: args.replace.iter().cloned().collect(),
        accepts_downtime: args.accept_downtime,
    };
    let planning = Planning { basis, client, deadline: args.deadline, wishes };
    Ok(Outcome { stderr: edited, ..Outcome::work(Work::Plan(planning)) })
}

/// Refuses names that are neither recorded nor compiled.
fn are_members(compiled: &Compiled<'_>, basis: &Basis, named: &[String]) -> Result<(), Failure> {
    let recorded = basis.recorded.running.members.keys().map(String::as_str);
    let compiled_ones = compiled.cluster.members.iter().map(|member| member.name.as_str());
    let members: BTreeSet<&str> = recorded.chain(compiled_ones).collect();
    let members: Vec<&str> = members.into_iter().collect();
    match named.iter().find(|name| !members.contains(&name.as_str())) {
        Some(unknown) => Err(names::unknown(unknown, "member", &members)),
        None => Ok(()),
    }
}

/// `apply`, which plans from what the members say, and does it.
pub(super) fn apply(
    compiled: &Compiled<'_>,
    args: &ApplyArgs,
    named: Option<&Path>,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let basis = basis(compiled, (None, Form::Table), named, program, environment)?;
    let edited = edited("apply", compiled, named, environment);
    match (basis.recorded.running.members.is_empty(), args.bootstrap) {
        (true, false) => return Ok(not_made(&basis, &edited)),
        (false, true) => return Err(made_already(&basis).into()),
        _ => {}
    }
    if !edited.is_empty() {
        // What is done would be recorded as what that text says.
        let program = typed(program, environment);
        return Err(Diagnostic::error("cluster.toml is not what this program was built from")
            .note("nothing was done")
            .help(format!(
                "build first: `cargo run -- apply`; or take the edit back, and {program} apply"
            ))
            .into());
    }
    are_members(compiled, &basis, &args.replace)?;
    are_members(compiled, &basis, args.only.as_slice())?;
    let client = client::files(compiled, args.client.as_deref(), named, environment)?;
    let wishes = Wishes {
        replaced: args.replace.iter().cloned().collect(),
        accepts_downtime: args.accept_downtime,
    };
    let variable = |name| (environment.variable)(name).and_then(|it| it.into_string().ok());
    Ok(Outcome::work(Work::Apply(Applying {
        planning: Planning { basis, client, deadline: args.deadline, wishes },
        recording: recording(compiled, named, program, environment)?,
        bootstrap: args.bootstrap,
        yes: args.yes,
        until: args.until,
        pause: args.pause,
        only: args.only.clone(),
        node_program: args.node_program.clone(),
        hook: args.hook.clone(),
        wait: args.wait,
        home: variable("HOME")
            .map(PathBuf::from)
            .unwrap_or_else(|| environment.current_dir.clone()),
        who: variable("SUDO_USER")
            .or_else(|| variable("USER"))
            .unwrap_or_else(|| "somebody".to_owned()),
    })))
}

/// `diff`, which asks nobody.
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
        return Ok(nothing_recorded(&basis, &edited));
    }
    Ok(printed(&edited, offline(compiled, &basis, environment)))
}

fn printed(edited: &str, told: Told) -> Outcome {
    let Told { stdout, stderr, exit } = told;
    Outcome { stderr: edited.to_owned() + &stderr, exit, ..Outcome::data(stdout) }
}

const fn form(json: bool) -> Form {
    if json { Form::Json } else { Form::Commands }
}

fn basis(
    compiled: &Compiled<'_>,
    (from, form): (Option<&str>, Form),
    named: Option<&Path>,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Basis, Failure> {
    let recorded = recorded(compiled, from, named, environment)?;
    let (program, named) = (typed(program, environment), named.map(Path::to_path_buf));
    Ok(Basis { recorded, program, named, form })
}

/// Says so where `cluster.toml` is another text than the one that the program was built from.
fn edited(
    word: &str,
    compiled: &Compiled<'_>,
    named: Option<&Path>,
    environment: &Environment<'_>,
) -> String {
    let text = find_package(named, environment)
        .ok()
        .and_then(|package| (environment.read)(&package.folder.join(SPEC)).ok());
    let source = compiled.cluster.source.zip(text);
    let is_edited = source.is_some_and(|(source, text)| source.0 != fingerprint(&text));
    if is_edited { shown(&former_text(word)) } else { String::new() }
}

fn former_text(word: &str) -> Diagnostic {
    Diagnostic::warning("cluster.toml is not what this program was built from".to_owned())
        .note("what follows is of the former text")
        .help(format!("build first: `cargo run -- {word}`"))
}

/// The way to a cluster that is not recorded, besides.
fn not_made(basis: &Basis, edited: &str) -> Outcome {
    let mut outcome = nothing_recorded(basis, edited);
    let program = &basis.program;
    let help = format!("where no member was ever started: `{program} apply --bootstrap`");
    outcome.stderr += &format!("{} {help}\n", paint(HINT, "help:"));
    outcome
}

fn made_already(basis: &Basis) -> Diagnostic {
    let members = basis.recorded.running.members.keys().map(String::as_str);
    let members: Vec<&str> = members.collect();
    Diagnostic::error(format!("{} records that {} run", basis.recorded.name, members.join(", ")))
        .note("to make the cluster once more would not be to join it; nothing was done")
        .help(format!("what is to be changed in it: `{} apply`", basis.program))
}

fn nothing_recorded(basis: &Basis, edited: &str) -> Outcome {
    let (name, program) = (&basis.recorded.name, &basis.program);
    let problem = Diagnostic::warning(format!(
        "{name} records no member as running: there is nothing to compare"
    ));
    let problem = problem
        .help(format!("once what is compiled is on the machines: `{program} done`"))
        .help(
            "where cluster.toml was edited since: take the edit back, build, record, and then edit again",
        );
    let stderr = edited.to_owned() + &shown(&problem);
    Outcome { stderr, exit: Exit::Unknown, ..Outcome::data(String::new()) }
}
