//! Whether a certificate that is there can be kept, and if not, why.

mod key;
mod pair;
mod reason;

pub(super) use key::kept_key;
pub(super) use pair::{Good, as_wanted, ends_soon, first_good, first_valid, purposes};
pub use reason::Reason;
