//! `done`: what is compiled is on the machines.

use super::member::member;
use crate::cli::DoneArgs;
use crate::client;
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::issued::unissued;
use crate::outcome::{Outcome, Work};
use crate::package::{DONE_RESTORED, find};
use crate::record::{Action, Looking, Recording, RestoredFrom, Restoring};
use crate::typed::typed;
use bouquet_model::certificate::Kind;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::running::Running;
use std::collections::BTreeSet;
use std::path::Path;

pub(super) fn run(
    compiled: &Compiled<'_>,
    args: &DoneArgs,
    named: Option<&Path>,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let action = match (args.undo, args.from_lock, &args.restored) {
        (true, ..) => Action::Undo,
        (_, true, _) => Action::FromLock,
        (.., Some(_)) => Action::Restored,
        _ => Action::Record,
    };
    let from = match (&args.restored, &args.token) {
        (None, _) => None,
        (Some(file), Some(token)) => Some(RestoredFrom::File(file.clone(), token.clone())),
        (Some(_), None) => {
            let problem = Diagnostic::error("the token of the restore is missing")
                .help(format!(
                    "the last step that `restore` printed has it: `{program} {DONE_RESTORED}`"
                ))
                .help("so has each node, in the file `member/restored` of its data folder");
            return Err(Failure { problem, exit: Exit::Misused });
        }
    };
    let sole = args.sole.as_deref().map(|name| member(compiled.cluster, name)).transpose()?;
    let sole = sole.map(|member| member.name.to_string());
    let all = recording(compiled, named, program, environment)?;
    let recording = Recording {
        action,
        restoring: from.map(|from| Restoring { from, sole }),
        names: names(args),
        replaced: replaced(compiled, args)?,
        yes: args.yes,
        looking: looking(compiled, args, action, named, environment)?,
        ..if args.adopted { adopted(all) } else { all }
    };
    Ok(Outcome::work(Work::Recording(recording)))
}

/// Returns what records all that is compiled, without any word of the command line.
pub(super) fn recording(
    compiled: &Compiled<'_>,
    named: Option<&Path>,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Recording, Failure> {
    let Compiled { cluster, certificates } = compiled;
    let leaves = certificates.iter().filter(|certificate| certificate.kind != Kind::Ca);
    Ok(Recording {
        action: Action::Record,
        package: find(named, environment)?,
        restoring: None,
        names: Vec::new(),
        of_members: false,
        replaced: BTreeSet::new(),
        yes: true,
        looking: Looking::Not,
        adopted: false,
        compiled: Running::of(cluster, certificates),
        unissued: unissued(compiled),
        token: cluster.token.to_string(),
        source: cluster.source,
        cas: compiled.cas(),
        certificates: leaves.cloned().collect(),
        program: typed(program, environment),
    })
}

/// Returns the same of a cluster that another tool has set up: no certificate that was issued is in use.
fn adopted(all: Recording) -> Recording {
    Recording {
        adopted: true,
        compiled: all.compiled.adopted(),
        unissued: BTreeSet::new(),
        certificates: Vec::new(),
        ..all
    }
}

/// Returns those that were named, with those that were replaced; all, if none was named.
fn names(args: &DoneArgs) -> Vec<String> {
    let replaced = args.replaced.iter().filter(|_| !args.names.is_empty());
    args.names.iter().chain(replaced).cloned().collect()
}

/// Returns those that new members have taken the places of.
fn replaced(compiled: &Compiled<'_>, args: &DoneArgs) -> Result<BTreeSet<String>, Failure> {
    for name in &args.replaced {
        member(compiled.cluster, name)?;
    }
    Ok(args.replaced.iter().cloned().collect())
}

/// Returns who asks the members, if what is recorded is new to the lock.
fn looking(
    compiled: &Compiled<'_>,
    args: &DoneArgs,
    action: Action,
    named: Option<&Path>,
    environment: &Environment<'_>,
) -> Result<Looking, Failure> {
    if args.offline || !matches!(action, Action::Record | Action::Restored) {
        return Ok(Looking::Not);
    }
    match client::speaker(compiled, args.client.as_deref(), named, environment) {
        Ok(speaker) => Ok(Looking::As(speaker)),
        Err(failure) if args.client.is_some() => Err(failure),
        Err(failure) => Ok(Looking::Cannot(failure.problem.message)),
    }
}
