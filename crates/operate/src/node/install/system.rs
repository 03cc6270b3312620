//! The edge: programs of the system's.

use crate::sbin::sbin;
use bouquet_model::diagnostic::Diagnostic;

/// Runs a program of the system's that has to succeed.
pub(super) fn run(program: &str, words: &[&str]) -> Result<(), Diagnostic> {
    let line = format!("{program} {}", words.join(" "));
    let said = sbin(program)
        .args(words)
        .output()
        .map_err(|error| Diagnostic::error(format!("`{line}` cannot be run: {error}")))?;
    if said.status.success() {
        return Ok(());
    }
    let mut problem = Diagnostic::error(format!("`{line}` failed"));
    problem.notes = String::from_utf8_lossy(&said.stderr).lines().map(str::to_owned).collect();
    Err(problem.help("do this again once that is put right: what was done stays done"))
}
