//! What `done`, `plan` and `diff` take.

use clap::{Args, ValueHint};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct DoneArgs {
    /// Only these members or clients; without any, all of them
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,

    /// Ask nothing
    #[arg(long, short)]
    pub(crate) yes: bool,

    /// Ask no member whether that is what it runs
    ///
    /// Otherwise nothing is recorded where a member answers, and is seen to
    /// run another version, at other URLs, or in another cluster.
    #[arg(long, verbatim_doc_comment)]
    pub(crate) offline: bool,

    /// Go back to the records before
    ///
    /// Without a name: of all that were recorded the last time. A second time
    /// changes nothing.
    #[arg(long, conflicts_with = "from_lock", verbatim_doc_comment)]
    pub(crate) undo: bool,

    /// Take cluster.lock for true, not its later copy in out/
    ///
    /// For machines that went back to what an older cluster.lock tells, as
    /// after `git revert`.
    #[arg(long, verbatim_doc_comment)]
    pub(crate) from_lock: bool,

    /// All members were restored from this snapshot
    ///
    /// The cluster and its members have other IDs since then.
    #[arg(
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        conflicts_with_all = ["names", "undo", "from_lock"]
    )]
    pub(crate) restored: Option<PathBuf>,

    /// The token that the restore was given, as `restore` printed it
    #[arg(long, value_name = "TOKEN", requires = "restored")]
    pub(crate) token: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// Ask no live cluster
    ///
    /// This release asks none anyway, and says so without this.
    #[arg(long)]
    pub(crate) offline: bool,

    /// Compare with another cluster.lock, or a commit's
    #[arg(long, value_name = "FILE|REV", value_hint = ValueHint::AnyPath)]
    pub(crate) from: Option<String>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// The commit whose cluster.lock to compare with, or another cluster.lock
    #[arg(value_name = "REV")]
    pub(crate) from: Option<String>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
