//! `restore`: what brings a snapshot back.

use crate::cli::RestoreArgs;
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::outcome::{Outcome, Work};
use crate::package::find as find_package;
use crate::plan;
use crate::restore::{Drill, Restore};
use crate::typed::typed;
use bouquet_model::running::Running;
use std::path::{Path, PathBuf};

pub(super) fn run(
    compiled: &Compiled<'_>,
    args: &RestoreArgs,
    named: Option<&Path>,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    if args.drill {
        // From here on they lead there from any folder.
        let place = |file: &PathBuf| environment.current_dir.join(file);
        return Ok(Outcome::work(Work::Drill(Drill {
            file: place(&args.file),
            shown: args.file.display().to_string(),
            etcd: args.etcd.as_ref().map(place),
            log: args.log,
            json: args.json,
            now: environment.now,
        })));
    }
    // The commands are for a shell in the package's folder.
    let package = find_package(named, environment).ok().map(|package| package.folder);
    let elsewhere = package.filter(|folder| *folder != environment.current_dir);
    let file = match &elsewhere {
        Some(_) => environment.current_dir.join(&args.file),
        None => args.file.clone(),
    };
    Ok(Outcome::work(Work::Restore(Restore {
        file,
        package: elsewhere,
        member: args.member.clone(),
        token: args.token.clone(),
        running: recorded(compiled, named, environment)?,
        json: args.json,
        program: typed(program, environment),
        now: environment.now,
    })))
}

/// Returns what the nodes' units start, as far as it is recorded here: on a node there is no package.
fn recorded(
    compiled: &Compiled<'_>,
    named: Option<&Path>,
    environment: &Environment<'_>,
) -> Result<Option<Running>, Failure> {
    if named.is_none() && find_package(None, environment).is_err() {
        return Ok(None);
    }
    let running = plan::recorded(compiled, None, named, environment)?.running;
    Ok(Some(running).filter(|running| !running.members.is_empty()))
}
