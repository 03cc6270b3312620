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

    /// Do not ask the members what they run
    ///
    /// Otherwise nothing is recorded if a member answers with another
    /// version, other URLs, or another cluster.
    #[arg(long, verbatim_doc_comment)]
    pub(crate) offline: bool,

    /// Whose certificate to use
    ///
    /// By default that of the client `root`, or else of the first client.
    #[arg(long, value_name = "NAME", conflicts_with = "offline")]
    pub(crate) client: Option<String>,

    /// Another tool has set the cluster up, and it runs
    ///
    /// For a cluster.toml that `adopt` has written: members run with its
    /// options, and have none of the files that were built. `plan` shows how
    /// they get those, and `apply` does it.
    #[arg(
        long,
        conflicts_with_all = ["names", "undo", "from_lock", "replaced", "restored"],
        verbatim_doc_comment
    )]
    pub(crate) adopted: bool,

    /// Go back to the records before
    ///
    /// Without a name: of all that were recorded last. A second time changes
    /// nothing.
    #[arg(long, conflicts_with = "from_lock", verbatim_doc_comment)]
    pub(crate) undo: bool,

    /// Believe cluster.lock, not its later copy in out/
    ///
    /// For machines that were rolled back to what an older cluster.lock
    /// records, as after `git revert`.
    #[arg(long, verbatim_doc_comment)]
    pub(crate) from_lock: bool,

    /// A new member has replaced this one
    ///
    /// It was removed and added again: etcd gave the new one another ID, even
    /// if all else is as before.
    #[arg(
        long,
        value_name = "NAME",
        conflicts_with_all = ["undo", "from_lock", "restored"],
        verbatim_doc_comment
    )]
    pub(crate) replaced: Vec<String>,

    /// All members were restored from this snapshot
    ///
    /// The cluster and its members have new IDs.
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

    /// Only this member was restored, into a new cluster
    ///
    /// The others are recorded as removed; `plan` adds them again.
    #[arg(long, value_name = "MEMBER", requires = "restored")]
    pub(crate) sole: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// Ask no member: plan from what is recorded
    ///
    /// It assumes that all recorded members are up.
    #[arg(long)]
    pub(crate) offline: bool,

    /// Compare with another cluster.lock, or a commit's
    ///
    /// No member is asked then.
    #[arg(long, value_name = "FILE|REV", value_hint = ValueHint::AnyPath)]
    pub(crate) from: Option<String>,

    /// Plan from what members said before
    ///
    /// FILE is what `plan --json` printed, here or on another machine; `-` is
    /// standard input. No member is asked then, and no key is needed.
    #[arg(
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        verbatim_doc_comment,
        conflicts_with_all = ["offline", "from", "client", "deadline"]
    )]
    pub(crate) seen: Option<PathBuf>,

    /// Replace this member by a new one
    ///
    /// For one whose machine or data is lost, or whose data differs from that
    /// of the others.
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

    /// Set up a new cluster: install and start all members
    ///
    /// Nothing may be recorded yet. Each `[[member]]` needs `ssh`. At the end
    /// it shows the status.
    #[arg(
        long,
        conflicts_with_all = ["until", "only", "pause", "alone", "hook", "replace", "accept_downtime"],
        verbatim_doc_comment
    )]
    pub(crate) bootstrap: bool,

    /// Stop after the step with this number
    #[arg(long, value_name = "STEP")]
    pub(crate) until: Option<usize>,

    /// Do only the steps of this member
    ///
    /// It leaves out files and restarts of others, and stops before any other
    /// step of theirs.
    #[arg(long, value_name = "MEMBER", verbatim_doc_comment)]
    pub(crate) only: Option<String>,

    /// Ask before each step
    #[arg(long)]
    pub(crate) pause: bool,

    /// Continue if etcd cannot give the apply lock
    ///
    /// Without a quorum, without space, or if data differs, it cannot. Then
    /// only the steps that repair this are done. Make sure that nobody else
    /// changes the cluster.
    #[arg(long, verbatim_doc_comment)]
    pub(crate) alone: bool,

    /// The program for nodes
    ///
    /// It is copied by ssh, with the member's files, and must not need the C
    /// library of nodes. By default it is this one.
    #[arg(
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        hide_short_help = true,
        verbatim_doc_comment
    )]
    pub(crate) node_program: Option<PathBuf>,

    /// The etcd for the nodes: an unpacked release's folder
    ///
    /// It is copied by ssh to each node that is upgraded or downgraded, or
    /// has a new member. Repeat it for each architecture.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, verbatim_doc_comment)]
    pub(crate) etcd: Vec<PathBuf>,

    /// The program for steps that you would do
    ///
    /// It gets each such step, as on nodes without ssh and at clients, as
    /// JSON on standard input; exit code 0 means done.
    #[arg(long, value_name = "PROGRAM", value_hint = ValueHint::CommandName, verbatim_doc_comment)]
    pub(crate) hook: Option<PathBuf>,

    /// How long to wait for work on a node
    ///
    /// Until its member shows that it was done, or has caught up.
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = deadline)]
    pub(crate) wait: Duration,

    /// Replace this member by a new one
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
