//! `snapshot`: the cluster's data, saved.

use crate::cli::SnapshotArgs;
use crate::client;
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::outcome::{Outcome, Work};
use crate::snapshot::{Save, To};
use bouquet_model::diagnostic::Diagnostic;
use std::ffi::OsStr;
use std::path::Path;

pub(super) fn run(
    compiled: &Compiled<'_>,
    args: &SnapshotArgs,
    named: Option<&Path>,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let to = to(&args.file, environment)?;
    if args.keep.is_some() && !matches!(to, To::Folder(_)) {
        return Err(misused(
            "`--keep` counts the snapshots in a folder",
            "name a folder that is there, such as /var/backups/etcd",
        ));
    }
    if args.json && to == To::Stdout {
        return Err(misused(
            "`--json` and the snapshot would both go to standard output",
            "name a file or a folder",
        ));
    }
    let client = client::speaker(compiled, args.client.as_deref(), named, environment)?;
    Ok(Outcome::work(Work::Save(Save {
        client,
        to,
        member: args.from.clone(),
        keep: args.keep,
        is_right: false,
        force: args.force,
        deadline: args.deadline,
        json: args.json,
        textfile: args.textfile.clone(),
        program: program.to_owned(),
    })))
}

/// Returns where it goes.
///
/// # Errors
/// If that is no place, before anything is asked: a path that names no file, where no folder is.
fn to(file: &Path, environment: &Environment<'_>) -> Result<To, Failure> {
    if file.as_os_str() == "-" {
        return Ok(To::Stdout);
    }
    if (environment.stat)(file).is_ok_and(|status| status.is_folder) {
        return Ok(To::Folder(file.to_owned()));
    }
    // `new/`, `new/.` and `new/..` are folders, there or not.
    let bytes = |text: &OsStr| text.as_encoded_bytes().to_vec();
    let name = file.file_name().map(bytes);
    if name.is_some_and(|name| bytes(file.as_os_str()).ends_with(&name)) {
        return Ok(To::File(file.to_owned()));
    }
    let problem = Diagnostic::error(format!("there is no folder `{}`", file.display()));
    Err(problem.note("nothing was saved").help("make it first: `mkdir -p`; or name a file").into())
}

fn misused(message: &str, help: &str) -> Failure {
    Failure { problem: Diagnostic::error(message).help(help), exit: Exit::Misused }
}
