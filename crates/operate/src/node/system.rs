//! The edge: programs of the system's.

use crate::sbin::sbin;
use bouquet_model::diagnostic::Diagnostic;
use std::process::Command;

/// Runs a program of the system's that has to succeed.
pub(super) fn run(program: &str, words: &[&str]) -> Result<(), Diagnostic> {
    let line = format!("{program} {}", words.join(" "));
    let failed = Diagnostic::error(format!("`{line}` failed"))
        .help("do this again once that is put right: what was done stays done");
    runs(sbin(program).args(words), &line, failed)
}

/// Runs a command that has to succeed, of which a person reads that line; where it fails that is this problem, with what
/// it said.
pub(super) fn runs(
    command: &mut Command,
    line: &str,
    failed: Diagnostic,
) -> Result<(), Diagnostic> {
    let said = command
        .output()
        .map_err(|error| Diagnostic::error(format!("`{line}` cannot be run: {error}")))?;
    if said.status.success() {
        return Ok(());
    }
    let notes = String::from_utf8_lossy(&said.stderr).lines().map(str::to_owned).collect();
    Err(Diagnostic { notes, ..failed })
}
