//! What `install` takes.

use clap::{Args, ValueHint};
use std::path::PathBuf;

#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
#[derive(Debug, Args)]
pub(crate) struct InstallArgs {
    /// The member whose node this is
    #[arg(index = 1, value_name = "MEMBER")]
    pub(crate) member: String,

    /// Its folder of out/members, or `-` for a tar of it; without it, one beside this program
    #[arg(index = 2, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub(crate) from: Option<PathBuf>,

    /// The etcd to run: a release's folder, as unpacked, or `-` for its programs in the tar
    ///
    /// etcd, etcdctl and etcdutl go to where they are, or into /usr/local/bin,
    /// and etcd is restarted for them. It has to be the version of
    /// cluster.toml.
    #[arg(
        long,
        value_name = "DIR",
        value_hint = ValueHint::DirPath,
        conflicts_with_all = ["rollback", "retire", "restore", "root"],
        verbatim_doc_comment
    )]
    pub(crate) etcd: Option<PathBuf>,

    /// Take an etcd of the minor before, which the cluster was told of
    #[arg(long, requires = "etcd")]
    pub(crate) downgrade: bool,

    /// Show what would be done, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Found the cluster although no other member answers
    ///
    /// For the first of its founders: the next ones see that it runs.
    #[arg(long)]
    pub(crate) bootstrap: bool,

    /// Put the files into their places, and start nothing
    #[arg(long)]
    pub(crate) no_start: bool,

    /// Put the files into their places, and restart nothing
    ///
    /// etcd goes on as it is, up or down: options and CAs count at its next start.
    #[arg(long, conflicts_with_all = ["bootstrap", "no_start", "rollback", "retire", "set_aside", "restore", "root"])]
    pub(crate) no_restart: bool,

    /// Put back the version that was installed before
    #[arg(long, conflicts_with_all = ["from", "set_aside", "bootstrap"])]
    pub(crate) rollback: bool,

    /// End a member that was removed from the cluster, and set its data aside
    #[arg(long, conflicts_with_all = ["from", "set_aside", "bootstrap", "rollback", "root", "no_start"])]
    pub(crate) retire: bool,

    /// Set the data that is here aside, under a dated name, and begin with nothing
    #[arg(long, conflicts_with_all = ["no_start", "root"])]
    pub(crate) set_aside: bool,

    /// Restore its data from this snapshot, with all other members stopped
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath,
          conflicts_with_all = ["set_aside", "bootstrap", "rollback", "retire", "root", "no_start"])]
    pub(crate) restore: Option<PathBuf>,

    /// The token of a restore that was begun on another node
    #[arg(long, value_name = "TOKEN", requires = "restore")]
    pub(crate) token: Option<String>,

    /// Restore it into a new cluster, of which it is all
    ///
    /// The way back from a lost quorum, as `rescue` goes it: the others are added again.
    #[arg(long, requires = "restore")]
    pub(crate) sole: bool,

    /// Restart etcd although that stops writes
    #[arg(long)]
    pub(crate) accept_downtime: bool,

    /// Believe what is said over plain HTTP of who the members are
    #[arg(long)]
    pub(crate) trust_network: bool,

    /// Put them into the image in this folder; nothing is started
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) root: Option<PathBuf>,

    /// Print JSON
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) json: bool,
}
