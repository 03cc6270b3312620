//! The plan: the steps from what runs to what was compiled.
//!
//! ```text
//! recorded ─┐
//! compiled ─┼→ model: changes, plan → text, JSON
//! live: planned ─┤
//! JSON: reread ──┘
//! ```
//!
//! `recorded` reads what was recorded; `carry` asks the members besides, where one may be asked; `reread` has what they
//! said from the JSON of an earlier plan. All else is pure. From the ground up: `at`, `recorded`, `seen` · `reread` · `files`, `text`,
//! `view` · `told` · `unrecorded` · `carry`.

mod at;
mod carry;
mod files;
mod recorded;
mod reread;
mod seen;
#[cfg(test)]
mod tests;
mod text;
mod told;
mod unrecorded;
mod view;

pub use carry::Planning;

pub(crate) use carry::carry;
pub(crate) use recorded::find as recorded;
pub(crate) use reread::{age, reread};
pub(crate) use told::{Basis, Form, Told, made, offline, told};
pub(crate) use unrecorded::unrecorded;
