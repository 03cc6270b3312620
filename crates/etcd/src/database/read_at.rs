//! Files, or bytes, that are read in pieces.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

/// A file that is read in pieces.
pub trait ReadAt {
    /// Tells how long it is, in bytes.
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
