//! A snapshot, brought back: what it is, and the lines that restore every member from it.
//!
//! `file` is the edge that reads it. From the ground up: `file` · `doubts`, `head` · `drill`, which tries it here ·
//! `carry`.

mod carry;
mod doubts;
pub(crate) mod drill;
mod file;
mod head;

pub use carry::Restore;
pub use drill::Drill;

pub(crate) use carry::{Ways, carry, token};
pub(crate) use doubts::refusal;
pub(crate) use file::{Facts, facts};
