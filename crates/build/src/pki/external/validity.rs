//! How long a certificate is asked for.

use crate::pki::signer::{Signer, seconds};
use bouquet_model::certificate::Wanted;
use bouquet_model::time::DAY;

/// How long a certificate is to live: no longer than its CA, even if it is signed tomorrow.
pub(super) fn days(wanted: &Wanted, ca: &Signer, now: i64) -> i64 {
    let left = (ca.chain.not_after - now) / DAY - 1;
    left.max(1).min(seconds(wanted.valid_for) / DAY)
}
