//! `plan` and `diff`: the steps from what was recorded as running to what was compiled.

mod files;
mod text;
mod view;

use super::recorded::{self, Recorded};
use crate::cli::{DiffArgs, PlanArgs};
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::failure::{Failure, shown};
use crate::outcome::Outcome;
use crate::package::{SPEC, find as find_package};
use crate::show::{HINT, json, paint};
use crate::typed::typed;
use bouquet_model::artifact;
use bouquet_model::change::Accepted;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::plan::{Known, Plan, offline};
use bouquet_model::running::Running;
use bouquet_x509::fingerprint;
use std::path::Path;

/// What is asked for.
pub(super) struct Asked<'a> {
    /// The command.
    word: &'static str,
    /// No live cluster is to be asked, and nothing has to be said of it.
    pub(super) offline: bool,
    /// Another record than that of the package: a file, or a revision of git.
    pub(super) from: Option<&'a str>,
    pub(super) json: bool,
}

impl<'a> From<&'a PlanArgs> for Asked<'a> {
    fn from(args: &'a PlanArgs) -> Self {
        Self { word: "plan", offline: args.offline, from: args.from.as_deref(), json: args.json }
    }
}

impl<'a> From<&'a DiffArgs> for Asked<'a> {
    fn from(args: &'a DiffArgs) -> Self {
        Self { word: "diff", offline: true, from: args.from.as_deref(), json: args.json }
    }
}

pub(super) fn run(
    compiled: &Compiled<'_>,
    asked: &Asked<'_>,
    named: Option<&Path>,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let Recorded { running: before, ids, token, name } =
        recorded::find(compiled, asked.from, named, environment)?;
    let typed = typed(program, environment);
    let is_edited = is_edited(compiled, named, environment);
    let edited = if is_edited { shown(&former_text(asked.word)) } else { String::new() };
    if before.members.is_empty() {
        let stderr = edited + &shown(&nothing_recorded(&name, &typed));
        return Ok(Outcome { stderr, exit: Exit::Unknown, ..Outcome::data(String::new()) });
    }
    let after = Running::of(compiled.cluster, compiled.certificates);
    let files: Vec<&str> = artifact::formats(compiled.cluster).map(|format| format.file).collect();
    let known = Known {
        program: &typed,
        ids: &ids,
        token: token.as_deref(),
        files: &files,
        accepted: &Accepted::handed(&compiled.cluster.accept),
    };
    let plan = offline(&before, &after, &known);
    let stdout = if asked.json {
        json(&view::view(compiled.cluster, &name, &plan))
    } else {
        text::text(compiled.cluster, &plan, (&name, &typed))
    };
    let absent = files::warnings(compiled, &plan, named, &typed, environment);
    let asks_nobody = if asked.offline { String::new() } else { asks_nobody() };
    let stderr = edited + &absent + &asks_nobody;
    Ok(Outcome { stderr, exit: exit(&plan), ..Outcome::data(stdout) })
}

fn exit(plan: &Plan) -> Exit {
    match (plan.refused.is_empty() && plan.withheld.is_empty(), plan.steps.is_empty()) {
        (false, _) => Exit::Failed,
        (true, false) => Exit::Pending,
        (true, true) => Exit::Done,
    }
}

/// Tells whether `cluster.toml` is another text than the one that the program was built from.
fn is_edited(compiled: &Compiled<'_>, named: Option<&Path>, environment: &Environment<'_>) -> bool {
    let text = find_package(named, environment)
        .ok()
        .and_then(|package| (environment.read)(&package.folder.join(SPEC)).ok());
    let source = compiled.cluster.source;
    source.zip(text).is_some_and(|(source, text)| source.0 != fingerprint(&text))
}

fn former_text(word: &str) -> Diagnostic {
    Diagnostic::warning("cluster.toml is not what this program was built from".to_owned())
        .note("what follows is of the former text")
        .help(format!("build first: `cargo run -- {word}`"))
}

fn asks_nobody() -> String {
    let word = paint(HINT, "note:");
    format!("{word} no live cluster was asked: this compares with what is recorded\n")
}

fn nothing_recorded(name: &str, program: &str) -> Diagnostic {
    Diagnostic::warning(format!("{name} records no member as running: there is nothing to compare"))
        .help(format!("once what is compiled is on the machines: `{program} done`"))
        .help(
            "where cluster.toml was edited since: take the edit back, build, record, and then edit again",
        )
}
