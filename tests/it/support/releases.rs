//! Which releases of etcd the tests run: one by default, others where `cargo xtask test --full` says
//! so. The one place that reads it, for the tests of all crates.

use std::env;

/// The release that a default run has at hand.
pub(crate) const DEFAULT: &str = "3.6.16";

/// Returns the releases of etcd to run.
pub(crate) fn releases() -> Vec<String> {
    let told = env::var("BOUQUET_ETCD").unwrap_or_else(|_| DEFAULT.to_owned());
    told.split(',').map(str::to_owned).collect()
}
