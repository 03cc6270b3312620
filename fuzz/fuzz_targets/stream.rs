//! Any bytes are a stream of keys or get a reason why not.
//!
//! ```sh
//! mkdir -p fuzz/corpus/stream
//! RUSTC_BOOTSTRAP=1 cargo fuzz run stream --sanitizer none fuzz/corpus/stream fuzz/seeds/stream -- -max_total_time=60
//! ```

#![no_main]

use bouquet_operate::read_any;
use libfuzzer_sys::fuzz_target;

const BLOCK: usize = 512;

/// The field of a header that holds its checksum.
const CHECKSUM: std::ops::Range<usize> = 148..156;

fuzz_target!(|bytes: &[u8]| {
    judge(bytes);
    // A checksum that nobody guesses would keep all that is behind it from being tried.
    let mut mended = bytes.to_vec();
    mended.chunks_exact_mut(BLOCK).for_each(mend);
    judge(&mended);
});

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
