//! All targets in one program, which is linked once: `BOUQUET_FUZZ` names the one that is meant.
//!
//! ```sh
//! mkdir -p fuzz/corpus/spec
//! BOUQUET_FUZZ=spec RUSTC_BOOTSTRAP=1 cargo fuzz run decoders --sanitizer none \
//!     fuzz/corpus/spec fuzz/seeds/spec -- -max_total_time=60
//! ```

#![no_main]

use bouquet_fuzz_targets::{TARGETS, Target};
use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

static TARGET: OnceLock<Target> = OnceLock::new();

fuzz_target!(
    init: {
        TARGET.get_or_init(named);
    },
    |bytes: &[u8]| TARGET.get_or_init(named)(bytes)
);

/// Returns the target that was asked for.
fn named() -> Target {
    let name = std::env::var("BOUQUET_FUZZ").unwrap_or_default();
    let target = TARGETS.iter().find(|(known, _)| *known == name);
    let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    target.unwrap_or_else(|| panic!("BOUQUET_FUZZ={name} is none of {}", names.join(", "))).1
}
