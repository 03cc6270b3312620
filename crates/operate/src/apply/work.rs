//! What is to be carried out, as the command line asks for it.

use crate::plan::Planning;
use crate::record::Recording;
use std::path::PathBuf;
use std::time::Duration;

/// A plan that is to be carried out.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[derive(Debug, PartialEq, Eq)]
pub struct Applying {
    pub(crate) planning: Planning,
    /// What is recorded at its end.
    pub(crate) recording: Recording,
    /// Nothing runs yet: all members are installed.
    pub(crate) bootstrap: bool,
    /// Nobody is asked whether to begin.
    pub(crate) yes: bool,
    /// It ends behind the step with this number.
    pub(crate) until: Option<usize>,
    /// It asks before each step.
    pub(crate) pause: bool,
    /// Nobody else changes the cluster, whether etcd gives a lock or not.
    pub(crate) alone: bool,
    /// The steps of this member alone.
    pub(crate) only: Option<String>,
    /// The program for nodes; this one, where it runs there.
    pub(crate) node_program: Option<PathBuf>,
    /// Folders with the etcd that nodes get, of one processor each.
    pub(crate) etcd: Vec<PathBuf>,
    /// The program that does what people do.
    pub(crate) hook: Option<PathBuf>,
    /// How long what is done on a node may take to be seen.
    pub(crate) wait: Duration,
    /// Where snapshots go.
    pub(crate) home: PathBuf,
    /// Who does this, for the others.
    pub(crate) who: String,
}
