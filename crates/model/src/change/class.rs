//! What a change asks of an operator.

use crate::words::words;

/// Says what a change asks of an operator, from nothing to more than can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Nothing.
    Free,
    /// New files on a machine; nothing is restarted.
    Copy,
    /// A decision that can wait: something goes on being valid.
    Pending,
    /// New files and a restart, one member at a time.
    Restart,
    /// etcd has to be told, or looked at, in a certain order.
    AskEtcd,
    /// It would lose data, the quorum or the cluster, or cut someone off: no build does it, unless it is
    /// accepted by name.
    Refused,
}

words!(Class {
    Free = "free", Copy = "copy", Pending = "pending", Restart = "restart", AskEtcd = "ask etcd first",
    Refused = "refused",
});

impl Class {
    /// Returns what it asks, as a line of a table.
    pub const fn asks(self) -> &'static str {
        match self {
            Self::Free => "nothing",
            Self::Copy => "new files on the machine; nothing is restarted",
            Self::Pending => {
                "a decision that can wait: a certificate goes on being valid; revoke it, or accept that"
            }
            Self::Restart => "new files and a restart, one member at a time",
            Self::AskEtcd => {
                "etcd has to be told, or looked at, before or between the steps, in an order"
            }
            Self::Refused => "another way, or the line `accept` that names it",
        }
    }

    /// Returns what a build does, as a line of a table.
    pub const fn build(self) -> &'static str {
        match self {
            Self::Free => "says nothing",
            Self::Copy | Self::Pending | Self::Restart | Self::AskEtcd => "says it, as a warning",
            Self::Refused => {
                "fails, and writes nothing; where it is accepted, it says it as a warning"
            }
        }
    }
}
