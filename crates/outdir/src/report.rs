//! What a commit did.

use super::path::OutPath;
use bouquet_model::diagnostic::Diagnostic;

/// Holds what a commit did; nothing was printed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Files that are new or changed.
    pub written: Vec<OutPath>,
    /// Those of them that held something else before.
    pub replaced: Vec<OutPath>,
    /// Files that were no longer wanted and are gone.
    pub pruned: Vec<OutPath>,
    /// How many files were as they should be.
    pub unchanged: usize,
    /// What the user has to know.
    pub notices: Vec<Diagnostic>,
}
