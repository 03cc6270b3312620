//! A problem that ends the program, as a person reads it.

use crate::exit::Exit;
use crate::show::{BAD, HINT, paint};
use bouquet_model::diagnostic::{Diagnostic, visible_lines};
use std::fmt;

/// A problem, and how the program ends because of it.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) problem: Diagnostic,
    pub(crate) exit: Exit,
}

impl From<Diagnostic> for Failure {
    fn from(problem: Diagnostic) -> Self {
        Self { problem, exit: Exit::Failed }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Diagnostic { severity, notes, help, .. } = &self.problem;
        writeln!(f, "{} {}", paint(BAD, format!("{}:", severity.word())), self.problem)?;
        for note in notes {
            writeln!(f, "{} {}", paint(HINT, "note:"), visible_lines(note))?;
        }
        for help in help {
            writeln!(f, "{} {}", paint(HINT, "help:"), visible_lines(help))?;
        }
        Ok(())
    }
}
