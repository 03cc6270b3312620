//! What commands take that save the cluster's data and bring it back.

#![expect(clippy::doc_markdown, reason = "help pages are not Markdown")]

use super::live::deadline;
use clap::{Args, ValueHint};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, Args)]
pub(crate) struct SnapshotArgs {
    /// The file, or a folder that is there, or `-` for stdout
    ///
    /// In a folder its name has the cluster, the revision and the date.
    #[arg(value_name = "FILE", value_hint = ValueHint::AnyPath)]
    pub(crate) file: PathBuf,

    /// The member that is asked
    ///
    /// By default a follower that has caught up, or else the leader.
    #[arg(long, value_name = "MEMBER")]
    pub(crate) from: Option<String>,

    /// How many snapshots of this cluster the folder keeps
    ///
    /// Once the new one is there, the oldest are removed; without it none.
    #[arg(long, value_name = "N")]
    pub(crate) keep: Option<NonZeroUsize>,

    /// Save also what is in doubt
    ///
    /// Without a quorum, under the alarm CORRUPT, of members that have
    /// diverged, or at a revision below that of the snapshot before.
    #[arg(long, verbatim_doc_comment)]
    pub(crate) force: bool,

    /// Whose certificate to use
    ///
    /// By default that of the client `root`, or else of the first client.
    #[arg(long, value_name = "NAME")]
    pub(crate) client: Option<String>,

    /// How long members have to answer
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = deadline)]
    pub(crate) deadline: Duration,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,

    /// Write metrics of the last good snapshot to a file
    ///
    /// They are for the textfile collector of Prometheus's node_exporter.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) textfile: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    /// The snapshot
    #[arg(index = 1, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    /// The member on whose node the commands are to be pasted
    #[arg(index = 2, value_name = "MEMBER")]
    pub(crate) member: Option<String>,

    /// The token of a restore that was begun already
    ///
    /// By default a new one, by which members that are left out cannot join.
    /// All members are restored with the same.
    #[arg(long, value_name = "TOKEN", conflicts_with = "drill")]
    pub(crate) token: Option<String>,

    /// Restore it into a throw-away cluster here, and compare
    ///
    /// Prints no steps and changes nothing: 0 where each member has what the
    /// snapshot has, all have one hash, and a write goes through. It takes
    /// the space of the snapshot for each member in `TMPDIR`.
    #[arg(long, conflicts_with = "member", verbatim_doc_comment)]
    pub(crate) drill: bool,

    /// The etcd to run for the drill; by default that of PATH
    ///
    /// etcdutl is taken from beside it, or else from PATH.
    #[arg(long, value_name = "FILE", requires = "drill", value_hint = ValueHint::FilePath)]
    pub(crate) etcd: Option<PathBuf>,

    /// Show what members log during the drill
    #[arg(long, requires = "drill")]
    pub(crate) log: bool,

    /// Print JSON
    #[arg(long, conflicts_with = "member")]
    pub(crate) json: bool,
}
