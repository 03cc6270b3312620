//! What `try` takes.

use clap::{Args, ValueHint};
use std::ffi::OsString;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct TryArgs {
    /// The etcd to run, in place of that of PATH
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) etcd: Option<PathBuf>,

    /// Show what the members log beside a command, too
    #[arg(long)]
    pub(crate) log: bool,

    /// The command that the cluster is for
    ///
    /// Its environment leads etcdctl and other clients to the cluster,
    /// and its exit code is that of `try`. Without it, Ctrl-C ends the
    /// cluster.
    #[arg(last = true, value_name = "COMMAND", verbatim_doc_comment)]
    pub(crate) command: Vec<OsString>,
}
