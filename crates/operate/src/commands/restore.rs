//! `restore`: what brings a snapshot back.

use crate::cli::RestoreArgs;
use crate::environment::Environment;
use crate::outcome::{Outcome, Work};
use crate::restore::Restore;
use crate::typed::typed;

pub(super) fn run(args: &RestoreArgs, program: &str, environment: &Environment<'_>) -> Outcome {
    Outcome::work(Work::Restore(Restore {
        file: args.file.clone(),
        member: args.member.clone(),
        json: args.json,
        program: typed(program, environment),
    }))
}
