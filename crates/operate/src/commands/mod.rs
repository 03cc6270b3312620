//! One module per command, each a pure function from the cluster to an [`Outcome`].

mod adopt;
mod ansible;
mod apply;
mod basis;
mod certs;
mod check_node;
mod command;
mod completions;
mod doctor;
mod done;
mod etcdctl;
mod install;
mod man;
mod member;
mod members;
mod new;
mod overview;
mod plan;
mod rescue;
mod restore;
mod secrets;
mod snapshot;
mod status;
mod trial;

use crate::caller::IN_TRIAL;
use crate::cli::{self, Cli, Verb};
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::expiry;
use crate::failure::{Failure, shown};
use crate::names;
use crate::out::{self, Miss};
use crate::outcome::{Outcome, Work};
use crate::show::{WARN, paint};
use bouquet_model::Cluster;
use bouquet_model::certificate::Certificate;
use bouquet_model::diagnostic::Diagnostic;
use clap::FromArgMatches;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use member::member_names;
use std::ffi::OsString;
use std::path::Path;

/// Decides what a command line, of which the first word is the program's name, leads to.
pub fn run(
    cluster: &Cluster,
    certificates: &[Certificate],
    arguments: impl IntoIterator<Item = OsString>,
    environment: &Environment<'_>,
) -> Outcome {
    let compiled = &Compiled { cluster, certificates };
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let program = program_name(&arguments, compiled.cluster);
    let is_plugin = is_plugin(&arguments);
    let words = cli::Words(arguments.get(1..).unwrap_or_default());
    let mut command = cli::command(&program, compiled.cluster, words);
    let cli = match parse(&mut command, &arguments) {
        Ok(cli) => cli,
        Err(mut error) => {
            if let Some(line) = trial::with_dashes(&error, &program, &arguments) {
                let tip = format!("the command follows `--`: `{line}`");
                error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
            } else if let Some(line) = etcdctl::with_dashes(&error, &program, &arguments, cluster) {
                let tip = format!("what etcdctl is to do follows `--`: `{line}`");
                error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
            }
            return refused(error, compiled, is_plugin);
        }
    };
    if let Some(verb) = &cli.command
        && asks_the_cluster(verb)
        && (environment.variable)(IN_TRIAL).is_some_and(|it| !it.is_empty())
    {
        return failed(&in_trial(&program).into());
    }
    let needs_no_out = match &cli.command {
        // An `out/` that keys are brought to need not be there, and a lock may be alone.
        Some(Verb::Secrets(args)) => args.brings_keys(),
        Some(
            Verb::Done(_)
            | Verb::Plan(_)
            | Verb::Apply(_)
            | Verb::Diff(_)
            | Verb::Try(_)
            | Verb::Adopt(_)
            | Verb::New(_)
            | Verb::Restore(_)
            | Verb::Rescue(_),
        ) => true,
        _ => false,
    };
    if let Some(named) = &cli.out
        && !needs_no_out
        && let Err(misses) = out::find(compiled, Some(named), environment)
    {
        let failure = not_found(&misses);
        return if is_plugin {
            certs::misused(&failure.problem.message, failure.to_string())
        } else {
            failed(&failure)
        };
    }
    match &cli.command {
        // A shell reads this at its start, where a warning would be in the way.
        Some(Verb::Completions(args)) => return completions::run(args, &mut command, &program),
        Some(Verb::Man(args)) => {
            return man::run(args, &mut command, &cluster.token, environment.now);
        }
        _ => {}
    }
    let result = done(compiled, &cli, &program, environment);
    let mut outcome = result.unwrap_or_else(|failure| failed(&failure));
    if matches!(&cli.command, Some(Verb::Certs(args)) if args.check || args.prometheus) {
        // A monitor is told in its own words, and some take stderr for a part of stdout.
        return outcome;
    }
    if matches!(&cli.command, Some(Verb::Try(_) | Verb::Adopt(_) | Verb::New(_))) {
        // It is about other certificates.
        return outcome;
    }
    if let Some(announcement) = expiry::announcement(compiled, environment.now) {
        let announcement = format!("{} {announcement}\n", paint(WARN, "warning:"));
        outcome.stderr.insert_str(0, &announcement);
    }
    let speaker = outcome.work.as_ref().and_then(Work::speaker);
    if let Some(warning) = speaker.and_then(|speaker| speaker.warning.as_ref()) {
        outcome.stderr.push_str(&shown(warning));
    }
    outcome
}

