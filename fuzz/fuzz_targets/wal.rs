//! Any bytes are the head of a log or not; more of them do not say something else. How far a log is ends at none of them, and its
//! last entry is never before one that was agreed on.
//!
//! ```sh
//! mkdir -p fuzz/corpus/wal
//! RUSTC_BOOTSTRAP=1 cargo fuzz run wal --sanitizer none fuzz/corpus/wal fuzz/seeds/wal -- -max_total_time=60
//! ```

#![no_main]

use bouquet_etcd::wal::{identity, progress};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let whole = identity(bytes);
    for cut in [bytes.len() / 2, bytes.len().saturating_sub(1)] {
        let told = identity(&bytes[..cut]);
        assert!(told.is_none() || told == whole, "{told:?}, {whole:?}");
        let seen = progress(&bytes[..cut]);
        assert!(seen.last >= seen.committed, "{seen:?}");
    }
});
