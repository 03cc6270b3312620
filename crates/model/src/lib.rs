#![doc = include_str!("../README.md")]
//!
//! Pure: no dependencies but `strsim`, no IO, no clock. The compiler and the compiled binary call the same
//! functions here, so what a build writes and what the binary prints cannot differ.

// Here alone: whatever of Bouquet is built, this crate is compiled first, and without it nothing else is.
#[cfg(windows)]
compile_error!(
    "Bouquet does not build on Windows, where files have no Unix permissions: build it on Linux, which WSL is"
);

pub mod addresses;
pub mod artifact;
pub mod certificate;
pub mod change;
pub mod cluster;
pub mod definition;
pub mod diagnostic;
pub mod digest;
mod effective;
pub mod filesystem;
pub mod git;
mod include;
pub mod ip;
pub mod listener;
pub mod mark;
pub mod name;
pub mod node_path;
pub mod option;
pub mod places;
pub mod plan;
pub mod prelude;
pub mod program;
mod punycode;
pub mod quorum;
pub mod release;
pub mod revocation;
pub mod running;
pub mod settings;
pub mod suggest;
pub mod systemd;
pub mod text;
pub mod time;
mod tls_option;
pub mod trust;
pub mod trust_file;
pub mod url;
pub mod version;
mod words;

pub use cluster::{Client, Cluster, Member};
