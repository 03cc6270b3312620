//! What `try` takes.

use clap::{Args, ValueHint};
use std::ffi::OsString;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct TryArgs {
    /// The etcd to run, instead of that of PATH
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) etcd: Option<PathBuf>,

    /// Show the members' logs, even with a command
    #[arg(long)]
    pub(crate) log: bool,

    /// The command to run
    ///
    /// Its environment has the cluster's endpoints and certificates for
    /// etcdctl and other clients; its exit code is that of `try`. Without a
    /// command, the cluster runs until Ctrl-C.
    #[arg(last = true, value_name = "COMMAND", verbatim_doc_comment)]
    pub(crate) command: Vec<OsString>,
}
