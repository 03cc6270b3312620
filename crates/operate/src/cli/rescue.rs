//! What `rescue` takes.

use super::live::deadline;
use clap::{Args, ValueHint};
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct RescueArgs {
    /// On a node: its member, to see what data it has
    #[arg(value_name = "MEMBER")]
    pub(crate) member: Option<String>,

    /// On a node: stop etcd, and keep it stopped
    #[arg(long, requires = "member")]
    pub(crate) stop: bool,

    /// On a node: save the database of a stopped member
    ///
    /// It becomes a snapshot with its checksum, /root/rescue-MEMBER.db.
    #[arg(long, requires = "member", verbatim_doc_comment)]
    pub(crate) save: bool,

    /// This member never comes back: machine or data is gone
    ///
    /// Repeat it for each member that ssh does not reach.
    #[arg(long, value_name = "MEMBER", conflicts_with = "member")]
    pub(crate) lost: Vec<String>,

    /// The member whose data to use
    ///
    /// By default the one that has most.
    #[arg(long, value_name = "MEMBER", conflicts_with = "member")]
    pub(crate) from: Option<String>,

    /// All members have new addresses
    ///
    /// Their data has the old ones: they run and find no leader. If you can
    /// add the old addresses to the machines, do that instead: then nothing
    /// is lost.
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
