#![doc = include_str!("../README.md")]
//!
//! ```text
//! Hold::take, Out::open ─recover→ Out ─read→ what is there ─(decide, render)→ Output ─commit→ Report
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
//!
//! Single files elsewhere can be part of the same commit (`extra`); anyone who opens `out/` names
//! them.
//!
//! Which files are keys and what cannot be had again, `path` knows, and `notice` what to say of it;
//! what is in the files is nobody's business here. No file imports another that imports it. From the
//! ground up: `error`, `path`, `moves` · `disk`, `inspect`, `folders` · `manifest`, `journal` · `swap`,
//! `install`, `extra` · `recover`, `hold`, `out`, `here`, `log` · `output`, `plan`, `stage`, `prune`, `commit`.

mod commit;
mod disk;
mod error;
mod extra;
#[cfg(any(test, feature = "fault"))]
pub mod fault;
mod folders;
mod generated;
pub mod here;
mod hold;
pub mod inspect;
mod install;
mod journal;
pub mod log;
mod manifest;
mod moves;
mod notice;
mod out;
mod output;
pub mod parallel;
mod path;
mod plan;
mod prune;
mod recover;
mod report;
mod stage;
mod swap;
#[cfg(test)]
mod tests;

pub use folders::{Folder, Folders, parent};
pub use generated::{watch, write_alone, write_if_changed};
pub use hold::Hold;
pub use manifest::Manifest;
pub use out::Out;
pub use output::{Content, Output};
pub use path::OutPath;
pub use report::Report;
