//! etcd's database, as a snapshot has it: what is in it, read without etcd.
//!
//! The format is that of bbolt (`internal/common/page.go`, `meta.go` and `inode.go` in bbolt 1.4): pages of one
//! size, of which the first two say where the tree of buckets begins. `page` reads pages, `walk` goes through the
//! tree, `content` makes something of etcd's buckets, with `keys` and `crc32c`; `latest` looks at what it takes to know
//! the revision.

mod content;
mod crc32c;
mod keys;
mod latest;
mod page;
mod walk;

pub use content::{Content, content};
pub use latest::revision;
pub use page::Broken;

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

/// A file that is read in pieces.
pub trait ReadAt {
    /// How long it is, in bytes.
    ///
    /// # Errors
    /// If the system does not tell.
    fn length(&self) -> io::Result<u64>;

    /// Fills a buffer from some place on.
    ///
    /// # Errors
    /// If there are not as many bytes, or they cannot be read.
    fn read_at(&self, place: u64, buffer: &mut [u8]) -> io::Result<()>;
}

impl ReadAt for [u8] {
    fn length(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }

    fn read_at(&self, place: u64, buffer: &mut [u8]) -> io::Result<()> {
        let from = usize::try_from(place).ok().and_then(|place| self.get(place..));
        let bytes = from.and_then(|rest| rest.get(..buffer.len()));
        buffer.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

impl ReadAt for File {
    fn length(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn read_at(&self, place: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.read_exact_at(buffer, place)
    }
}
