//! What becomes of the limit of the database.

use crate::effective::quota;
use core::cmp::Ordering;

/// What becomes of `quota-backend-bytes`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Quota {
    /// More is allowed: an alarm may be left over.
    Raised,
    /// Less is allowed: this, in bytes.
    Lowered(String),
}

/// Returns what becomes of the quota, if it is another one.
pub(super) fn quota_change(from: Option<&str>, to: Option<&str>) -> Option<Quota> {
    match quota(from).cmp(&quota(to)) {
        Ordering::Less => Some(Quota::Raised),
        Ordering::Equal => None,
        Ordering::Greater => Some(Quota::Lowered(quota(to).to_string())),
    }
}
