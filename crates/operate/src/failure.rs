//! What could not be done, why, and what helps.

use crate::Exit;
use crate::show::{BAD, HINT, paint};
use std::fmt;

/// A failure as a person reads it.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    notes: Vec<String>,
    help: Vec<String>,
    /// How the program ends.
    pub(crate) exit: Exit,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), notes: Vec::new(), help: Vec::new(), exit: Exit::Failed }
    }

    /// What could not be done.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// More on the cause.
    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// What to do about it.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    pub(crate) fn exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}", paint(BAD, "error:"), self.message)?;
        for note in &self.notes {
            writeln!(f, "{} {note}", paint(HINT, "note:"))?;
        }
        for help in &self.help {
            writeln!(f, "{} {help}", paint(HINT, "help:"))?;
        }
        Ok(())
    }
}
