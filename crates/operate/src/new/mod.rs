//! A package of one's own for a cluster: `new`.
//!
//! ```text
//! the command line ─member, name→ Asked ┐
//! a Cargo.toml, or options ─source→ Sources ├─files→ paths and texts ─carry→ the folder
//! the folder, and what is above it ─place→ Place ┘
//! ```
//!
//! Pure: `member`, those of the command line · `name`, of the package, and the cluster's token · `source`, where the crates
//! come from, and `named`, where the command line says so · `place`, where the package is to be, and whose workspace that is
//! in · `manifest`, `spec`, `files`, what is written · `told`, what is said. `carry` is the edge.

mod carry;
mod files;
mod manifest;
mod member;
mod name;
mod named;
mod place;
mod source;
mod spec;
mod told;
mod work;

pub use work::{File, New};

pub(crate) use carry::carry;
pub(crate) use files::{Asked, files};
pub(crate) use member::{clients, members};
pub(crate) use name::{package_name, proven, token};
pub(crate) use named::{checkout, release, repository};
pub(crate) use place::Place;
pub(crate) use source::{Crates, find};
pub(crate) use told::{told, unknown_source};
