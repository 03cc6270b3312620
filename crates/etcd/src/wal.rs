//! Whose data a folder is, from the head of its log, and how far it is, from the end.
//!
//! etcd's `server/storage/wal`: records of a length in 8 bytes (little-endian: 56 bits of length, then `0x80` and
//! the count of padding bytes where there are any), and a message of that length: a type, a checksum, data. The
//! first record of a log is a checksum, the next one says whose it is.

use prost::Message;

/// What has to be read of the oldest file of a log, in bytes.
pub const HEAD: usize = 512;

/// A record with the identity (`metadataType` in etcd's `wal.go`).
const METADATA: i64 = 1;
/// One with an entry (`entryType`).
const ENTRY: i64 = 2;
/// One with what raft has to remember (`stateType`); each file of a log begins with one.
const STATE: i64 = 3;

/// Whose data a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// The member's ID.
    pub member_id: u64,
    /// The cluster's ID.
    pub cluster_id: u64,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Record {
    #[prost(int64, tag = "1")]
    kind: i64,
    #[prost(bytes = "bytes", optional, tag = "3")]
    data: Option<bytes::Bytes>,
}

#[derive(Clone, Copy, PartialEq, prost::Message)]
struct Metadata {
    #[prost(uint64, tag = "1")]
    node_id: u64,
    #[prost(uint64, tag = "2")]
    cluster_id: u64,
}

/// Says how far a log is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// The latest term that the member knew of.
    pub term: u64,
    /// The entry up to which it knew that a quorum had them.
    pub committed: u64,
    /// Its last entry.
    pub last: u64,
}

/// An entry of raft's (`raftpb.Entry`), as far as it is looked at.
#[derive(Clone, Copy, PartialEq, prost::Message)]
struct Entry {
    #[prost(uint64, tag = "3")]
    index: u64,
}

/// What raft has to remember (`raftpb.HardState`).
#[derive(Clone, Copy, PartialEq, prost::Message)]
struct State {
    #[prost(uint64, tag = "1")]
    term: u64,
    #[prost(uint64, tag = "3")]
    commit: u64,
}

/// Returns how far a log is, by its latest file (`*.wal`, the last by name). What is behind a record that is torn, as by a
/// crash, is not looked at.
pub fn progress(file: &[u8]) -> Progress {
    let mut progress = Progress::default();
    let mut rest = file;
    while let Some((record, after)) = record(rest) {
        let data = record.data.unwrap_or_default();
        match record.kind {
            ENTRY => {
                let Ok(Entry { index }) = Entry::decode(data) else { break };
                // Entries that nobody agreed on are written over.
                progress.last = index;
            }
            STATE => {
                let Ok(State { term, commit }) = State::decode(data) else { break };
                (progress.term, progress.committed) = (term, commit);
            }
            _ => {}
        }
        rest = after;
    }
    progress.last = progress.last.max(progress.committed);
    progress
}

/// Returns whose data it is, by the first [`HEAD`] bytes of the oldest file of the log (`*.wal`, the first by
/// name); `None` where they do not say.
pub fn identity(head: &[u8]) -> Option<Identity> {
    let mut rest = head;
    loop {
        let (record, after) = record(rest)?;
        if record.kind == METADATA {
            let Metadata { node_id, cluster_id } = Metadata::decode(record.data?).ok()?;
            return Some(Identity { member_id: node_id, cluster_id });
        }
        rest = after;
    }
}

/// Reads a record, and returns what is behind it; `None` at the end, behind which etcd makes room with zeros.
fn record(bytes: &[u8]) -> Option<(Record, &[u8])> {
    let (field, rest) = bytes.split_first_chunk::<8>()?;
    let field = u64::from_le_bytes(*field);
    let length = usize::try_from(field & ((1 << 56) - 1)).ok().filter(|length| *length > 0)?;
    let padding = if field >> 63 == 1 { usize::try_from(field >> 56 & 7).ok()? } else { 0 };
    let (record, rest) = rest.split_at_checked(length)?;
    Some((Record::decode(record).ok()?, rest.get(padding..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(kind: i64, data: &impl Message) -> Vec<u8> {
        let record = Record { kind, data: Some(data.encode_to_vec().into()) }.encode_to_vec();
        let padding = (8 - record.len() % 8) % 8;
        let marked = if padding == 0 { 0 } else { (0x80 | padding as u64) << 56 };
        let field = (record.len() as u64 | marked).to_le_bytes();
        [&field, record.as_slice(), &vec![0; padding]].concat()
    }

    /// Makes a log of three entries, of which two are agreed on, with room behind it.
    fn log() -> Vec<u8> {
        let entry = |index| written(ENTRY, &Entry { index });
        let state = |term, commit| written(STATE, &State { term, commit });
        let whose = written(METADATA, &Metadata { node_id: 7, cluster_id: 9 });
        let parts = [whose, state(2, 4), entry(5), entry(6), state(2, 5), entry(6), entry(7)];
        [parts.concat(), state(3, 6), vec![0; 64]].concat()
    }

    #[test]
    fn a_log_tells_whose_it_is_and_how_far() {
        assert_eq!(identity(&log()), Some(Identity { member_id: 7, cluster_id: 9 }));
        assert_eq!(progress(&log()), Progress { term: 3, committed: 6, last: 7 });
    }

    #[test]
    fn a_file_without_an_entry_goes_on_from_what_was_agreed_on() {
        let state = written(STATE, &State { term: 2, commit: 40 });
        assert_eq!(progress(&state), Progress { term: 2, committed: 40, last: 40 });
        assert_eq!(progress(&[]), Progress::default());
    }

    #[test]
    fn a_log_that_was_cut_tells_what_is_whole_in_it() {
        let whole = log();
        for length in 0..whole.len() {
            let seen = progress(&whole[..length]);
            assert!(seen.committed <= 6 && seen.last <= 7, "{length}: {seen:?}");
        }
        let mut random = 1u64;
        for _ in 0..10_000 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let mut torn = whole.clone();
            let at = usize::try_from(random >> 33).unwrap() % torn.len();
            torn[at] ^= random.to_le_bytes()[3];
            let _ = (progress(&torn), identity(&torn));
        }
    }
}
