//! What a member of a cluster without a quorum has left: it is looked at, ended, and saved.
//!
//! `look`, `stop` and `save` are edges. From the ground up: `remains`, `work` · `look`, `save`, `told` · `stop` · `carry`.

mod carry;
mod look;
mod remains;
mod save;
mod stop;
mod told;
mod work;

pub use work::Survey;

pub(crate) use carry::{Ways, carry};
pub(crate) use remains::{Copied, Database, Held, Log, Remains};
