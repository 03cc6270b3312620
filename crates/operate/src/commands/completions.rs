//! `completions`: a shell's own script, which knows the members' names.

use crate::cli::CompletionsArgs;
use crate::outside::Outcome;

pub(super) fn run(args: &CompletionsArgs, command: &mut clap::Command, program: &str) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, command, program, &mut script);
    Outcome::data(String::from_utf8(script).expect("scripts are made of texts"))
}
