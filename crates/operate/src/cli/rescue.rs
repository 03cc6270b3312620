//! What `rescue` takes.

use super::live::deadline;
use clap::{Args, ValueHint};
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct RescueArgs {
    /// On a node: its member, to see what that has left
    #[arg(value_name = "MEMBER")]
    pub(crate) member: Option<String>,

    /// On a node: end etcd there, so that it does not start by itself
    #[arg(long, requires = "member")]
    pub(crate) stop: bool,

    /// On a node: save the database of a member that has ended
    ///
    /// It is put beside what root has, as /root/rescue-MEMBER.db, with the
    /// checksum that a snapshot ends with.
    #[arg(long, requires = "member", verbatim_doc_comment)]
    pub(crate) save: bool,

    /// This member never comes back: its machine or its data is gone
    ///
    /// To be said of each that is not reached by ssh.
    #[arg(long, value_name = "MEMBER", conflicts_with = "member")]
    pub(crate) lost: Vec<String>,

    /// Whose data goes on; by default that of the one that has most
    #[arg(long, value_name = "MEMBER", conflicts_with = "member")]
    pub(crate) from: Option<String>,

    /// All members have other addresses now than their data has
    ///
    /// They run and find no leader. Where the old addresses can be given to
    /// the machines besides, nothing is lost, and nothing is to be rescued.
    #[arg(long, verbatim_doc_comment)]
    pub(crate) moved: bool,

    /// Ask nothing
    #[arg(long, short, conflicts_with = "member")]
    pub(crate) yes: bool,

    /// The program for nodes, as with `apply`
    #[arg(
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        hide_short_help = true,
        conflicts_with = "member"
    )]
    pub(crate) node_program: Option<PathBuf>,

    /// Whose certificate to use
    ///
    /// By default that of the client `root`, or else of the first client.
    #[arg(long, value_name = "NAME", conflicts_with = "member")]
    pub(crate) client: Option<String>,

    /// How long members have to answer
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = deadline)]
    pub(crate) deadline: Duration,

    /// On a node: print JSON
    #[arg(long, requires = "member")]
    pub(crate) json: bool,
}
