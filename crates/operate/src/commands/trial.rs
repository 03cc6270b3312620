//! `try`: the cluster on this machine's loopback, to be thrown away.

use crate::cli::TryArgs;
use crate::environment::Environment;
use crate::outcome::{Outcome, Work};
use crate::trial::Try;
use bouquet_model::artifact::shell_word;
use clap::error::ErrorKind;
use std::ffi::OsString;

pub(super) fn run(args: &TryArgs, environment: &Environment<'_>) -> Outcome {
    // From here on it leads there from any folder, and is not looked up in PATH.
    let etcd = args.etcd.as_ref().map(|file| environment.current_dir.join(file));
    Outcome::work(Work::Try(Try { etcd, log: args.log, command: args.command.clone() }))
}

/// Returns the command line with `--` in front of the command, where that is all it lacks.
pub(super) fn with_dashes(
    error: &clap::Error,
    program: &str,
    arguments: &[OsString],
) -> Option<String> {
    let words: Option<Vec<&str>> = arguments.iter().skip(1).map(|word| word.to_str()).collect();
    let words = words.filter(|_| error.kind() == ErrorKind::UnknownArgument)?;
    // Of `bouquet etcdctl -- …`, what follows is etcdctl's.
    let at = words.iter().position(|word| ["try", "etcdctl"].contains(word))?;
    let mut command = at + 1;
    while let Some(word) = words.get(command) {
        command += match *word {
            "--etcd" => 2,
            "--log" => 1,
            word if word.starts_with("--etcd=") => 1,
            _ => break,
        };
    }
    let (ours, theirs) = words.split_at_checked(command)?;
    let quote = |words: &[&str]| words.iter().map(|w| shell_word(w)).collect::<Vec<_>>().join(" ");
    let lacks = words[at] == "try" && !theirs.is_empty() && !words.contains(&"--");
    lacks.then(|| format!("{program} {} -- {}", quote(ours), quote(theirs)))
}
