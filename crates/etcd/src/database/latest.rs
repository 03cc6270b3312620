//! The latest revision, the entry up to which a log was applied, and the version of the cluster, without going through all
//! keys.

use super::content::{APPLIED, COMPACTED, VERSION, index, text};
use super::page::{Broken, revision as read_revision};
use super::read_at::ReadAt;
use super::walk::{Enter, Visitor, walk};

/// Reads the latest revision of a database: a few pages, however large it is.
///
/// It is that of the last key, or that of the last compaction, which may have taken the last key away, as etcd
/// counts it at its start (`restore` in `server/storage/mvcc/kvstore.go`).
///
/// # Errors
/// If it is none, or is damaged where it was looked at.
pub fn revision(file: &(impl ReadAt + ?Sized)) -> Result<i64, Broken> {
    let mut latest = Latest::default();
    walk(file, &mut latest)?;
    Ok(latest.revision)
}

/// Reads the entry of raft's log up to which a database was applied; 0 where it does not say.
///
/// # Errors
/// If it is none, or is damaged where it was looked at.
pub fn applied(file: &(impl ReadAt + ?Sized)) -> Result<u64, Broken> {
    Ok(value(file, b"meta", APPLIED)?.map_or(0, |bytes| index(&bytes)))
}

/// Reads the version of the cluster that wrote a database, such as `3.5.0`; nothing where it does not say.
///
/// # Errors
/// If it is none, or is damaged where it was looked at.
pub fn cluster_version(file: &(impl ReadAt + ?Sized)) -> Result<String, Broken> {
    Ok(value(file, b"cluster", VERSION)?.map_or_else(String::new, |bytes| text(&bytes)))
}

/// Returns the value of one key of one bucket.
fn value<F: ReadAt + ?Sized>(
    file: &F,
    bucket: &'static [u8],
    key: &'static [u8],
) -> Result<Option<Vec<u8>>, Broken> {
    let mut sought = Sought { bucket, key, value: None };
    walk(file, &mut sought)?;
    Ok(sought.value)
}

struct Sought {
    bucket: &'static [u8],
    key: &'static [u8],
    value: Option<Vec<u8>>,
}

impl Visitor for Sought {
    fn bucket(&mut self, name: &[u8]) -> Enter {
        if name == self.bucket { Enter::All } else { Enter::Nothing }
    }

    fn pair(&mut self, key: &[u8], value: &[u8]) -> Result<(), Broken> {
        if key == self.key {
            self.value = Some(value.to_vec());
        }
        Ok(())
    }
}

#[derive(Default)]
struct Latest {
    is_meta: bool,
    revision: i64,
}

impl Visitor for Latest {
    fn bucket(&mut self, name: &[u8]) -> Enter {
        self.is_meta = name == b"meta";
        match name {
            b"key" => Enter::Last,
            b"meta" => Enter::All,
            _ => Enter::Nothing,
        }
    }

    fn pair(&mut self, key: &[u8], value: &[u8]) -> Result<(), Broken> {
        let revision = match (self.is_meta, key == COMPACTED) {
            (false, _) => read_revision(key)?,
            (true, true) => read_revision(value)?,
            (true, false) => return Ok(()),
        };
        self.revision = self.revision.max(revision);
        Ok(())
    }
}
