//! The change from what runs to what `cluster.toml` says: what `cluster.lock` has recorded, the cluster, and
//! the places of its values become findings. Pure.
//!
//! What a change is, and what it asks for, is the model's to know (`bouquet_model::change`). Here it meets
//! the text: each finding points at the value that is its cause, changes of one kind are told once, and
//! the words of `accept` are held against those that are refused.

mod accept;
mod group;
mod pending;
mod place;
mod refused;
mod revoked;
mod unrecorded;
mod written;

pub(crate) use pending::{pending, told};
pub(crate) use refused::refused;
pub(crate) use revoked::revoked_in_use;
pub(crate) use unrecorded::unrecorded;
pub(crate) use written::Written;

#[cfg(test)]
mod tests;
