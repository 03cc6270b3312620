//! A throw-away cluster on this machine's loopback: `try`.
//!
//! ```text
//! Cluster ─there→ Layout ─pki→ files ─→ folder ─ prepare ─ members ─ healthy ─→ COMMAND, or a block of text
//! ```
//!
//! Pure: `token` · `option` · `there`, the compiled cluster moved to free ports and below one folder; `pki`, a
//! throw-away CA with its certificates; `install` · `version`, which etcd may run it; `variables` · `block`, what
//! clients are told. Edges: `ports`, `folder`, `watcher`, `binary`, `member`, `health` · `cluster`, which
//! starts and ends it · `run`, all of it. What is to be in the data folders before etcd starts, and what the cluster
//! is for, come from the caller of `run`: `carry`, which is `try`, and the drill of a restore.

mod binary;
mod block;
mod carry;
mod cluster;
mod folder;
mod health;
mod install;
mod member;
mod option;
mod pki;
mod ports;
mod run;
mod there;
mod token;
mod variables;
mod version;
mod watcher;
mod ways;
mod work;

pub use work::Try;

pub(crate) use binary::{Etcd, PATIENCE, forget, version_of};
pub(crate) use carry::carry;
pub(crate) use cluster::Up;
pub(crate) use run::{Trial, run};
pub(crate) use there::Placed;
pub(crate) use version::{Told, told};
pub(crate) use ways::Ways;

#[cfg(test)]
mod tests;
