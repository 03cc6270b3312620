//! `man`: the manual, as files.

use crate::cli::ManArgs;
use crate::manual::{Manual, pages};
use crate::outcome::{Outcome, Work};
use bouquet_model::time::Date;

pub(super) fn run(args: &ManArgs, command: &mut clap::Command, cluster: &str, now: i64) -> Outcome {
    let pages = pages(command, cluster, Date(now));
    Outcome::work(Work::Manual(Manual { folder: args.folder.clone(), pages }))
}
