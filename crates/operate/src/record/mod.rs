//! What runs, recorded in `cluster.lock`: the one thing that no file of a package tells.
//!
//! ```text
//! cluster.toml, cluster.lock, its copy, what is compiled ─decide→ Decision ─(asked)→ cluster.lock, its copy
//! ```
//!
//! `carry` is the edge; all else is pure. From the ground up: `work` · `adopted`, `choose`, `founders`, `listing`, `look`,
//! `moment`, `replaced` · `said` · `decide` · `carry`.

mod adopted;
mod carry;
mod choose;
mod decide;
mod founders;
mod listing;
mod look;
mod moment;
mod replaced;
mod said;
#[cfg(test)]
mod tests;
mod work;

pub use work::{Action, Looking, Recording, RestoredFrom, Restoring};

pub(crate) use carry::{Talk, carry};
pub(crate) use listing::unrecorded;
