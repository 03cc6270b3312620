//! How many members must agree.

/// Returns how many of so many members have to be up for writes to go on: more than half.
pub const fn quorum(members: usize) -> usize {
    members / 2 + 1
}
