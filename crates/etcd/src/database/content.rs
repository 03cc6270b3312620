//! What is in etcd's buckets (`server/storage/schema` in etcd).

use super::crc32c::Crc32c;
use super::keys::{Compaction, Keys};
use super::page::{Broken, broken, revision};
use super::read_at::ReadAt;
use super::walk::{Enter, Visitor, walk};
use crate::messages::maintenance::{AlarmMember, AlarmType};
use crate::peer::PeerMember;
use prost::Message;

/// Holds the content of a database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// The latest revision: that of the last key, or of the last compaction, which may have taken the last key away.
    pub revision: i64,
    /// The revision up to which history was compacted.
    pub compacted: i64,
    /// How many keys it has, as they are at the latest revision: what `etcdutl snapshot status` counts from 3.6 on.
    pub keys: u64,
    /// How many values end with a lease, history included: no fewer than keys that do.
    pub leased: u64,
    /// How many pairs are in all its buckets, history included: what is counted up to 3.5.
    pub pairs: u64,
    /// The hash of all that is in it, as `etcdutl snapshot status` shows it (CRC-32C).
    pub hash: u32,
    /// The revision of the last compaction that was asked for, done or not.
    pub since: i64,
    /// The hash of all keys behind that revision, up to the latest one: alike in all members that have both revisions
    /// (CRC-32C; etcd's own hash of keys tells the same of members that answer).
    pub history: u32,
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
    /// What it has without the hash behind it, in bytes.
    pub size: u64,
}

impl Content {
    /// Tells whether that alarm was on.
    pub fn has(&self, alarm: AlarmType) -> bool {
        self.alarms.iter().any(|it| it.alarm == i32::from(alarm))
    }
}

/// Reads a database from its first page to its last, in little memory: that of a few pages, and a bit for each
/// page. Where a compaction was under way, it is 16 bytes more for each key.
///
/// # Errors
/// If it is none, or is damaged. What is behind the last page, as the hash of a snapshot, is not looked at.
pub fn content(file: &(impl ReadAt + ?Sized)) -> Result<Content, Broken> {
    let mut meta = MetaReader { content: Content::default(), compaction: Compaction::default() };
    walk(file, &mut meta)?;
    let MetaReader { content, compaction } = meta;
    let since = meta.compaction.latest();
    let mut reader =
        Reader { bucket: Bucket::Other, hash: Crc32c::new(), keys: Keys::new(compaction), content };
    let size = walk(file, &mut reader)?;
    let Reader { hash, keys, content, .. } = reader;
    let revision = keys.revision.max(content.compacted);
    let (leased, count) = (keys.leased, keys.count()?);
    let (hash, history) = (hash.finish(), keys.history.finish());
    Ok(Content { revision, keys: count, leased, hash, since, history, size, ..content })
}

/// Reads the bucket `meta`, which is behind that of keys and tells how to count them.
struct MetaReader {
    content: Content,
    compaction: Compaction,
}

impl Visitor for MetaReader {
    fn bucket(&mut self, name: &[u8]) -> Enter {
        if name == b"meta" { Enter::All } else { Enter::Nothing }
    }

    fn pair(&mut self, key: &[u8], value: &[u8]) -> Result<(), Broken> {
        match key {
            APPLIED => self.content.applied = index(value),
            COMPACTED => self.compaction.finished = revision(value)?,
            b"scheduledCompactRev" => self.compaction.scheduled = revision(value)?,
            b"storageVersion" => self.content.storage_version = text(value),
            _ => {}
        }
        self.content.compacted = self.compaction.finished;
        Ok(())
    }
}

/// The buckets that are understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bucket {
    Key,
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
    keys: Keys,
    content: Content,
}

impl Visitor for Reader {
    fn bucket(&mut self, name: &[u8]) -> Enter {
        self.hash.add(name);
        self.bucket = match name {
            b"key" => Bucket::Key,
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
        content.pairs += 1;
        match self.bucket {
            Bucket::Key => self.keys.add(key, value)?,
            Bucket::Members => match serde_json::from_slice::<PeerMember>(value) {
                Ok(member) => content.members.push(member),
                Err(_) => return broken("a member is not understood"),
            },
            Bucket::Cluster if key == VERSION => content.cluster_version = text(value),
            // The alarm is the key.
            Bucket::Alarm => match AlarmMember::decode(key) {
                Ok(alarm) => content.alarms.push(alarm),
                Err(_) => return broken("an alarm is not understood"),
            },
            Bucket::Auth if key == b"authEnabled" => content.auth = value == [1],
            Bucket::Users => content.users.push(text(key)),
            Bucket::Cluster | Bucket::Auth | Bucket::Other => {}
        }
        Ok(())
    }
}

/// The key of the bucket `meta` behind which the entry is up to which raft's log was applied.
pub(super) const APPLIED: &[u8] = b"consistent_index";

/// Returns the number of an entry.
pub(super) fn index(value: &[u8]) -> u64 {
    value.first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// The key of the bucket `meta` behind which the revision of the last compaction is.
pub(super) const COMPACTED: &[u8] = b"finishedCompactRev";

/// The key of the bucket `cluster` behind which its version is.
pub(super) const VERSION: &[u8] = b"clusterVersion";

pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
