//! What a change means: from what runs to what is to run.
//!
//! Pure and total: [`changes`] compares two [`Running`]s field by field, and each field of a record has its
//! place here, or nothing compiles. Records may be odd, as files that people merge are: an option is missing,
//! unknown, or no URL.
//!
//! `pairs` says which member of today is which one of tomorrow, `members` what that asks for, `member` what is
//! to be done about one that stays. `consequence` and `way` have the words for an operator, `accept` those
//! that an operator writes, `accepted` those that one has written.

mod accept;
mod accepted;
mod class;
mod clients;
mod consequence;
mod difference;
mod display;
mod effect;
mod manner;
mod member;
mod members;
mod option_words;
mod pairs;
mod procedure;
mod slip;
mod spelling;
#[cfg(test)]
mod tests;
mod tls;
mod token;
mod trust;
mod version;
mod way;
mod what;

pub use accepted::{Accepted, accept_line};
pub use class::Class;
pub use display::as_written;
pub use manner::Manner;
pub use pairs::former_names;
pub use slip::{FORMS, Names, Slip};
pub(crate) use tls::speak_with_each_other;
pub use what::{Change, Subject, What};

use crate::running::Running;

/// Returns every change from what runs to what is to run: the cluster's as a whole first, then the members'
/// and the clients', each in the order of their names.
///
/// From something to itself there is none.
pub fn changes(before: &Running, after: &Running) -> Vec<Change> {
    let Running { members: _, clients: _ } = before;
    let mut all = members::changes(before, after);
    all.extend(clients::changes(before, after));
    all.sort_by(|one, other| one.subject.cmp(&other.subject));
    all
}
