//! `done`: what is compiled is on the machines.

use crate::cli::DoneArgs;
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::issued::unissued;
use crate::outcome::{Outcome, Work};
use crate::package::find;
use crate::record::{Action, Recording};
use crate::typed::typed;
use bouquet_model::certificate::Kind;
use bouquet_model::running::Running;
use std::path::Path;

pub(super) fn run(
    compiled: &Compiled<'_>,
    args: &DoneArgs,
    named: Option<&Path>,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let Compiled { cluster, certificates } = compiled;
    let action = match (args.undo, args.from_lock) {
        (true, _) => Action::Undo,
        (_, true) => Action::FromLock,
        _ => Action::Record,
    };
    let leaves = certificates.iter().filter(|certificate| certificate.kind != Kind::Ca);
    let recording = Recording {
        action,
        package: find(named, environment)?,
        names: args.names.clone(),
        yes: args.yes,
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
