//! What was issued before, and what of it is revoked: all that does not stand in the certificates
//! that are there.

mod ledger;
mod revoked;

pub use ledger::PLACE as LEDGER;
pub(super) use ledger::{Ledger, lost};
pub(super) use revoked::{Serials, resolve};

/// Facts about certificates that do not stand in them.
#[derive(Clone, Copy)]
pub(super) struct History<'a> {
    pub(super) ledger: &'a Ledger,
    pub(super) revoked: &'a Serials,
}
