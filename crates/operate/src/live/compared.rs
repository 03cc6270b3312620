//! Whose data is right, as far as hashes and revisions show it.

use super::members::{Agreed, member_id};
use super::observed::{Observed, Seen};
use super::sides::{Sides, sides};
use bouquet_model::quorum::quorum;
use std::collections::BTreeSet;

/// What comes of a comparison of the members' data.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Compared {
    /// Nobody is seen to have other data.
    Alike,
    /// These have other data than a quorum has, by their IDs.
    Odd(BTreeSet<u64>),
    /// They may differ, and it is not to be seen which are right.
    Unknown,
}

/// Compares the data of those that are in doubt. An alarm names one of two that differ, and says of neither that it is the
/// wrong one.
pub(super) fn compared(observed: &Observed, agreed: &Agreed) -> Compared {
    let sides = match sides(observed) {
        Sides::One => return Compared::Alike,
        Sides::Unknown => return Compared::Unknown,
        Sides::Several(sides) => sides,
    };
    let voters = agreed.members.iter().filter(|listed| !listed.is_learner);
    let voters: BTreeSet<u64> = voters.map(|listed| listed.id).collect();
    let ids = |names: &Vec<&str>| -> BTreeSet<u64> {
        let is_there = |seen: &&Seen| names.contains(&seen.target.name.as_str());
        in_doubt(observed).filter(is_there).filter_map(member_id).collect()
    };
    // Those that say nothing may have the data of either side.
    let is_right =
        |side: &BTreeSet<u64>| side.intersection(&voters).count() >= quorum(voters.len());
    let (right, odd): (Vec<_>, Vec<_>) = sides.iter().map(ids).partition(is_right);
    if right.is_empty() {
        Compared::Unknown
    } else {
        Compared::Odd(odd.into_iter().flatten().collect())
    }
}

/// Tells whether an alarm that data differs has no reason any more, where no data is seen to differ: its member is gone,
/// or it and all that vote were compared.
pub(super) fn is_over(observed: &Observed, agreed: &Agreed, id: Option<u64>) -> bool {
    let is_named = |listed: u64| Some(listed) == id;
    if id.is_some() && !agreed.members.iter().any(|listed| is_named(listed.id)) {
        return true;
    }
    let compared: BTreeSet<u64> = in_doubt(observed).filter_map(member_id).collect();
    let mut meant = agreed.members.iter().filter(|it| !it.is_learner || is_named(it.id));
    meant.all(|listed| compared.contains(&listed.id))
}

fn in_doubt(observed: &Observed) -> impl Iterator<Item = &Seen> {
    observed.seen.iter().filter(|seen| seen.doubt.is_some())
}
