//! The way back from a lost quorum: the data of one member becomes a new cluster, of that member alone.
//!
//! ```text
//! look: is there no quorum? ─→ each node: what is left ─begins→ (asked) ─→ each node: ends
//!   ─chosen→ told ─(asked)→ save, install --restore --sole, a write ─→ recorded; `apply` adds the others
//! ```
//!
//! **A new cluster, and not `--force-new-cluster`:** with that, the cluster keeps its ID, and members that are somewhere
//! still leave for good as soon as they see it, with all that they alone have. With the token of a restore they are of
//! another cluster, and nothing that they do reaches this one; their data stays as it is.
//!
//! From the ground up: `word`, `work`, `ports`, `answers`, `new` · `choose`, `ended`, `nodes` · `told`, `restore` · `lost` · `carry`. Edges
//! are `ports`, `new`, `nodes`, `restore`, `lost` and `carry`.

mod answers;
mod carry;
mod choose;
mod ended;
mod lost;
mod new;
mod nodes;
mod ports;
mod restore;
#[cfg(test)]
mod tests;
mod told;
mod word;
mod work;

pub use work::Rescue;

pub(crate) use carry::{Ways, carry};
