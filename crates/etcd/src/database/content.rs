//! What is in etcd's buckets (`server/storage/schema` in etcd).

use super::ReadAt;
use super::page::{Broken, broken};
use super::walk::{Enter, Visitor, walk};
use crate::messages::kv::KeyValue;
use crate::messages::maintenance::AlarmMember;
use crate::peer::PeerMember;
use prost::Message;
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

/// What a database holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// The latest revision of its keys.
    pub revision: i64,
    /// The revision up to which history was compacted.
    pub compacted: i64,
    /// How many keys it has, as they are at the latest revision.
    pub keys: u64,
    /// The hash of all that is in it, as `etcdutl snapshot status` shows it (CRC-32C).
    pub hash: u32,
    /// The entry of raft's log up to which it was applied; 0 where it does not say (before 3.5 etcd does).
    pub applied: u64,
    /// The members of the cluster that wrote it.
    pub members: Vec<PeerMember>,
    /// The version of its cluster: `3.5.0`.
    pub cluster_version: String,
    /// The version of what is stored; from 3.6 on.
    pub storage_version: String,
    /// The alarms that were on.
    pub alarms: Vec<AlarmMember>,
    /// Whether authentication was on.
    pub auth: bool,
    /// Its users, by name.
    pub users: Vec<String>,
    /// What it would have without the hash behind it, in bytes.
    pub size: u64,
}

/// Reads a database from its first page to its last.
///
/// # Errors
/// If it is none, or is damaged.
pub fn content(file: &(impl ReadAt + ?Sized)) -> Result<Content, Broken> {
    let mut reader = Reader {
        bucket: Bucket::Other,
        hash: Crc32c::new(),
        keys: HashSet::new(),
        hasher: RandomState::new(),
        content: Content::default(),
    };
    let meta = walk(file, &mut reader)?;
    let Reader { hash, keys, mut content, .. } = reader;
    content.size = meta.end * u64::from(meta.page_size);
    content.hash = hash.finish();
    content.keys = keys.len() as u64;
    Ok(content)
}

/// The buckets that are understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bucket {
    Key,
    Meta,
    Members,
    Cluster,
    Alarm,
    Auth,
    Users,
    Other,
}

struct Reader {
    bucket: Bucket,
    hash: Crc32c,
    /// The hashes of the keys that are there: of millions of keys, the keys themselves would be too much.
    keys: HashSet<u64>,
    hasher: RandomState,
    content: Content,
}

impl Visitor for Reader {
    fn bucket(&mut self, name: &[u8]) -> Enter {
        self.hash.add(name);
        self.bucket = match name {
            b"key" => Bucket::Key,
            b"meta" => Bucket::Meta,
            b"members" => Bucket::Members,
            b"cluster" => Bucket::Cluster,
            b"alarm" => Bucket::Alarm,
            b"auth" => Bucket::Auth,
            b"authUsers" => Bucket::Users,
            _ => Bucket::Other,
        };
        Enter::All
    }

    fn pair(&mut self, key: &[u8], value: &[u8]) -> Result<(), Broken> {
        self.hash.add(key);
        self.hash.add(value);
        let content = &mut self.content;
        match self.bucket {
            Bucket::Key => {
                content.revision = revision(key)?;
                let Ok(pair) = KeyValue::decode(value) else {
                    return broken("a key is not understood");
                };
                let hash = self.hasher.hash_one(&pair.key);
                // `t` behind a revision is the end of a key.
                if key.len() > 17 && key.last() == Some(&b't') {
                    self.keys.remove(&hash);
                } else {
                    self.keys.insert(hash);
                }
            }
            Bucket::Meta => match key {
                b"consistent_index" => content.applied = number(value),
                COMPACTED => content.compacted = revision(value)?,
                b"storageVersion" => content.storage_version = text(value),
                _ => {}
            },
            Bucket::Members => match serde_json::from_slice::<PeerMember>(value) {
                Ok(member) => content.members.push(member),
                Err(_) => return broken("a member is not understood"),
            },
            Bucket::Cluster if key == b"clusterVersion" => content.cluster_version = text(value),
            Bucket::Alarm => {
                // The alarm is the key.
                if let Ok(alarm) = AlarmMember::decode(key) {
                    content.alarms.push(alarm);
                }
            }
            Bucket::Auth if key == b"authEnabled" => content.auth = value == [1],
            Bucket::Users => content.users.push(text(key)),
            Bucket::Cluster | Bucket::Auth | Bucket::Other => {}
        }
        Ok(())
    }
}

/// The key of the bucket `meta` behind which the revision of the last compaction is.
pub(super) const COMPACTED: &[u8] = b"finishedCompactRev";

/// Reads a revision as keys and `COMPACTED` have it: 8 bytes, the highest first.
pub(super) fn revision(bytes: &[u8]) -> Result<i64, Broken> {
    match bytes.first_chunk::<8>() {
        Some(revision) => Ok(i64::from_be_bytes(*revision)),
        None => broken("a revision is too short"),
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn number(bytes: &[u8]) -> u64 {
    bytes.first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// CRC-32 by Castagnoli's polynomial (RFC 3720, appendix B.4).
struct Crc32c {
    table: [u32; 256],
    state: u32,
}

impl Crc32c {
    fn new() -> Self {
        let mut table = [0; 256];
        for (at, entry) in (0u32..).zip(&mut table) {
            *entry = (0..8)
                .fold(at, |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0x82f6_3b78 } else { crc >> 1 });
        }
        Self { table, state: u32::MAX }
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let index = usize::from(self.state.to_le_bytes()[0] ^ byte);
            self.state = self.table[index] ^ (self.state >> 8);
        }
    }

    const fn finish(&self) -> u32 {
        !self.state
    }
}
