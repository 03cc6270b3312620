//! `done`: what is compiled is on the machines.

use crate::cli::DoneArgs;
use crate::client;
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::issued::unissued;
use crate::outcome::{Outcome, Work};
use crate::package::find;
use crate::record::{Action, Looking, Recording};
use crate::typed::typed;
use bouquet_model::certificate::Kind;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::running::Running;
use std::path::{Path, PathBuf};

pub(super) fn run(
    compiled: &Compiled<'_>,
    args: &DoneArgs,
    named: Option<&Path>,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let Compiled { cluster, certificates } = compiled;
    let action = match (args.undo, args.from_lock, &args.restored) {
        (true, ..) => Action::Undo,
        (_, true, _) => Action::FromLock,
        (.., Some(_)) => Action::Restored,
        _ => Action::Record,
    };
    let snapshot = match (&args.restored, &args.token) {
        (None, _) => None,
        (Some(file), Some(token)) => Some((file.clone(), token.clone())),
        (Some(_), None) => {
            let problem = Diagnostic::error("the token of the restore is missing").help(
                "the last step that `restore` printed has it: `done --restored FILE --token TOKEN`",
            );
            return Err(Failure { problem, exit: Exit::Misused });
        }
    };
    let leaves = certificates.iter().filter(|certificate| certificate.kind != Kind::Ca);
    let recording = Recording {
        action,
        package: find(named, environment)?,
        snapshot,
        names: args.names.clone(),
        yes: args.yes,
        looking: looking(compiled, args, action, named, environment),
        compiled: Running::of(cluster, certificates),
        unissued: unissued(compiled),
        token: cluster.token.to_string(),
        source: cluster.source,
        cas: compiled.cas(),
        certificates: leaves.cloned().collect(),
        program: typed(program, environment),
    };
    Ok(Outcome::work(Work::Recording(recording)))
}

/// Who asks the members, where what is recorded is new to the lock.
fn looking(
    compiled: &Compiled<'_>,
    args: &DoneArgs,
    action: Action,
    named: Option<&Path>,
    environment: &Environment<'_>,
) -> Looking {
    if args.offline || !matches!(action, Action::Record | Action::Restored) {
        return Looking::Not;
    }
    let cluster = compiled.cluster;
    let folder = client::find(cluster, None).and_then(|client| match client {
        Some(client) if cluster.tls.is_some() => {
            client::folder(compiled, client, named, environment).map(PathBuf::from).map(Some)
        }
        _ => Ok(None),
    });
    match folder {
        Ok(folder) => Looking::As(folder),
        Err(failure) => Looking::Cannot(failure.problem.message),
    }
}
