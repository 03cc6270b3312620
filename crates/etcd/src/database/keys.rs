//! How many keys there are, told by their revisions.
//!
//! A map of all keys would take as much memory as there are keys. What etcd keeps makes it a count: up to the
//! revision of the last compaction, there is one value for each key that was there then, and nothing else that
//! counts; behind it each value tells whether it made its key, and each end of a key is of one that was there
//! (`server/storage/mvcc/kvstore_compaction.go` and `key_index.go` in etcd).

use super::crc32c::Crc32c;
use super::page::{Broken, broken, revision as main_of};
use prost::Message;
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

/// The revisions up to which history was compacted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Compaction {
    /// What was asked for.
    pub(super) scheduled: i64,
    /// What was done.
    pub(super) finished: i64,
}

impl Compaction {
    /// Returns the revision behind which no compaction takes anything away.
    pub(super) fn latest(self) -> i64 {
        self.scheduled.max(self.finished)
    }

    /// Tells whether it was interrupted, or had not begun.
    const fn is_under_way(self) -> bool {
        self.scheduled > self.finished
    }
}

/// What is read of a value (`mvccpb.KeyValue`); all else is passed over.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
struct Value {
    #[prost(int64, tag = "2")]
    create_revision: i64,
    /// 1 for the value that made the key.
    #[prost(int64, tag = "4")]
    version: i64,
    /// 0 for none.
    #[prost(int64, tag = "6")]
    lease: i64,
}

/// The key of a value.
#[derive(Clone, PartialEq, Eq, prost::Message)]
struct Key {
    #[prost(bytes = "vec", tag = "1")]
    key: Vec<u8>,
}

/// Counts keys by the pairs of the bucket `key`, in their order.
pub(super) struct Keys {
    compaction: Compaction,
    /// The latest revision.
    pub(super) revision: i64,
    /// Values that end with a lease.
    pub(super) leased: u64,
    /// Keys that are there. Below 0, some ended that nothing made.
    count: i64,
    /// Those up to a compaction that is under way: what of them is history cannot be told by revisions. Hashes
    /// of keys, as the keys themselves would be too much.
    before: HashSet<u64>,
    hasher: RandomState,
    /// What came behind the last compaction: that is alike in all members at one revision.
    pub(super) history: Crc32c,
}

impl Keys {
    pub(super) fn new(compaction: Compaction) -> Self {
        let (before, hasher) = (HashSet::new(), RandomState::new());
        let history = Crc32c::new();
        Self { compaction, revision: 0, leased: 0, count: 0, before, hasher, history }
    }

    /// Adds a pair.
    pub(super) fn add(&mut self, revision: &[u8], value: &[u8]) -> Result<(), Broken> {
        // Eight bytes, `_`, eight bytes for the place in its transaction, and `t` where a key ends.
        let is_end = match revision {
            [_, _, _, _, _, _, _, _, b'_', rest @ ..] if rest.len() == 8 => false,
            [_, _, _, _, _, _, _, _, b'_', rest @ .., b't'] if rest.len() == 8 => true,
            _ => return broken("what should be a revision is none"),
        };
        let main = main_of(revision)?;
        let Ok(read) = Value::decode(value) else {
            return broken("the value of a key is not understood");
        };
        self.revision = main;
        self.leased += u64::from(read.lease != 0);
        if main > self.compaction.latest() {
            self.history.add(revision);
            self.history.add(value);
        }
        let is_before = main <= self.compaction.scheduled;
        if is_before && self.compaction.is_under_way() {
            let key = Key::decode(value).unwrap_or_default().key;
            let hash = self.hasher.hash_one(&key);
            if is_end || key.is_empty() {
                self.before.remove(&hash);
            } else {
                self.before.insert(hash);
            }
        } else if is_end {
            // One that is as old as the compaction has nothing before it; some releases leave it there.
            self.count -= i64::from(!is_before);
        } else if is_before || read.version == 1 {
            // A restore that raises the revision writes a pair without a key.
            self.count += i64::from(read.create_revision != 0);
        }
        Ok(())
    }

    /// Returns how many keys there are at the latest revision.
    pub(super) fn count(&self) -> Result<u64, Broken> {
        let Ok(count) = u64::try_from(self.count.saturating_add_unsigned(self.before.len() as u64))
        else {
            return broken("more keys end in it than begin");
        };
        Ok(count)
    }
}
