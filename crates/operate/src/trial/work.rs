//! What `try` is asked for.

use std::ffi::OsString;
use std::path::PathBuf;

/// A throw-away cluster is to run.
#[derive(Debug, PartialEq, Eq)]
pub struct Try {
    /// The etcd to run; that of `PATH` where none is named.
    pub(crate) etcd: Option<PathBuf>,
    /// What the members log is shown beside a command, too.
    pub(crate) log: bool,
    /// The command that the cluster is for; without any, it runs until it is interrupted.
    pub(crate) command: Vec<OsString>,
}
