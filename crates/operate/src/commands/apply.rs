//! `apply`: the steps from what runs to what was compiled, done.

use super::basis::{are_members, basis, edited, is_built, nothing_recorded};
use super::done::recording;
use crate::apply::Applying;
use crate::cli::ApplyArgs;
use crate::client;
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::outcome::{Outcome, Work};
use crate::plan::{Basis, Form, Planning};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::plan::Wishes;
use std::path::{Path, PathBuf};

pub(super) fn run(
    compiled: &Compiled<'_>,
    args: &ApplyArgs,
    named: Option<&Path>,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let basis = basis(compiled, (None, Form::Table), named, program, environment)?;
    let edited = edited("apply", compiled, named, environment);
    match (basis.recorded.running.members.is_empty(), args.bootstrap) {
        (true, false) => return Ok(nothing_recorded(compiled, &basis, &edited)),
        (false, true) => return Err(made_already(&basis).into()),
        _ => {}
    }
    is_built("apply", &edited)?;
    are_members(compiled, &basis, &args.replace)?;
    are_members(compiled, &basis, args.only.as_slice())?;
    let client = client::speaker(compiled, args.client.as_deref(), named, environment)?;
    let wishes = Wishes {
        replaced: args.replace.iter().cloned().collect(),
        accepts_downtime: args.accept_downtime,
    };
    let variable = |name| (environment.variable)(name).and_then(|it| it.into_string().ok());
    Ok(Outcome::work(Work::Apply(Box::new(Applying {
        planning: Planning { basis, client, deadline: args.deadline, wishes },
        recording: recording(compiled, named, program, environment)?,
        bootstrap: args.bootstrap,
        yes: args.yes,
        until: args.until,
        pause: args.pause,
        alone: args.alone,
        only: args.only.clone(),
        node_program: args.node_program.clone(),
        etcd: args.etcd.iter().map(|it| environment.current_dir.join(it)).collect(),
        hook: args.hook.clone(),
        wait: args.wait,
        home: variable("HOME").map(PathBuf::from).ok_or_else(no_home)?,
        who: variable("SUDO_USER")
            .or_else(|| variable("USER"))
            .unwrap_or_else(|| "unknown".to_owned()),
    }))))
}

fn made_already(basis: &Basis) -> Diagnostic {
    let members = basis.recorded.running.members.keys().map(String::as_str);
    let members: Vec<&str> = members.collect();
    Diagnostic::error(format!("{} records that {} run", basis.recorded.name, members.join(", ")))
        .note("to found it again would make another cluster; nothing was done")
        .help(format!("to change it: `{} apply`", basis.program))
}

/// Reports that HOME is not set: a snapshot has all that is in etcd, and does not belong into a
/// package, which is kept in git.
fn no_home() -> Diagnostic {
    Diagnostic::error("HOME is not set, so there is no place for a snapshot")
        .help("set it: `HOME=/root` before the command")
}
