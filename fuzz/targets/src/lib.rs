//! All that decodes what others wrote, with the promises that it keeps whatever the bytes are.
//!
//! The fuzz program in the folder above looks for minutes for bytes that break one. The tests here take the seeds, and what
//! becomes of them by a few edits, and take seconds.

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

/// Decodes any bytes, and panics where a promise is broken.
pub type Target = fn(&[u8]);

/// All targets, by their names: those of the folders in `fuzz/seeds`, too.
pub const TARGETS: &[(&str, Target)] = &[
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

#[cfg(test)]
mod tests;
