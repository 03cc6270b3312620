//! What is known of each member.

use crate::node::rescue::Remains;
use bouquet_model::diagnostic::Diagnostic;

/// Holds what is known of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    /// Its node has said that.
    Node(Box<Remains>),
    /// It never comes back, as a person says.
    Lost,
    /// Nobody has said anything, for this reason.
    Nothing(Box<Diagnostic>),
    /// Its node is reached, and the program for it does not run there.
    Unfit(Box<Diagnostic>),
}

/// A member, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) name: String,
    pub(super) word: Word,
}

impl Told {
    pub(super) fn remains(&self) -> Option<&Remains> {
        match &self.word {
            Word::Node(remains) => Some(remains),
            Word::Lost | Word::Nothing(_) | Word::Unfit(_) => None,
        }
    }
}
