//! How much a run of the tests covers: by default a few cases of each kind, with `cargo xtask test
//! --full` many. It is told in the environment, and read here alone.

use super::releases::DEFAULT;
use std::collections::hash_map::RandomState;
use std::env;
use std::hash::{BuildHasher as _, Hasher as _};
use std::time::Duration;

/// Every release that `cargo xtask tools --full` brings.
pub(crate) const RELEASES: [&str; 5] = ["3.4.23", "3.5.1", "3.5.33", "3.6.16", "3.7.3"];

/// One of each line that many clusters run, for what takes long on each.
pub(crate) const LINES: [&str; 3] = ["3.4.23", "3.5.33", "3.6.16"];

/// Returns the release that a test is about, or that of a default run.
pub(crate) fn release(own: &'static str) -> &'static str {
    if is_full() { own } else { DEFAULT }
}

/// Returns how many cases a test tries of what it has no end of.
pub(crate) fn cases(default: u32, full: u32) -> u32 {
    if is_full() { full } else { default }
}

/// Returns the time that a test goes on for which could do so for ever, from seconds.
pub(crate) fn time(default: u64, full: u64) -> Duration {
    Duration::from_secs(if is_full() { full } else { default })
}

/// Returns what random trials follow from: that of the environment, or another in each run.
pub(crate) fn seed() -> u64 {
    match env::var("BOUQUET_SEED") {
        Ok(text) => text.parse().expect("BOUQUET_SEED is a number"),
        // The standard library's hashes differ from process to process.
        Err(_) => RandomState::new().build_hasher().finish(),
    }
}

/// Tells whether nothing is to be left out.
pub(crate) fn is_full() -> bool {
    env::var_os("BOUQUET_FULL").is_some()
}
