//! What is to be installed, as the command line asks for it.

use std::path::PathBuf;
use std::time::SystemTime;

/// A member is put on this node.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[derive(Debug, PartialEq, Eq)]
pub struct Install {
    /// Its name, which is compiled.
    pub(crate) member: String,
    /// The folder that was brought; without one it is looked for beside the program.
    pub(crate) from: Option<PathBuf>,
    /// Where the program is.
    pub(crate) beside: Option<PathBuf>,
    /// The node's root: `/`, or the folder of an image.
    pub(crate) root: Option<PathBuf>,
    /// Nothing is changed, and all that would be is shown.
    pub(crate) dry_run: bool,
    /// etcd is to run afterwards.
    pub(crate) starts: bool,
    /// It founds the cluster although no other member answers.
    pub(crate) bootstrap: bool,
    /// What plain HTTP says of the members is believed.
    pub(crate) trust_network: bool,
    /// The restart may stop writes.
    pub(crate) accept_downtime: bool,
    /// The version of before is put back.
    pub(crate) rollback: bool,
    /// The member was removed: it ends, and its data gives way.
    pub(crate) retire: bool,
    /// The data that is here gives way, under a dated name.
    pub(crate) set_aside: bool,
    /// The snapshot that its data is restored from.
    pub(crate) restore: Option<PathBuf>,
    /// The token of that restore, where it was begun on another node.
    pub(crate) token: Option<String>,
    /// What was done is printed as JSON.
    pub(crate) json: bool,
    /// The name of the program, as it is typed.
    pub(crate) program: String,
}

/// The ways to a person.
pub(crate) struct Ways<'a> {
    pub(crate) print: &'a dyn Fn(&str),
    pub(crate) say: &'a dyn Fn(&str),
    pub(crate) clock: fn() -> SystemTime,
}
