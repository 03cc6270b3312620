//! What a member of a cluster without a quorum has left: it is looked at, ended, and saved.
//!
//! `look`, `replay`, `stop` and `save` are edges. From the ground up: `remains`, `work` · `save`, `told` · `look`, `replay` · `stop` ·
//! `carry`.

mod carry;
mod look;
mod remains;
mod replay;
mod save;
mod stop;
mod told;
mod work;

pub use work::Survey;

pub(crate) use carry::{Ways, carry};
pub(crate) use remains::{Copied, Database, Held, Log, Remains};
pub(crate) use save::copy_place;
