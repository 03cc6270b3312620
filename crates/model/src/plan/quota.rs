//! What becomes of the limit of the database.

use crate::effective::quota;
use core::cmp::Ordering;

/// What becomes of `quota-backend-bytes`, of all members: one may be allowed less where others are allowed more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Quota {
    /// A member is allowed more: an alarm may be left over.
    pub(super) is_raised: bool,
    /// A member is allowed less: this, in bytes, or the least of several.
    pub(super) lowered: Option<i64>,
}

impl Quota {
    /// Takes in what becomes of a member's.
    pub(super) fn change(&mut self, from: Option<&str>, to: Option<&str>) {
        let to = quota(to);
        match quota(from).cmp(&to) {
            Ordering::Less => self.is_raised = true,
            Ordering::Equal => {}
            Ordering::Greater => {
                self.lowered = Some(self.lowered.map_or(to, |least| least.min(to)));
            }
        }
    }
}
