#![doc = include_str!("../README.md")]
//!
//! ```text
//! text ─read→ Lock ─(what was issued is entered)→ Lock ─text→ text
//! ```
//!
//! [`Identity`] is what can be had once: the CAs, the cluster's and the members' IDs. [`Issued`] is
//! every certificate that was issued and has not expired: revoking by name needs the serial numbers of
//! those that were replaced. It is a set that only grows until they expire, so that lines which two
//! people added can all be kept. [`Recorded`] is what is on the machines, as far as `bouquet done` was told;
//! the later record of each member and client counts. No digest, counter or time of the whole stands in it,
//! over which two branches would always conflict. Newer and older are decided by which serial numbers are
//! there, never by dates.
//!
//! Pure: no files, no clock.

mod document;
mod entry;
mod explain;
mod form;
mod git;
mod identity;
pub mod ids;
mod issued;
pub mod literal;
mod lock;
mod read;
mod read_running;
mod recorded;
mod recording;
mod restored;
#[cfg(test)]
mod tests;
mod text;
mod text_running;
mod values;

pub use entry::{Difference, Entry, Facts};
pub use explain::Origin;
pub use form::{COPY, LARGEST, NAME, VERSION};
pub use git::git;
pub use identity::{Authority, Identity, Restored};
pub use issued::Issued;
pub use lock::{Lock, Taken};
pub use read::{Unreadable, read};
pub use recorded::{ChangedId, Later, Record, Recorded};
