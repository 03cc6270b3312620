//! Any text is metrics, of which no line is more than one peer.
//!
//! ```sh
//! mkdir -p fuzz/corpus/metrics
//! RUSTC_BOOTSTRAP=1 cargo fuzz run metrics --sanitizer none fuzz/corpus/metrics fuzz/seeds/metrics -- -max_total_time=60
//! ```

#![no_main]

use bouquet_operate::read_metrics;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let peers = read_metrics(&text);
    assert!(peers <= text.matches("Remote=").count());
});
