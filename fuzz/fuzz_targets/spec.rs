//! Any bytes are a spec or get a reason why not, shown without harm.
//!
//! ```sh
//! mkdir -p fuzz/corpus/spec
//! RUSTC_BOOTSTRAP=1 cargo fuzz run spec --sanitizer none fuzz/corpus/spec fuzz/seed-corpus -- -max_total_time=60
//! ```

#![no_main]

use bouquet_build::diagnostic::{Source, Style};
use bouquet_build::spec::parse_bytes;
use libfuzzer_sys::fuzz_target;

const OPTIONS: &[&str] = &["data-dir", "heartbeat-interval", "snapshot-count"];

fuzz_target!(|bytes: &[u8]| {
    let (spec, found) = parse_bytes(bytes, OPTIONS);
    assert!(spec.is_some() || found.has_errors(), "refused without a reason");
    let text = String::from_utf8_lossy(bytes);
    let source = Source::new("cluster.toml", &text);
    let shown = found.render(source, Style::Plain);
    assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{shown:?}");
    let _ = found.render(source, Style::Coloured);
    for (_, line) in found.one_lines(source) {
        assert!(!line.contains(char::is_control), "{line:?}");
    }
});
