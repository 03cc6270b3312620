#![doc = include_str!("../README.md")]
//!
//! [`compile`] proves the cluster that the file describes, keeps the certificates that are good and issues
//! the others, writes `out/` and `cluster.lock`, and leaves the whole definition in `OUT_DIR` for the
//! program to include. Mistakes are shown as rustc shows them, and fail the build; `out/` is then as it
//! was. Where there are no keys, the definition is all that is written, as `cluster.lock` has it.
//!
//! [`prove`] does the first part alone, for anyone who wants to check a file.
//!
//! All else is public for this project's own tests and benchmarks, and may change at any time.

mod change;
mod check;
#[doc(hidden)]
pub mod constants;
pub mod diagnostic;
mod digests;
mod edge;
#[doc(hidden)]
pub mod issuing;
mod json;
mod layout;
mod lock;
mod page;
#[doc(hidden)]
pub mod pki;
#[doc(hidden)]
pub mod render;
mod schema;
#[doc(hidden)]
pub mod spec;

pub use check::{Proven, prove};
pub use edge::compile;
#[doc(hidden)]
pub use edge::{Asked, Built, Job, build};
