//! The edge of `try`: a trial for a command, or for a person who plays with it.

use super::block::{block, healthy};
use super::cluster::{TICK, Up};
use super::run::{Trial, run};
use super::variables::of_command;
use super::ways::Ways;
use super::work::Try;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::signals::{Asked, Signals};
use bouquet_model::Cluster;
use bouquet_model::diagnostic::{Diagnostic, visible};
use rustix::process::{Pid, Signal, kill_process};
use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use tokio::process::{Child, Command};

/// Runs a throw-away cluster, whose data begins empty, until a command has ended, or else until it is interrupted.
///
/// # Errors
/// If it does not become healthy, or the command cannot be run.
pub(crate) fn carry(cluster: &Cluster, work: &Try, ways: &Ways) -> Result<Exit, Failure> {
    let show = work.log || work.command.is_empty();
    let trial = Trial { cluster, etcd: work.etcd.as_deref(), show, ways };
    run(
        &trial,
        async |_| Ok(()),
        async |up, signals| {
            if work.command.is_empty() {
                (ways.print)(&block(&up.layout, up.version, up.took));
                wait(up, signals, ways).await
            } else {
                (ways.say)(&format!("{}\n", healthy(&up.layout, up.version, up.took)));
                command(up, work, signals, ways).await
            }
        },
    )
}

/// Waits for a signal. Members may be ended by hand, to see what comes of it.
async fn wait(up: &mut Up, signals: &mut Signals, ways: &Ways) -> Result<Exit, Failure> {
    loop {
        tokio::select! {
            _ = signals.next() => return Ok(Exit::Done),
            () = tokio::time::sleep(TICK) => up.news().iter().for_each(|line| (ways.say)(line)),
        }
        if !up.lives() {
            return Err(Diagnostic::error("no member runs any more").into());
        }
    }
}

/// Runs the command to its end.
///
/// Ctrl-C at a terminal reaches it as well, and what it does then is its own matter: a shell or a debugger goes on.
/// Other signals are handed on, and the second of them kills it.
async fn command(
    up: &mut Up,
    work: &Try,
    signals: &mut Signals,
    ways: &Ways,
) -> Result<Exit, Failure> {
    let [program, arguments @ ..] = work.command.as_slice() else { return Ok(Exit::Done) };
    let variable = |name: &str| (ways.variable)(name)?.into_string().ok();
    let variables = of_command(&up.layout.cluster, &variable);
    let mut command = Command::new(program);
    command.args(arguments);
    for name in variables.unset {
        command.env_remove(name);
    }
    let spawned = command.envs(variables.set).spawn();
    let mut child = spawned.map_err(|error| {
        let name = visible(&program.to_string_lossy()).into_owned();
        let (message, exit) = if error.kind() == io::ErrorKind::NotFound {
            (format!("`{name}` is not installed, or not in PATH"), Exit::NotInstalled)
        } else {
            (format!("`{name}` cannot be run: {error}"), Exit::CannotRun)
        };
        Failure { problem: Diagnostic::error(message), exit }
    })?;
    up.watcher.command(child.id());
    let mut handed_on = false;
    let status = loop {
        tokio::select! {
            status = child.wait() => break status,
            asked = signals.next() => match asked {
                Asked::Interrupt => {}
                Asked::Terminate | Asked::Hangup if handed_on => drop(child.start_kill()),
                Asked::Terminate => handed_on = hand_on(&child, Signal::TERM),
                Asked::Hangup => handed_on = hand_on(&child, Signal::HUP),
            },
            () = tokio::time::sleep(TICK) => up.news().iter().for_each(|line| (ways.say)(line)),
        }
    };
    up.watcher.command(None);
    let status = status.map_err(|error| {
        Diagnostic::error(format!("the outcome of the command is not known: {error}"))
    })?;
    Ok(Exit::Command(code(status)))
}

fn hand_on(child: &Child, signal: Signal) -> bool {
    let process = child.id().and_then(|process| process.try_into().ok());
    if let Some(process) = process.and_then(Pid::from_raw) {
        // It may have ended just now.
        let _ = kill_process(process, signal);
    }
    true
}

/// Returns the exit code; of a command that was ended by a signal, the one that shells have.
fn code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| Some(128 + status.signal()?)).unwrap_or(1);
    u8::try_from(code).unwrap_or(1)
}
