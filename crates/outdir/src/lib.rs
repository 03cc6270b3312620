#![doc = include_str!("../README.md")]
//!
//! ```text
//! Hold::take, Out::open ─recover→ Out ─read→ what is there ─(decide, render)→ Output ─commit→ Report
//! ```
//!
//! How a commit survives being killed at any moment:
//! 1. everything new is *staged* in one folder, `.bouquet-staged`, each file at its path below it, the
//!    new manifest among them;
//! 2. that folder is renamed to `.bouquet-decided`: the one step that decides;
//! 3. what is in it is renamed into place, the CA first and each key right before its certificate, and
//!    the folder removed. Then what is stale is removed.
//!
//! A build that finds the first name removes what was staged; one that finds the second goes on with
//! step 3. So a certificate never stays there without its key, and half a CA never. The manifest lists
//! what is stale, too, until that is gone.
//!
//! Single files elsewhere can be part of the same commit (`extra`); anyone who opens `out/` names
//! them.
//!
//! Which files are keys and what cannot be had again, `path` knows, and `notice` what to say of it;
//! what is in the files is nobody's business here. No file imports another that imports it. From the
//! ground up: `error`, `path`, `places` · `disk`, `inspect`, `folders` · `manifest` · `install`, `extra` ·
//! `former`, `recover`, `claim`, `hold`, `out`, `here`, `log` · `output`, `plan`, `stage`, `prune`, `commit`.

mod claim;
mod commit;
mod disk;
mod error;
mod extra;
#[cfg(any(test, feature = "fault"))]
pub mod fault;
mod folders;
mod former;
mod generated;
pub mod here;
mod hold;
pub mod inspect;
mod install;
pub mod log;
mod manifest;
mod notice;
mod out;
mod output;
pub mod parallel;
mod path;
mod places;
mod plan;
mod prune;
mod recover;
mod report;
mod stage;
#[cfg(test)]
mod tests;

pub use folders::{Folder, Folders, parent};
pub use generated::{watch, write_alone, write_if_changed};
pub use hold::Hold;
pub use manifest::Manifest;
pub use out::Out;
pub use output::{Content, Output};
pub use path::OutPath;
pub use recover::is_unfinished;
pub use report::Report;
