//! What a change means: from what runs to what is to run.
//!
//! Pure and total: [`changes`] compares two [`Running`]s field by field, and each field of a record has its
//! place here, or nothing compiles.

mod class;
mod clients;
mod member;
mod members;
#[cfg(test)]
mod tests;
mod what;

pub use class::Class;
pub use what::{Change, Subject, What};

use crate::running::Running;

/// Returns every change from what runs to what is to run: the cluster's as a whole first, then the members'
/// and the clients', each in the order of their names.
///
/// Nothing differs exactly if there is none.
pub fn changes(before: &Running, after: &Running) -> Vec<Change> {
    let Running { members: _, clients: _ } = before;
    let mut all = members::changes(before, after);
    all.extend(clients::changes(&before.clients, &after.clients));
    all.sort_by(|one, other| one.subject.cmp(&other.subject));
    all
}
