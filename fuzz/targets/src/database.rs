//! Any bytes are a database of etcd's or get a reason why not, and no more of them is read than there is.

use bouquet_etcd::database::{ReadAt, cluster_version, content, revision};
use std::cell::Cell;
use std::io;

pub(crate) fn run(bytes: &[u8]) {
    judge(bytes);
    // What nobody guesses would keep all that is behind it from being tried: checksums, and numbers of pages.
    let mut mended = bytes.to_vec();
    mend(&mut mended);
    judge(&mended);
}

/// Bytes, of which it is counted how many are read.
struct Counted<'a> {
    bytes: &'a [u8],
    read: Cell<usize>,
}

impl ReadAt for Counted<'_> {
    fn length(&self) -> io::Result<u64> {
        self.bytes.length()
    }

    fn read_at(&self, place: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.read.set(self.read.get() + buffer.len());
        self.bytes.read_at(place, buffer)
    }
}

fn judge(bytes: &[u8]) {
    let file = Counted { bytes, read: Cell::new(0) };
    match content(&file) {
        Ok(content) => {
            assert!(content.size <= bytes.len() as u64);
            assert!(content.keys <= content.pairs);
            assert!(content.members.len() as u64 <= content.pairs);
            assert_eq!(cluster_version(bytes).ok(), Some(content.cluster_version));
        }
        Err(broken) => {
            let shown = broken.to_string();
            assert!(!shown.contains(char::is_control), "{shown:?}");
        }
    }
    // The bucket `meta` is read twice, and the first page of every page's place once more.
    let read = file.read.get();
    assert!(read <= 3 * bytes.len() + 4096, "{read} of {}", bytes.len());
    let _ = (revision(&file), cluster_version(&file));
}

fn mend(bytes: &mut [u8]) {
    // Pages of etcd's, or the smallest that there can be.
    let says = bytes.get(24..28).map(|size| size == 4096_u32.to_le_bytes());
    let size: u32 = if says == Some(true) { 4096 } else { 512 };
    let pages = bytes.len() / size as usize;
    for (number, page) in (0_u64..).zip(bytes.chunks_exact_mut(size as usize)) {
        page[..8].copy_from_slice(&number.to_le_bytes());
        if number > 1 {
            continue;
        }
        page[8..10].copy_from_slice(&4_u16.to_le_bytes());
        page[16..20].copy_from_slice(&0xed0c_daed_u32.to_le_bytes());
        page[20..24].copy_from_slice(&2_u32.to_le_bytes());
        page[24..28].copy_from_slice(&size.to_le_bytes());
        let end = u64::from_le_bytes(page[56..64].try_into().expect("eight bytes"));
        page[56..64].copy_from_slice(&end.min(pages as u64).to_le_bytes());
        let sum = page[16..72].iter().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
            (sum ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        page[72..80].copy_from_slice(&sum.to_le_bytes());
    }
}
