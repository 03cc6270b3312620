//! `plan` and `diff`: the steps from what runs, or from what was recorded, to what was compiled.

use crate::cli::{DiffArgs, PlanArgs};
use crate::client;
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::failure::{Failure, shown};
use crate::names;
use crate::outcome::{Outcome, Work};
use crate::package::{SPEC, find as find_package};
use crate::plan::{Basis, Planning, Told, offline, recorded};
use crate::typed::typed;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::plan::Wishes;
use bouquet_x509::fingerprint;
use std::collections::BTreeSet;
use std::path::Path;

/// `plan`, which asks the members unless something is compared that need not be what runs.
pub(super) fn run(
    compiled: &Compiled<'_>,
    args: &PlanArgs,
    named: Option<&Path>,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let basis = basis(compiled, (args.from.as_deref(), args.json), named, program, environment)?;
    let edited = edited("plan", compiled, named, environment);
    if basis.recorded.running.members.is_empty() {
        return Ok(nothing_recorded(&basis, &edited));
    }
    if args.offline || args.from.is_some() {
        return Ok(printed(&edited, offline(compiled, &basis, environment)));
    }
    let recorded = basis.recorded.running.members.keys().map(String::as_str);
    let compiled_ones = compiled.cluster.members.iter().map(|member| member.name.as_str());
    let members: BTreeSet<&str> = recorded.chain(compiled_ones).collect();
    let members: Vec<&str> = members.into_iter().collect();
    if let Some(unknown) = args.replace.iter().find(|name| !members.contains(&name.as_str())) {
        return Err(names::unknown(unknown, "member", &members));
    }
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

/// `diff`, which asks nobody.
pub(super) fn diff(
    compiled: &Compiled<'_>,
    args: &DiffArgs,
    named: Option<&Path>,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let basis = basis(compiled, (args.from.as_deref(), args.json), named, program, environment)?;
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

fn basis(
    compiled: &Compiled<'_>,
    (from, json): (Option<&str>, bool),
    named: Option<&Path>,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Basis, Failure> {
    let recorded = recorded(compiled, from, named, environment)?;
    let (program, named) = (typed(program, environment), named.map(Path::to_path_buf));
    Ok(Basis { recorded, program, named, json })
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
