//! Programs for nodes: what their heads say of where they run, and those of a release of etcd's.
//!
//! From the ground up: `elf` · `processor` · `release`, which is an edge: it reads heads, and asks an etcd for its version.

mod elf;
mod processor;
mod release;

pub(crate) use elf::elf;
#[cfg(test)]
pub(crate) use elf::{AARCH64, X86_64, tests};
pub(crate) use processor::Processor;
pub(crate) use release::{HEAD, NAMES, Release, fits, is_meant_here, is_of, version};
