//! Any bytes are a stream of keys or get a reason why not.

use bouquet_operate::read_any;

const BLOCK: usize = 512;

/// The field of a header that holds its checksum.
const CHECKSUM: std::ops::Range<usize> = 148..156;

pub(crate) fn run(bytes: &[u8]) {
    judge(bytes);
    judge(&mended(bytes));
}

/// The same with sound checksums: one that nobody guesses would keep all that is behind it from being tried.
pub(crate) fn mended(bytes: &[u8]) -> Vec<u8> {
    let mut mended = bytes.to_vec();
    mended.chunks_exact_mut(BLOCK).for_each(mend);
    mended
}

fn judge(stream: &[u8]) {
    if let Err(refusal) = read_any(stream) {
        assert!(!refusal.help.is_empty(), "refused without a way out");
        let shown = refusal.to_string();
        assert!(!shown.contains(char::is_control), "{shown:?}");
    }
}

fn mend(block: &mut [u8]) {
    if &block[257..262] != b"ustar" {
        return;
    }
    block[CHECKSUM].fill(b' ');
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[CHECKSUM].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}
