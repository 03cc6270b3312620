//! Any bytes are the head of a log or not; more of them do not say something else.
//!
//! ```sh
//! mkdir -p fuzz/corpus/wal
//! RUSTC_BOOTSTRAP=1 cargo fuzz run wal --sanitizer none fuzz/corpus/wal fuzz/seeds/wal -- -max_total_time=60
//! ```

#![no_main]

use bouquet_etcd::wal::identity;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let whole = identity(bytes);
    for cut in [bytes.len() / 2, bytes.len().saturating_sub(1)] {
        let told = identity(&bytes[..cut]);
        assert!(told.is_none() || told == whole, "{told:?}, {whole:?}");
    }
});
