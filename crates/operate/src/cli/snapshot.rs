//! What commands take that save the cluster's data and bring it back.

#![expect(clippy::doc_markdown, reason = "help pages are not Markdown")]

use super::live::deadline;
use clap::{Args, ValueHint};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, Args)]
pub(crate) struct SnapshotArgs {
    /// The file, or an existing folder, or `-` for stdout
    ///
    /// In a folder its name has the cluster, the revision and the date.
    #[arg(value_name = "FILE", value_hint = ValueHint::AnyPath)]
    pub(crate) file: PathBuf,

    /// The member to take it from
    ///
    /// By default a follower that has caught up, or else the leader.
    #[arg(long, value_name = "MEMBER")]
    pub(crate) from: Option<String>,

    /// How many snapshots of this cluster the folder keeps
    ///
    /// After the new one, the oldest are removed; by default none.
    #[arg(long, value_name = "N")]
    pub(crate) keep: Option<NonZeroUsize>,

    /// Also save a doubtful snapshot
    ///
    /// Without a quorum, with the alarm CORRUPT, from members that have
    /// diverged, or at a lower revision than the last snapshot.
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

    /// The member on whose node you paste the commands
    #[arg(index = 2, value_name = "MEMBER")]
    pub(crate) member: Option<String>,

    /// The token of a restore that was begun already
    ///
    /// All members are restored with the same token. By default it is a new
    /// one, so that members that are left out cannot join.
    #[arg(long, value_name = "TOKEN", conflicts_with = "drill", verbatim_doc_comment)]
    pub(crate) token: Option<String>,

    /// Restore it into a throw-away cluster here, and compare
    ///
    /// It prints no steps and changes nothing. Exit code 0: each member has
    /// what the snapshot has, all have one hash, and a write succeeds. It
    /// needs the size of the snapshot for each member in `TMPDIR`.
    #[arg(long, conflicts_with = "member", verbatim_doc_comment)]
    pub(crate) drill: bool,

    /// The etcd to run for the drill; by default that of PATH
    ///
    /// etcdutl is the one beside it, or that of PATH.
    #[arg(long, value_name = "FILE", requires = "drill", value_hint = ValueHint::FilePath)]
    pub(crate) etcd: Option<PathBuf>,

    /// Show the members' logs during the drill
    #[arg(long, requires = "drill")]
    pub(crate) log: bool,

    /// Print JSON
    #[arg(long, conflicts_with = "member")]
    pub(crate) json: bool,
}
