//! What was to be done on a node, and was not, or nobody knows.

use bouquet_model::diagnostic::Diagnostic;

/// Says what is known of a node on which something failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// Nothing was done there.
    Nothing,
    /// `install` refused or failed, and has said why and what was done before.
    Told,
    /// Another run changes the node, and will end.
    Busy,
    /// It may have been done, or go on: the same again finds out, and does what is left.
    Unknown,
}

/// A failure on a node, and what is known of what was done there.
#[derive(Debug)]
pub(crate) struct Undone {
    pub(crate) known: Known,
    pub(crate) problem: Diagnostic,
}

impl Undone {
    /// Makes one of a call by which nothing was done.
    pub(super) fn nothing(problem: Diagnostic) -> Self {
        Self { known: Known::Nothing, problem }
    }
}

impl From<Undone> for Diagnostic {
    fn from(undone: Undone) -> Self {
        undone.problem
    }
}