/// Does what a command says.
fn done(
    compiled: &Compiled<'_>,
    cli: &Cli,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    match &cli.command {
        None => Ok(overview::run(compiled, cli, program, environment)),
        Some(Verb::Members(args)) => Ok(members::run(compiled.cluster, args)),
        Some(Verb::Command(args)) => command::run(compiled.cluster, args),
        Some(Verb::Ansible(args)) => ansible::run(compiled, args, cli.out.as_deref(), environment),
        Some(Verb::Certs(args)) => certs::run(compiled, args, environment),
        Some(Verb::CheckNode(args)) => check_node::run(compiled, args, program, environment),
        Some(Verb::Doctor(args)) => doctor::run(compiled, args, program, environment),
        Some(Verb::Install(args)) => install::run(compiled, args, program, environment),
        Some(Verb::Etcdctl(args)) => {
            etcdctl::run(compiled, args, cli.out.as_deref(), program, environment)
        }
        Some(Verb::Secrets(args)) => {
            secrets::run(compiled, args, cli.out.as_deref(), program, environment)
        }
        Some(Verb::Snapshot(args)) => {
            snapshot::run(compiled, args, cli.out.as_deref(), program, environment)
        }
        Some(Verb::Restore(args)) => {
            restore::run(compiled, args, cli.out.as_deref(), program, environment)
        }
        Some(Verb::Rescue(args)) => {
            rescue::run(compiled, args, cli.out.as_deref(), program, environment)
        }
        Some(Verb::Status(args)) => {
            status::run(compiled, args, cli.out.as_deref(), program, environment)
        }
        Some(Verb::Try(args)) => Ok(trial::run(args, environment)),
        Some(Verb::Adopt(args)) => Ok(adopt::run(args, environment)),
        Some(Verb::New(args)) => Ok(new::run(args, program, environment)),
        Some(Verb::Done(args)) => {
            done::run(compiled, args, cli.out.as_deref(), program, environment)
        }
        Some(Verb::Plan(args)) => {
            plan::run(compiled, args, cli.out.as_deref(), program, environment)
        }
        Some(Verb::Apply(args)) => {
            apply::run(compiled, args, cli.out.as_deref(), program, environment)
        }
        Some(Verb::Diff(args)) => {
            plan::diff(compiled, args, cli.out.as_deref(), program, environment)
        }
        Some(Verb::Completions(_) | Verb::Man(_)) => unreachable!("done above"),
    }
}

/// Tells whether a command goes to the members that were compiled. Without words, `etcdctl` prints what leads
/// there.
fn asks_the_cluster(verb: &Verb) -> bool {
    match verb {
        Verb::Status(_) | Verb::Snapshot(_) | Verb::Etcdctl(_) | Verb::Done(_) | Verb::Apply(_) => {
            true
        }
        Verb::Rescue(args) => args.member.is_none(),
        Verb::Plan(args) => !args.offline && args.from.is_none() && args.seen.is_none(),
        _ => false,
    }
}

fn in_trial(program: &str) -> Diagnostic {
    Diagnostic::error("this is the environment of a trial, and the command would go past it, to the cluster itself")
        .help("`etcdctl` reaches the trial")
        .help(format!("if the cluster is meant: `env -u {IN_TRIAL} {program} …`"))
}

/// Reads a command line.
///
/// `--json` before a command would be the overview's, and change nothing of what the command prints.
fn parse(command: &mut clap::Command, arguments: &[OsString]) -> Result<Cli, clap::Error> {
    let matches = command.try_get_matches_from_mut(arguments)?;
    let cli = Cli::from_arg_matches(&matches)?;
    if cli.overview.json && cli.command.is_some() {
        let message = "`--json` before a command has no meaning: write it behind the command";
        return Err(command.error(ErrorKind::ArgumentConflict, message));
    }
    Ok(cli)
}

/// Refuses a folder that was named, and does not serve: whatever the command, something else was meant.
fn not_found(misses: &[Miss]) -> Failure {
    let message = misses.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    let help = "name the folder that `cargo build` wrote for this cluster, or leave `--out` away";
    Failure { problem: Diagnostic::error(message).help(help), exit: Exit::Failed }
}

/// Returns the name under which the program was called.
fn program_name(arguments: &[OsString], cluster: &Cluster) -> String {
    let first = arguments.first().and_then(|first| Path::new(first).file_name());
    first.and_then(|name| name.to_str()).unwrap_or(&cluster.program).to_owned()
}

/// Returns `true` where a monitor asks: it knows 0 to 3 alone, and 3 is its UNKNOWN.
fn is_plugin(arguments: &[OsString]) -> bool {
    let has = |word| arguments.iter().any(|argument| argument == word);
    has("certs") && has("--check")
}

fn failed(failure: &Failure) -> Outcome {
    Outcome { stderr: failure.to_string(), exit: failure.exit, ..Outcome::data(String::new()) }
}

/// Returns clap's own output: help, the version, or the mistake in the command line.
fn refused(mut error: clap::Error, compiled: &Compiled<'_>, is_plugin: bool) -> Outcome {
    let lacks = error.get(ContextKind::InvalidArg).map(ToString::to_string);
    if error.kind() == ErrorKind::MissingRequiredArgument
        && lacks.is_some_and(|lacks| lacks.contains("MEMBER"))
    {
        let members = names::list(&member_names(compiled.cluster), "member");
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![members.into()]));
    }
    let text = error.render().ansi().to_string();
    if error.use_stderr() && is_plugin {
        certs::misused(&error.render().to_string(), text)
    } else if error.use_stderr() {
        Outcome { stderr: text, exit: Exit::Misused, ..Outcome::data(String::new()) }
    } else {
        Outcome::data(text)
    }
}
