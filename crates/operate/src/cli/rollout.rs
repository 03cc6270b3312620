//! What `done`, `plan` and `diff` take.

use super::live::deadline;
use clap::{Args, ValueHint};
use std::path::PathBuf;
use std::time::Duration;

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

    /// A new member has taken the place of this one
    ///
    /// It was removed and added again: etcd gave the new one another ID, also
    /// where all else is as before.
    #[arg(
        long,
        value_name = "NAME",
        conflicts_with_all = ["undo", "from_lock", "restored"],
        verbatim_doc_comment
    )]
    pub(crate) replaced: Vec<String>,

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

    /// The token of that restore, as `restore` printed it
    #[arg(long, value_name = "TOKEN", requires = "restored")]
    pub(crate) token: Option<String>,

    /// This member alone was restored, into a new cluster
    ///
    /// The others are recorded as gone; `plan` adds them again.
    #[arg(long, value_name = "MEMBER", requires = "restored")]
    pub(crate) sole: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// Ask no member: plan from what is recorded
    ///
    /// All that were recorded are taken to be up then.
    #[arg(long)]
    pub(crate) offline: bool,

    /// Compare with another cluster.lock, or a commit's
    ///
    /// No member is asked then.
    #[arg(long, value_name = "FILE|REV", value_hint = ValueHint::AnyPath)]
    pub(crate) from: Option<String>,

    /// Plan from what members said before
    ///
    /// FILE is what `plan --json` printed, here or elsewhere; `-` for
    /// standard input. No member is asked then, and no key is needed.
    #[arg(
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        verbatim_doc_comment,
        conflicts_with_all = ["offline", "from", "client", "deadline"]
    )]
    pub(crate) seen: Option<PathBuf>,

    /// Put a new member in the place of this one
    ///
    /// For one whose machine or data is lost, or whose data is not that of
    /// the others.
    #[arg(
        long,
        value_name = "MEMBER",
        verbatim_doc_comment,
        conflicts_with_all = ["offline", "from"]
    )]
    pub(crate) replace: Vec<String>,

    /// Steps may stop all writes for a while
    ///
    /// With one or two members, a restart does.
    #[arg(long, conflicts_with_all = ["offline", "from"])]
    pub(crate) accept_downtime: bool,

    /// Whose certificate to use
    ///
    /// By default that of the client `root`, or else of the first client.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["offline", "from"])]
    pub(crate) client: Option<String>,

    /// How long members have to answer
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = deadline)]
    pub(crate) deadline: Duration,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct ApplyArgs {
    /// Do not ask whether to begin
    #[arg(long, short)]
    pub(crate) yes: bool,

    /// Make the cluster: install and start all members
    ///
    /// Nothing may be recorded yet. `ssh` under each `[[member]]` says how
    /// its node is reached. It ends with what `status` shows.
    #[arg(
        long,
        conflicts_with_all = ["until", "only", "pause", "alone", "hook", "replace", "accept_downtime"],
        verbatim_doc_comment
    )]
    pub(crate) bootstrap: bool,

    /// End behind the step with this number
    #[arg(long, value_name = "STEP")]
    pub(crate) until: Option<usize>,

    /// Do the steps of this member alone
    ///
    /// Files and restarts of others may wait; it ends before anything else of
    /// theirs.
    #[arg(long, value_name = "MEMBER", verbatim_doc_comment)]
    pub(crate) only: Option<String>,

    /// Ask before each step
    #[arg(long)]
    pub(crate) pause: bool,

    /// Go on where etcd gives no lock
    ///
    /// Without a quorum, or without space, it gives none. Only what brings
    /// these back is done then.
    #[arg(long, verbatim_doc_comment)]
    pub(crate) alone: bool,

    /// The program for nodes
    ///
    /// It travels by ssh, with the files of the member. By default it is this
    /// one, where it runs there.
    #[arg(
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        hide_short_help = true,
        verbatim_doc_comment
    )]
    pub(crate) node_program: Option<PathBuf>,

    /// The etcd that nodes get: the folder of a release
    ///
    /// It travels by ssh to each node that is upgraded or downgraded, or has
    /// a member that starts. More than once: for several processors.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, verbatim_doc_comment)]
    pub(crate) etcd: Vec<PathBuf>,

    /// The program that does what people do
    ///
    /// Each step that is not done from here, as on nodes and at clients, is
    /// handed to it as JSON by standard input; it was done where that ends
    /// with 0.
    #[arg(long, value_name = "PROGRAM", value_hint = ValueHint::CommandName, verbatim_doc_comment)]
    pub(crate) hook: Option<PathBuf>,

    /// How long a node may take
    ///
    /// Until members show that what is done there was done.
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = deadline)]
    pub(crate) wait: Duration,

    /// Put a new member in the place of this one
    ///
    /// As with `plan`.
    #[arg(long, value_name = "MEMBER")]
    pub(crate) replace: Vec<String>,

    /// Steps may stop all writes for a while
    #[arg(long)]
    pub(crate) accept_downtime: bool,

    /// Whose certificate to use
    ///
    /// By default that of the client `root`, or else of the first client.
    #[arg(long, value_name = "NAME")]
    pub(crate) client: Option<String>,

    /// How long members have to answer
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = deadline)]
    pub(crate) deadline: Duration,
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
