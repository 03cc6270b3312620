//! The plan: the steps from what runs to what was compiled.
//!
//! ```text
//! recorded ─┐
//! compiled ─┼→ model: changes, plan → text, JSON
//! live: planned ─┘
//! ```
//!
//! `recorded` reads what was recorded; `carry` asks the members besides, where one may be asked. All else is pure. From
//! the ground up: `recorded` · `files`, `text`, `view` · `told` · `carry`.

mod carry;
mod files;
mod recorded;
mod text;
mod told;
mod view;

pub use carry::Planning;

pub(crate) use carry::carry;
pub(crate) use recorded::find as recorded;
pub(crate) use told::{Basis, Form, Told, made, offline, told};
