//! A problem that ends the program, as a person reads it.

use crate::exit::Exit;
use crate::show::{BAD, HINT, WARN, paint};
use bouquet_model::diagnostic::{Diagnostic, Severity, visible_lines};
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
        f.write_str(&shown(&self.problem))
    }
}

/// Returns a problem with its notes and its help, in lines.
pub(crate) fn shown(problem: &Diagnostic) -> String {
    let Diagnostic { severity, file, notes, help, .. } = problem;
    let style = match severity {
        Severity::Error => BAD,
        Severity::Warning => WARN,
    };
    let mut lines = vec![format!("{} {problem}", paint(style, format!("{}:", severity.word())))];
    lines.extend(file.iter().map(|file| format!("{} {file}", paint(HINT, " -->"))));
    let more = |word, text: &String| format!("{} {}", paint(HINT, word), visible_lines(text));
    lines.extend(notes.iter().map(|note| more("note:", note)));
    lines.extend(help.iter().map(|help| more("help:", help)));
    lines.join("\n") + "\n"
}
