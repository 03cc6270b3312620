//! `out/`: a folder that is written all or nothing, and what a build wants in it.
//!
//! ```text
//! Out::open ─lock, heal→ Out ─read→ what is there ─(decide, render)→ Output ─commit→ Report
//! ```
//!
//! How a commit survives being killed at any moment:
//! 1. everything new is *staged* beside its destination under a name of our own, after
//!    `.bouquet-tmp.manifest` has been written, which lists every folder that can hold such a name;
//! 2. that manifest is renamed to `manifest`: the one step that decides;
//! 3. what was staged is renamed into place, what is stale is removed, and the final manifest,
//!    without its mark `unfinished`, replaces it. Pairs that are replaced in a folder change in one
//!    step (`swap`).
//!
//! A build that finds the file of step 1 removes what was staged; one that finds the mark of step 2
//! renames it into place. So a certificate never lies there without its key, and half a CA never.

mod commit;
mod disk;
mod failure;
#[cfg(test)]
mod fault;
mod folders;
mod generated;
mod heal;
mod inspect;
mod lock;
mod manifest;
mod output;
mod path;
mod plan;
mod prune;
mod report;
pub(crate) mod seal;
mod stage;
mod store;
mod swap;
#[cfg(test)]
mod tests;
mod threads;

pub use failure::Failure;
pub use generated::{watch, write_if_changed};
pub use lock::Out;
pub use manifest::Manifest;
pub use output::{Content, Output};
pub use path::OutPath;
pub(crate) use report::quoted;
pub use report::{Notice, Report};
