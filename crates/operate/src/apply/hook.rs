//! The edge: a program that does what people do.

use crate::steps::step as view;
use bouquet_model::diagnostic::{Diagnostic, visible};
use bouquet_model::plan::Step;
use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

/// Hands a step to a program, as `plan --json` has it, by standard input; it was done where that ends with 0.
///
/// # Errors
/// If it cannot be run, or ends otherwise.
pub(super) fn run(program: &Path, number: usize, step: &Step) -> Result<(), Diagnostic> {
    let shown = visible(&program.to_string_lossy()).into_owned();
    let text = serde_json::to_string(&view(step, number)).unwrap_or_default();
    let mut child =
        Command::new(program).stdin(Stdio::piped()).spawn().map_err(|error| {
            match error.kind() {
                ErrorKind::NotFound => Diagnostic::error(format!("`{shown}` is not there")),
                _ => Diagnostic::error(format!("`{shown}` cannot be run: {error}")),
            }
        })?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that reads nothing may do all the same what it is for.
        let _ = stdin.write_all(text.as_bytes());
    }
    let ended = child.wait();
    let ended = ended.map_err(|error| Diagnostic::error(format!("`{shown}`: {error}")))?;
    if ended.success() {
        return Ok(());
    }
    Err(Diagnostic::error(format!("`{shown}` did not do \"{}\": {ended}", step.action)))
}
