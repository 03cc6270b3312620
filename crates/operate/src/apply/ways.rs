//! The ways from here to people, and to what other commands do.

use super::work::Applying;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::patience::Patience;
use crate::record::Recording;
use crate::snapshot::Save;
use bouquet_model::diagnostic::Diagnostic;
use std::io;
use std::path::Path;
use std::time::SystemTime;

/// The ways to people, files and processes that a run takes.
pub(crate) struct Ways<'a> {
    pub(crate) print: &'a dyn Fn(&str),
    pub(crate) say: &'a dyn Fn(&str),
    /// Says something from another thread.
    pub(crate) warn: fn(&str),
    pub(crate) patience: Patience,
    pub(crate) ask: &'a dyn Fn(&str) -> Option<bool>,
    pub(crate) read: &'a dyn Fn(&Path) -> io::Result<Vec<u8>>,
    pub(crate) clock: fn() -> SystemTime,
    pub(crate) save: &'a dyn Fn(&Save) -> Result<Exit, Failure>,
    pub(crate) record: &'a dyn Fn(&Recording) -> Result<Exit, Failure>,
    /// Shows how the cluster is, by what is recorded then.
    pub(crate) status: &'a dyn Fn() -> Result<Exit, Failure>,
}

/// Asks whether to begin.
///
/// # Errors
/// If nobody is there to agree.
pub(super) fn agrees(work: &Applying, ways: &Ways<'_>) -> Result<bool, Diagnostic> {
    if work.yes {
        return Ok(true);
    }
    match (ways.ask)("do this? [y/N] ") {
        Some(true) => Ok(true),
        Some(false) => {
            (ways.say)("nothing was done\n");
            Ok(false)
        }
        None => Err(Diagnostic::error(
            "standard input is no terminal, and nobody can agree: nothing was done",
        )
        .help("if that is what you want: run it again with `--yes`")),
    }
}
