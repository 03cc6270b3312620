//! What a node says of its member: by this the control host knows whose data goes on.

use serde::{Deserialize, Serialize};

/// What is left of a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Remains {
    pub(crate) member: String,
    /// etcd runs, or is about to.
    pub(crate) up: bool,
    /// It starts with the machine.
    pub(crate) enabled: bool,
    /// Some process has its database open, be it that of the unit or another one.
    pub(crate) open: bool,
    /// What is in its folders; null where there is nothing.
    pub(crate) data: Option<Held>,
    /// The copy of its database, where one was made.
    pub(crate) copy: Option<Copied>,
}

impl Remains {
    /// Tells whether it does not run, and does not start by itself.
    pub(crate) const fn is_ended(&self) -> bool {
        !self.up && !self.enabled && !self.open
    }
}

/// A member's data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Held {
    /// Whose it is, by the log; hexadecimal, as etcdctl has it.
    pub(crate) cluster_id: Option<String>,
    pub(crate) member_id: Option<String>,
    pub(crate) log: Option<Log>,
    /// Null where it cannot be read, as while it is written.
    pub(crate) database: Option<Database>,
    /// Why it cannot.
    pub(crate) unread: Option<String>,
    /// The token of the restore that it is from.
    pub(crate) restored: Option<String>,
}

/// How far its log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Log {
    pub(crate) term: u64,
    /// The entry up to which the member knew that a quorum had them.
    pub(crate) committed: u64,
    pub(crate) last: u64,
    /// When it was written last, in seconds since 1970, by the clock of the node.
    pub(crate) written: i64,
}

/// What is in its database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Database {
    pub(crate) revision: i64,
    pub(crate) keys: u64,
    /// The entry of the log up to which it was applied; 0 where it does not say.
    pub(crate) applied: u64,
    /// The revision of the last compaction.
    pub(crate) since: i64,
    /// The hash of all keys behind that, up to `revision`.
    pub(crate) history: u32,
    /// In bytes.
    pub(crate) size: u64,
    /// The peer URLs of the cluster that wrote it.
    pub(crate) peers: Vec<String>,
    /// How many members with a vote it had.
    pub(crate) voters: usize,
}

/// A copy of it, with its checksum at its end, as a snapshot is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Copied {
    /// Where it is on the node.
    pub(crate) file: String,
    /// In bytes.
    pub(crate) size: u64,
    /// SHA-256 of its database, hexadecimal.
    pub(crate) sha256: String,
    pub(crate) revision: i64,
    /// When it was saved, in seconds since 1970, by the clock of the node.
    pub(crate) written: i64,
}
