//! `completions`: a shell's own script, which knows the members' names.

use crate::cli::CompletionsArgs;
use crate::outcome::Outcome;
use clap::ValueHint;
use clap_complete::Shell;
use std::fmt::Write as _;

pub(super) fn run(args: &CompletionsArgs, command: &mut clap::Command, program: &str) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, command, program, &mut script);
    let mut script = String::from_utf8(script).expect("scripts are made of texts");
    if args.shell == Shell::Fish {
        script += &positionals_for_fish(command, program);
    }
    Outcome::data(script)
}

/// Returns the names of members after the commands that take one, which clap leaves out of this script.
fn positionals_for_fish(command: &clap::Command, program: &str) -> String {
    let mut lines = String::new();
    for subcommand in command.get_subcommands() {
        let arguments = subcommand.get_positionals().filter(|argument| !argument.is_last_set());
        let values = arguments.flat_map(clap::Arg::get_possible_values);
        let words: Vec<_> = values.map(|value| value.get_name().to_owned()).collect();
        if !words.is_empty() {
            let (name, words) = (subcommand.get_name(), words.join(" "));
            let when = format!("__fish_seen_subcommand_from {name}");
            let files = if subcommand.get_positionals().any(takes_files) { "" } else { " -f" };
            let _ = writeln!(lines, "complete -c {program} -n \"{when}\"{files} -a \"{words}\"");
        }
    }
    lines
}

fn takes_files(argument: &clap::Arg) -> bool {
    matches!(
        argument.get_value_hint(),
        ValueHint::AnyPath | ValueHint::FilePath | ValueHint::DirPath
    )
}
