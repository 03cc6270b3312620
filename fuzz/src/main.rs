//! All targets in one program, which is linked once: `BOUQUET_FUZZ` names the one that is meant.
//!
//! ```sh
//! mkdir -p fuzz/corpus/spec
//! BOUQUET_FUZZ=spec RUSTC_BOOTSTRAP=1 cargo fuzz run decoders --sanitizer none \
//!     fuzz/corpus/spec fuzz/seeds/spec -- -max_total_time=60
//! ```
//!
//! `cargo xtask test` runs each file beside this one as a target of that name.

#![no_main]

mod adopt;
mod answer;
mod certificate;
mod database;
mod encrypted;
mod grpc;
mod install;
mod key;
mod list;
mod lock;
mod members;
mod metrics;
mod parts;
mod pem;
mod request;
mod spec;
mod stream;
mod wal;

use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

/// What a target does with any bytes.
type Target = fn(&[u8]);

const TARGETS: &[(&str, Target)] = &[
    ("adopt", adopt::run),
    ("answer", answer::run),
    ("certificate", certificate::run),
    ("database", database::run),
    ("encrypted", encrypted::run),
    ("grpc", grpc::run),
    ("install", install::run),
    ("key", key::run),
    ("list", list::run),
    ("lock", lock::run),
    ("members", members::run),
    ("metrics", metrics::run),
    ("pem", pem::run),
    ("request", request::run),
    ("spec", spec::run),
    ("stream", stream::run),
    ("wal", wal::run),
];

static TARGET: OnceLock<Target> = OnceLock::new();

fuzz_target!(
    init: {
        TARGET.get_or_init(named);
    },
    |bytes: &[u8]| TARGET.get_or_init(named)(bytes)
);

/// The target that was asked for.
fn named() -> Target {
    let name = std::env::var("BOUQUET_FUZZ").unwrap_or_default();
    let target = TARGETS.iter().find(|(known, _)| *known == name);
    let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    target.unwrap_or_else(|| panic!("BOUQUET_FUZZ={name} is none of {}", names.join(", "))).1
}
