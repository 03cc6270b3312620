//! A snapshot of the cluster's data, from the member that is best for it.
//!
//! ```text
//! live::Report ─choose→ a member ─stream→ a partial file ─proven→ FILE ─→ text, JSON, metrics
//! ```
//!
//! `carry` is the edge. From the ground up: `work` · `choose`, `folder` (the names in a folder of snapshots),
//! `refused` · `partial` (a file that comes in parts) · `disk` (its place, and those that are there), `progress`, `source` (the
//! member that sends), `told` · `carry`.

mod carry;
mod choose;
mod disk;
mod folder;
mod partial;
mod progress;
mod refused;
mod source;
mod told;
mod work;

pub use work::Save;

pub(crate) use carry::{Ways, carry};
pub(crate) use partial::{Whole, open_whole};
pub(crate) use work::To;
