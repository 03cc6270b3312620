//! What is to be looked at, as the command line asks for it.

use crate::node::checks::Judged;
use crate::node::machine::facts::Seen;
use std::path::PathBuf;

/// A node is examined.
#[derive(Debug, PartialEq, Eq)]
pub struct Doctor {
    /// The member whose node it is.
    pub(crate) member: String,
    /// What was found of its files of options.
    pub(crate) options: Judged,
    /// What was found of its certificates.
    pub(crate) certificates: Seen<Judged>,
    pub(crate) json: bool,
    /// The name of the program, as it is typed.
    pub(crate) program: String,
}

/// A log of etcd's is explained.
#[derive(Debug, PartialEq, Eq)]
pub struct Explain {
    /// `None` for standard input.
    pub(crate) file: Option<PathBuf>,
    /// The member whose log it is, where that is said.
    pub(crate) member: Option<String>,
    pub(crate) json: bool,
    /// The name of the program, as it is typed.
    pub(crate) program: String,
}
