//! Running programs to their end.

use std::process::{Command, Output, Stdio};

/// What a program said, once it ended.
#[derive(Debug)]
pub struct Said {
    /// Whether it succeeded.
    pub ok: bool,
    /// What it printed.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

/// Runs a program to its end.
///
/// # Panics
/// If there is no such program.
pub fn run(command: &mut Command) -> Said {
    let Output { status, stdout, stderr } = command
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}: run `cargo xtask tools`"));
    Said {
        ok: status.success(),
        stdout: String::from_utf8_lossy(&stdout).into_owned(),
        stderr: String::from_utf8_lossy(&stderr).into_owned(),
    }
}

/// Runs a program that has to succeed; its stdout.
///
/// # Panics
/// If it fails, with all that it said.
pub fn stdout(command: &mut Command) -> String {
    let said = run(command);
    assert!(said.ok, "{command:?}\n{}\n{}", said.stdout, said.stderr);
    said.stdout
}
