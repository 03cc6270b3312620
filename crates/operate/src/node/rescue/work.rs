//! What is to be done on a node of a cluster that has lost its quorum.

/// A look at what a member has left.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[derive(Debug, PartialEq, Eq)]
pub struct Survey {
    /// Its name, which is compiled.
    pub(crate) member: String,
    /// etcd ends here, and does not start again.
    pub(crate) stop: bool,
    /// Its database is saved.
    pub(crate) save: bool,
    /// All members are at other addresses than their data has.
    pub(crate) moved: bool,
    /// It is told as JSON.
    pub(crate) json: bool,
    /// The name of the program, as it is typed.
    pub(crate) program: String,
}
