//! The SHA-256 that stands at the end of a snapshot.

use ring::digest::{Context, SHA256, SHA256_OUTPUT_LEN};
use std::io::{self, Read, Write};

/// Takes a snapshot as it comes, in parts of any length: a database, then the SHA-256 of it (`snapshot/v3_snapshot.go`
/// in etcd's `etcdutl`). Without its checksum a database is a whole number of sectors long.
pub struct Checksum {
    context: Context,
    /// The last bytes so far: what may be the checksum.
    tail: Vec<u8>,
    length: u64,
}

/// The smallest page that a database may have, in bytes.
const SECTOR: u64 = 512;

/// Says what a snapshot's own checksum shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// It is whole: the checksum of its database.
    Whole([u8; 32]),
    /// There is no checksum: it is a copy of a database, or was cut off.
    Without,
    /// It is not what was sent.
    Damaged,
}

impl Default for Checksum {
    fn default() -> Self {
        Self { context: Context::new(&SHA256), tail: Vec::new(), length: 0 }
    }
}

impl Checksum {
    /// Takes the next part.
    pub fn add(&mut self, part: &[u8]) {
        self.length += part.len() as u64;
        if let Some(cut) = part.len().checked_sub(SHA256_OUTPUT_LEN) {
            self.context.update(&self.tail);
            self.context.update(&part[..cut]);
            self.tail = part[cut..].to_vec();
        } else {
            self.tail.extend_from_slice(part);
            let cut = self.tail.len().saturating_sub(SHA256_OUTPUT_LEN);
            self.context.update(&self.tail[..cut]);
            self.tail.drain(..cut);
        }
    }

    /// Returns how many bytes came, the checksum among them.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Compares what came with the checksum at its end.
    pub fn finish(self) -> Checked {
        if self.length < SECTOR || self.length % SECTOR != SHA256_OUTPUT_LEN as u64 {
            return Checked::Without;
        }
        match <[u8; 32]>::try_from(self.context.finish().as_ref()) {
            Ok(sum) if sum.as_slice() == self.tail => Checked::Whole(sum),
            _ => Checked::Damaged,
        }
    }
}

/// How much of a database is copied at once, in bytes.
const PART: usize = 1 << 18;

/// Copies a database, and writes its checksum behind it, as a snapshot has it; returns how many bytes it has then.
///
/// # Errors
/// If it cannot be read, or written.
pub fn copy_with_checksum(
    from: &mut impl Read,
    to: &mut impl Write,
) -> io::Result<(u64, [u8; 32])> {
    let mut context = Context::new(&SHA256);
    let mut part = vec![0; PART];
    let mut length = 0;
    loop {
        let count = match from.read(&mut part) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        context.update(&part[..count]);
        to.write_all(&part[..count])?;
        length += count as u64;
    }
    let digest = context.finish();
    to.write_all(digest.as_ref())?;
    let mut sum = [0; 32];
    sum.copy_from_slice(digest.as_ref());
    Ok((length + digest.as_ref().len() as u64, sum))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::digest::digest;

    fn snapshot() -> Vec<u8> {
        let database: Vec<u8> = (0..4096u32).map(|at| (at % 251) as u8).collect();
        let sum = digest(&SHA256, &database);
        [database.as_slice(), sum.as_ref()].concat()
    }

    fn checked(bytes: &[u8], part: usize) -> Checked {
        let mut checksum = Checksum::default();
        bytes.chunks(part).for_each(|part| checksum.add(part));
        assert_eq!(checksum.length(), bytes.len() as u64);
        checksum.finish()
    }

    #[test]
    fn parts_of_any_length_come_to_the_same() {
        let bytes = snapshot();
        let whole = digest(&SHA256, &bytes[..4096]);
        for part in [1, 7, 31, 32, 33, 512, 4096, 5000] {
            let Checked::Whole(sum) = checked(&bytes, part) else { panic!("parts of {part}") };
            assert_eq!(sum, whole.as_ref(), "parts of {part}");
        }
    }

    #[test]
    fn a_bit_that_is_flipped_is_told_wherever_it_is() {
        for place in [0, 100, 4095, 4096, 4127] {
            let mut bytes = snapshot();
            bytes[place] ^= 1;
            assert_eq!(checked(&bytes, 512), Checked::Damaged, "byte {place}");
        }
    }

    #[test]
    fn what_is_cut_off_has_no_checksum() {
        let bytes = snapshot();
        for length in [0, 32, 4095, 4096, 4127] {
            assert_eq!(checked(&bytes[..length], 512), Checked::Without, "{length} bytes");
        }
        // A whole number of sectors, and 32 bytes more, which are none of a checksum.
        assert_eq!(checked(&bytes[..544], 512), Checked::Damaged);
    }

    #[test]
    fn a_database_that_is_copied_with_its_checksum_is_whole() {
        let database = &snapshot()[..4096];
        let mut copy = Vec::new();
        let (length, sum) = copy_with_checksum(&mut &*database, &mut copy).unwrap();
        assert_eq!((length, copy.as_slice()), (4128, snapshot().as_slice()));
        assert_eq!(checked(&copy, 100), Checked::Whole(sum));
    }
}
