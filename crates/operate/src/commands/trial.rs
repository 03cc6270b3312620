//! `try`: the cluster on this machine's loopback, to be thrown away.

use crate::cli::TryArgs;
use crate::environment::Environment;
use crate::outcome::{Outcome, Work};
use crate::trial::Try;

pub(super) fn run(args: &TryArgs, environment: &Environment<'_>) -> Outcome {
    // From here on it leads there from any folder, and is not looked up in PATH.
    let etcd = args.etcd.as_ref().map(|file| environment.current_dir.join(file));
    Outcome::work(Work::Try(Try { etcd, log: args.log, command: args.command.clone() }))
}
