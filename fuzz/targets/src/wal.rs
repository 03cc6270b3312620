//! Any bytes are the head of a log or not; more of them do not say something else. How far a log is ends at none of them, and its
//! last entry is never before one that was agreed on.

use bouquet_etcd::wal::{identity, progress};

pub(crate) fn run(bytes: &[u8]) {
    let whole = identity(bytes);
    for cut in [bytes.len() / 2, bytes.len().saturating_sub(1)] {
        let told = identity(&bytes[..cut]);
        assert!(told.is_none() || told == whole, "{told:?}, {whole:?}");
        let seen = progress(&bytes[..cut]);
        assert!(seen.last >= seen.committed, "{seen:?}");
    }
}
