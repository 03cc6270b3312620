//! Whose data a folder is, from the head of its log.
//!
//! etcd's `server/storage/wal`: records of a length in 8 bytes (little-endian: 56 bits of length, then `0x80` and
//! the count of padding bytes where there are any), and a message of that length: a type, a checksum, data. The
//! first record of a log is a checksum, the next one says whose it is.

use prost::Message;

/// What has to be read of the oldest file of a log, in bytes.
pub const HEAD: usize = 512;

/// A record with the identity (`metadataType` in etcd's `wal.go`).
const METADATA: i64 = 1;

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

/// Returns whose data it is, by the first [`HEAD`] bytes of the oldest file of the log (`*.wal`, the first by
/// name); `None` where they do not say.
pub fn identity(head: &[u8]) -> Option<Identity> {
    let mut rest = head;
    loop {
        let (field, after) = rest.split_first_chunk::<8>()?;
        let field = u64::from_le_bytes(*field);
        let length = usize::try_from(field & ((1 << 56) - 1)).ok()?;
        let padding = if field >> 63 == 1 { usize::try_from(field >> 56 & 7).ok()? } else { 0 };
        let (record, after) = after.split_at_checked(length)?;
        let record = Record::decode(record).ok()?;
        if record.kind == METADATA {
            let Metadata { node_id, cluster_id } = Metadata::decode(record.data?).ok()?;
            return Some(Identity { member_id: node_id, cluster_id });
        }
        // Of an empty record there is none that follows: etcd makes room with zeros.
        if length == 0 {
            return None;
        }
        rest = after.get(padding..)?;
    }
}
