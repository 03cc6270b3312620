//! The latest revision, without going through all keys.

use super::content::COMPACTED;
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
