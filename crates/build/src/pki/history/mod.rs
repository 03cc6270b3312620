//! What was issued before, and what of it is revoked: all that does not stand in the certificates
//! that are there.

mod learned;
mod ledger;
mod revoked;

pub(super) use learned::learn;
pub use ledger::{PLACE as LEDGER, read as read_ledger};
pub(super) use revoked::{Serials, resolve};

use bouquet_lock::Issued;

/// Facts about certificates that do not stand in them.
#[derive(Clone, Copy)]
pub(super) struct History<'a> {
    pub(super) issued: &'a Issued,
    pub(super) revoked: &'a Serials,
}
