//! What a change asks of an operator.

use crate::words::words;

/// What a change asks of an operator, from nothing to more than can be asked.
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
    /// It would lose data, the quorum or the cluster: no build does it, unless it is accepted by name.
    Refused,
}

words!(Class {
    Free = "free", Copy = "copy", Pending = "pending", Restart = "restart", AskEtcd = "ask etcd first",
    Refused = "refused",
});
