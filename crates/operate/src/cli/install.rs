//! What `install` takes.

use clap::{Args, ValueHint};
use std::path::PathBuf;

#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
#[derive(Debug, Args)]
pub(crate) struct InstallArgs {
    /// The member whose node this is
    #[arg(index = 1, value_name = "MEMBER")]
    pub(crate) member: String,

    /// Its folder of out/members, or `-` for a tar of it
    ///
    /// By default it is the one beside this program.
    #[arg(index = 2, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub(crate) from: Option<PathBuf>,

    /// Install this etcd, too: a release's folder, or `-`
    ///
    /// DIR is the folder of an unpacked release; `-`: its programs are in the
    /// tar. etcd, etcdctl and etcdutl go into /usr/local/sbin if they are
    /// there already, else into /usr/local/bin, and etcd is restarted. The
    /// version has to be that of cluster.toml.
    #[arg(
        long,
        value_name = "DIR",
        value_hint = ValueHint::DirPath,
        conflicts_with_all = ["rollback", "retire", "restore", "root"],
        verbatim_doc_comment
    )]
    pub(crate) etcd: Option<PathBuf>,

    /// Allow the previous minor of etcd
    ///
    /// For a downgrade that the cluster has enabled.
    #[arg(long, requires = "etcd")]
    pub(crate) downgrade: bool,

    /// Show what would be done, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Found the cluster although no other member answers
    ///
    /// For the first founding member: the next ones find it.
    #[arg(long)]
    pub(crate) bootstrap: bool,

    /// Install the files, and start nothing
    #[arg(long)]
    pub(crate) no_start: bool,

    /// Install the files, and restart nothing
    ///
    /// etcd stays as it is, up or down. Options and CAs count at its next
    /// start.
    #[arg(long, verbatim_doc_comment, conflicts_with_all = ["bootstrap", "no_start", "rollback", "retire", "set_aside", "restore", "root"])]
    pub(crate) no_restart: bool,

    /// Go back to the previous installation
    #[arg(long, conflicts_with_all = ["from", "set_aside", "bootstrap"])]
    pub(crate) rollback: bool,

    /// Stop a member that was removed, and set its data aside
    #[arg(long, conflicts_with_all = ["from", "set_aside", "bootstrap", "rollback", "root", "no_start"])]
    pub(crate) retire: bool,

    /// Rename existing data, with the date, and start empty
    #[arg(long, conflicts_with = "root")]
    pub(crate) set_aside: bool,

    /// Install a member that is being added to a cluster
    ///
    /// Data of one that was removed from it is renamed, with the date. With
    /// --dry-run, it need not be added yet, and the node need not have etcd.
    #[arg(
        long,
        verbatim_doc_comment,
        conflicts_with_all = ["bootstrap", "no_start", "no_restart", "rollback", "retire", "restore", "root"]
    )]
    pub(crate) joining: bool,

    /// Restore its data from this snapshot
    ///
    /// All other members have to be stopped.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath,
          conflicts_with_all = ["set_aside", "bootstrap", "rollback", "retire", "root", "no_start"])]
    pub(crate) restore: Option<PathBuf>,

    /// The restore's token, from the node where it was begun
    #[arg(long, value_name = "TOKEN", requires = "restore")]
    pub(crate) token: Option<String>,

    /// Restore it as the only member of a new cluster
    ///
    /// For a lost quorum, as `rescue` does; the others are added afterwards.
    #[arg(long, requires = "restore")]
    pub(crate) sole: bool,

    /// Restart etcd although that stops writes
    #[arg(long)]
    pub(crate) accept_downtime: bool,

    /// Believe what members answer over plain HTTP
    #[arg(long)]
    pub(crate) trust_network: bool,

    /// Install into the image in this folder; start nothing
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) root: Option<PathBuf>,

    /// Print JSON
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) json: bool,
}
