//! The commands.

#![expect(clippy::doc_markdown, reason = "help pages are not Markdown")]

use super::adopt::AdoptArgs;
use super::install::InstallArgs;
use super::live::StatusArgs;
use super::look::{
    AnsibleArgs, CertsArgs, CheckNodeArgs, CommandArgs, CompletionsArgs, DoctorArgs, EtcdctlArgs,
    ManArgs, MembersArgs, OverviewArgs,
};
use super::new::NewArgs;
use super::rescue::RescueArgs;
use super::rollout::{ApplyArgs, DiffArgs, DoneArgs, PlanArgs};
use super::secrets::SecretsArgs;
use super::snapshot::{RestoreArgs, SnapshotArgs};
use super::trial::TryArgs;
use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// An etcd cluster, compiled from cluster.toml
///
/// Without a command it shows the cluster at a glance.
#[derive(Debug, Parser)]
#[command(disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Verb>,

    /// The folder that `cargo build` wrote [env: BOUQUET_OUT]
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) out: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) overview: OverviewArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the members: name, ID, URLs
    Members(MembersArgs),
    /// Print a member's etcd command, or the same in another form
    ///
    /// The text is, byte for byte, that of the member's file in out/members/.
    Command(CommandArgs),
    /// List the certificates and when they expire
    ///
    /// With --check it is a plugin for Nagios, Icinga and their like: one line with
    /// the state of the certificates, and the exit code of that state.
    #[command(verbatim_doc_comment)]
    Certs(CertsArgs),
    /// Compare the files on a member's node with what is compiled in
    ///
    /// On the node it needs no argument: it looks at the unit with its drop-ins and at
    /// the certificates, keys and their owners, and finds out whose node it is. It
    /// changes nothing. Exit code 0: all is as compiled, 1: something is wrong.
    #[command(verbatim_doc_comment)]
    CheckNode(CheckNodeArgs),
    /// Say what is wrong on this node, why, and what mends it
    ///
    /// It looks at etcd and its unit, certificates, ports, addresses and names, the
    /// other members, the clock, the disk, the data, limits and packet filters. It
    /// changes nothing. With --log it explains what etcd says in a log.
    ///
    /// Exit code 0: all is well, 1: something is wrong, 3: nothing wrong was seen, but
    /// not all could be looked at, as without root.
    #[command(verbatim_doc_comment)]
    Doctor(DoctorArgs),
    /// Put a member on this node, and start it
    ///
    /// It runs as root on the node, with the member's folder of out/members beside this
    /// program. What is in its place already is left alone, so that it can be run again.
    /// Whether the member founds the cluster, joins it or goes on is found out; where
    /// that cannot be told, nothing is changed. What is in etcd's data is never touched.
    #[command(verbatim_doc_comment)]
    Install(InstallArgs),
    /// Look at the cluster that runs, beside what is compiled
    ///
    /// Every member is asked at once, and nothing is changed. Exit code 0: all are up
    /// and as compiled, 1: something is wrong, 2: all is well, but other than
    /// compiled, 3: too little was seen, or there is no quorum.
    #[command(verbatim_doc_comment)]
    Status(StatusArgs),
    /// Save the cluster's data
    ///
    /// It comes from a healthy member that has caught up, not the leader where there is
    /// a choice, and is proven by its checksum before it takes its place. What it holds
    /// is all that is in etcd: keep it where secrets are kept.
    #[command(verbatim_doc_comment)]
    Snapshot(SnapshotArgs),
    /// Show how a snapshot is brought back, on all members
    ///
    /// It is read to its last byte, and said what it is; then come the commands to
    /// paste, in order. Nothing is changed by this. With MEMBER they are those for its
    /// own node.
    #[command(verbatim_doc_comment)]
    Restore(RestoreArgs),
    /// Go on with one member's data, where the quorum is lost for good
    ///
    /// Members that can be started again are started first, and nothing is lost. Where
    /// too few ever come back, the data of the one that has most becomes a new cluster
    /// of that member alone; `apply` adds the others to it. Before that it shows what
    /// each has left, what is kept and what is lost, and asks.
    ///
    /// On a node, with MEMBER, it says what the member there has left.
    #[command(verbatim_doc_comment)]
    Rescue(RescueArgs),
    /// Run the whole cluster on this machine, to throw away
    ///
    /// All members run here with the options of cluster.toml, on free ports of
    /// 127.0.0.1, with a CA and data of their own in a temporary folder. Nothing of it
    /// is left afterwards, and nothing else is written.
    #[command(verbatim_doc_comment)]
    Try(TryArgs),
    /// Run etcdctl with this cluster's endpoints and certificates
    ///
    /// Without arguments it prints the environment that etcdctl needs.
    ///
    /// The certificates are those of the client `root`, or else of the first client.
    /// They are looked for in the folder that --out or BOUQUET_OUT names; else in the
    /// out/ of the package that `cargo run` runs; else in an out/ here or above; else
    /// in an out/ above this program; else where the client has them on its machine.
    #[command(verbatim_doc_comment)]
    Etcdctl(EtcdctlArgs),
    /// Take keys from one clone of the package to another
    ///
    /// A clone has cluster.toml and cluster.lock, and no key. Keys travel as a stream
    /// that you encrypt, by age, gpg or sops.
    #[command(verbatim_doc_comment)]
    Secrets(SecretsArgs),
    /// Print the cluster as an inventory for Ansible
    ///
    /// The members are the group etcd. A script of two lines lets Ansible ask for it:
    /// docs/ansible.md has it, with a playbook.
    #[command(verbatim_doc_comment)]
    Ansible(AnsibleArgs),
    /// Record in cluster.lock that what is compiled is on the machines
    ///
    /// Say so once it is rolled out: builds then know what a change means for a
    /// cluster that runs. All that differs from the record is shown, and written once
    /// you agree. Nothing else is changed; commit cluster.lock afterwards.
    #[command(verbatim_doc_comment)]
    Done(DoneArgs),
    /// Show what has to be done so that what is compiled runs
    ///
    /// The steps in order, from what members say and cluster.lock records to what is
    /// compiled: the commands to paste, and how many members may fail meanwhile.
    ///
    /// Exit code 0: nothing to do, 1: refused, or no further steps can be planned,
    /// 2: changes are pending, 3: nothing is recorded, or no member answers.
    #[command(verbatim_doc_comment)]
    Plan(PlanArgs),
    /// Carry out the plan: what is compiled runs afterwards
    ///
    /// It shows the plan, asks, and does one step after the other. Members are asked
    /// and the plan is made again before each; it ends where that has a step that was
    /// not shown. It may be ended at any moment: the next plan goes on from there.
    ///
    /// Exit code 0: what is compiled runs, 1: it failed, or the cluster is not as it
    /// was to be, 2: steps are left, 3: nothing is recorded, or no member answers.
    #[command(verbatim_doc_comment)]
    Apply(ApplyArgs),
    /// The same as `plan --offline --from REV`
    ///
    /// Without a revision it compares with what cluster.lock records now.
    #[command(verbatim_doc_comment)]
    Diff(DiffArgs),
    /// Write the cluster.toml of a cluster that runs already
    ///
    /// It reads what members are started with, each option is compared, and what
    /// cluster.toml cannot say is listed. Certificates are looked at where they are
    /// found; no key is. The cluster that is compiled plays no part.
    ///
    /// Exit code 0: all is said, 1: something cannot be said, or read.
    #[command(verbatim_doc_comment)]
    Adopt(AdoptArgs),
    /// Make a package of your own, for another cluster
    ///
    /// It writes Cargo.toml, build.rs, src/main.rs, cluster.toml, .gitignore and
    /// .dockerignore into DIR, and nothing else. The cluster of this program has
    /// nothing to do with it, but for where Bouquet's crates come from.
    #[command(verbatim_doc_comment)]
    New(NewArgs),
    /// Print a script that completes this command line in a shell
    Completions(CompletionsArgs),
    /// Write manual pages: one of this program, one of each command
    ///
    /// `man` finds them in /usr/local/share/man/man1, and in ~/.local/share/man/man1
    /// where ~/.local/bin is in PATH.
    #[command(verbatim_doc_comment)]
    Man(ManArgs),
}
