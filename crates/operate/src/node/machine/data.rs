//! What lies in the folders of a member's data and of its log.

use bouquet_etcd::wal::Identity;

/// What is there, by the names of files and the head of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Data {
    /// Nothing that a member has written.
    None,
    /// A log with its database, of that member.
    Whole(Identity),
    /// A log with its database, and it does not tell whose.
    Nameless,
    /// A log without a database, which is replayed where no snapshot was made.
    LogAlone(Option<Identity>),
    /// A database without a log: the first start was interrupted, or the log is gone.
    DatabaseAlone,
}

impl Data {
    /// Tells whether etcd makes a log when it starts with this.
    pub(crate) fn has_no_log(&self) -> bool {
        matches!(self, Self::None | Self::DatabaseAlone)
    }
}
