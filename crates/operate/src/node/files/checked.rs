//! A file that was looked at.

use bouquet_model::diagnostic::Diagnostic;
use std::path::{Path, PathBuf};

/// A file that was looked at, and all that is wrong with it.
pub(crate) struct Checked {
    pub(crate) file: PathBuf,
    /// The form of a member's options that it is in, as `command -o` has it.
    pub(crate) format: Option<&'static str>,
    /// The member or client that it is of, as far as it tells.
    pub(crate) owner: Option<String>,
    pub(crate) state: State,
    pub(crate) problems: Vec<Diagnostic>,
}

/// The state of a file: the word for it in JSON, and whether that is as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) word: &'static str,
    pub(crate) is_fine: bool,
}

impl State {
    /// Byte for byte.
    pub(crate) const AS_COMPILED: Self = Self::fine("as_compiled");
    /// A member that runs takes it for the same.
    pub(crate) const SAME_DEFINITION: Self = Self::fine("same_definition");
    /// A key that belongs to the certificate beside it.
    pub(crate) const FITS: Self = Self::fine("fits");
    /// A list of revoked certificates that can be read.
    pub(crate) const READABLE: Self = Self::fine("readable");
    /// A unit of the operator's that takes a file of the build's.
    pub(crate) const OWN_UNIT: Self = Self::fine("own_unit");
    /// A drop-in that leaves alone how etcd runs.
    pub(crate) const DROP_IN: Self = Self::fine("drop_in");

    /// A file of another member's.
    pub(crate) const ANOTHERS: Self = Self::wrong("another_members");
    /// A file of another build's.
    pub(crate) const OTHER_BUILD: Self = Self::wrong("other_build");

    const fn fine(word: &'static str) -> Self {
        Self { word, is_fine: true }
    }

    pub(crate) const fn wrong(word: &'static str) -> Self {
        Self { word, is_fine: false }
    }

    /// Returns the state as a person reads it.
    pub(crate) fn text(self) -> String {
        match self {
            Self::ANOTHERS => "another member's".to_owned(),
            Self { word: "key_of_a_ca", .. } => "key of a CA".to_owned(),
            other => other.word.replace('_', " "),
        }
    }
}

impl Checked {
    pub(crate) fn new(file: &Path, state: State) -> Self {
        Self { file: file.to_owned(), format: None, owner: None, state, problems: Vec::new() }
    }

    /// Returns the same with something wrong.
    pub(crate) fn because(mut self, problem: Diagnostic) -> Self {
        self.problems.push(problem);
        self
    }
}
