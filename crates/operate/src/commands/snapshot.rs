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
use std::path::Path;

pub(super) fn run(
    compiled: &Compiled<'_>,
    args: &SnapshotArgs,
    named: Option<&Path>,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let is_folder = |path: &Path| (environment.stat)(path).is_ok_and(|status| status.is_folder);
    let to = if args.file == Path::new("-") {
        To::Stdout
    } else if is_folder(&args.file) {
        To::Folder(args.file.clone())
    } else {
        To::File(args.file.clone())
    };
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
    let client = client::files(compiled, args.client.as_deref(), named, environment)?;
    Ok(Outcome::work(Work::Save(Save {
        client,
        to,
        member: args.from.clone(),
        keep: args.keep,
        force: args.force,
        deadline: args.deadline,
        json: args.json,
        textfile: args.textfile.clone(),
    })))
}

fn misused(message: &str, help: &str) -> Failure {
    Failure { problem: Diagnostic::error(message).help(help), exit: Exit::Misused }
}
