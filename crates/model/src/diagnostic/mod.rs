//! What is wrong, where, why, and what to do: one type for all who find something.
//!
//! A stage that knows of no place leaves it out, and the one that read the value adds it. Nothing here
//! prints, and nothing here knows a file.

mod span;
mod text;

pub use span::Span;
pub use text::{printable, quoted, visible, visible_lines};

use std::fmt;

/// Says how bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The cluster is refused.
    Error,
    /// The cluster is built, and someone should know.
    Warning,
}

impl Severity {
    /// Returns the word that begins a message: `error` or `warning`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A place in the source and what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The bytes that are underlined.
    pub span: Span,
    /// What stands beside the underline; may be empty.
    pub text: String,
}

/// Another file than the source.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OtherFile {
    /// Its path, as messages give it.
    pub path: String,
    /// The line in it, from 1 on, where one is meant.
    pub line: Option<usize>,
}

/// `cluster.lock:25`.
impl fmt::Display for OtherFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&visible(&self.path))?;
        self.line.map_or(Ok(()), |line| write!(f, ":{line}"))
    }
}

/// One finding: what is wrong, where, why, and what to do.
///
/// Messages are lower case, with values in backticks and no final dot. User
/// input goes in through [`quoted`]; control characters that slip through all
/// the same are escaped when the finding is shown.
///
/// ```
/// use bouquet_model::diagnostic::{Diagnostic, Span};
///
/// let twice = Diagnostic::error("two members are called `pink`")
///     .at(Span::new(40, 46), "again here")
///     .also(Span::new(11, 17), "first used here")
///     .help("a member's name is its key in `--initial-cluster`: give each its own");
/// assert_eq!(twice.primary.unwrap().span.start, 40);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a finding does nothing until it is pushed into `Diagnostics`"]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// Where it is wrong; findings about the whole file have no place.
    pub primary: Option<Label>,
    /// The file that it is about, where that is not the source.
    pub file: Option<Box<OtherFile>>,
    /// Other places that make it understandable.
    pub secondary: Vec<Label>,
    /// Facts and where they come from.
    pub notes: Vec<String>,
    /// What to do. The first line of each must make sense alone, because
    /// cargo's one-line form shows no more than that.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// Returns a finding that refuses the cluster.
    pub fn error(message: impl Into<String>) -> Self {
        Self::new(Severity::Error, message.into())
    }

    /// Returns a finding that lets the cluster pass.
    pub fn warning(message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, message.into())
    }

    /// Points at the place that is wrong.
    pub fn at(mut self, span: impl Into<Span>, label: impl Into<String>) -> Self {
        self.primary = Some(Label { span: span.into(), text: label.into() });
        self
    }

    /// Points at the place that is wrong, where something is written there.
    pub fn at_if(self, span: Option<Span>, label: impl Into<String>) -> Self {
        match span {
            Some(span) => self.at(span, label),
            None => self,
        }
    }

    /// Says that it is about another file than the source, perhaps a line of it, from 1 on.
    pub fn about(mut self, path: impl Into<String>, line: Option<usize>) -> Self {
        self.file = Some(Box::new(OtherFile { path: path.into(), line }));
        self
    }

    /// Points at one more place: "first used here".
    pub fn also(mut self, span: impl Into<Span>, label: impl Into<String>) -> Self {
        self.secondary.push(Label { span: span.into(), text: label.into() });
        self
    }

    /// Adds a fact: a rule, or where it comes from.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds what to do about it. Further lines hold an example.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    fn new(severity: Severity, message: String) -> Self {
        Self {
            severity,
            message,
            primary: None,
            file: None,
            secondary: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
        }
    }
}

/// The message alone.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&visible(&self.message))
    }
}

impl std::error::Error for Diagnostic {}
