//! What members are restarted for.

use super::answer::{Move, Next, Refusal};
use super::membership::{self, stops};
use super::rules::Rule;
use super::situation::{Member, Seat, Wanted};
use super::view::{View, refuse};

/// Members neither come nor go while two minors run. So those that leave do that before; those that join do it
/// afterwards; and where both are to be, one of the changes has to be made alone.
pub(super) fn upgrades(view: &View<'_>) -> Option<Next> {
    if !view.holds(Rule::OneMinor) || !view.situation.upgrades {
        return None;
    }
    let has_begun = view.find(|member| member.votes() && member.due.restarts == 0).is_some();
    let leaves = |member: &Member| !member.stays() && member.votes();
    let joins = |member: &Member| member.wanted != Wanted::No && member.seat == Seat::Absent;
    if has_begun {
        let left = || membership::leave(view, |member| leaves(member) && member.due.restarts > 0);
        return restarts(view).or_else(left);
    }
    let (place, _) = view.find(leaves)?;
    if view.find(joins).is_some() {
        return Some(refuse(Refusal::TwoChanges(place)));
    }
    membership::leaves(view)
}

/// One after another, the leader last; where it takes several rounds, all have had one before any has the next.
pub(super) fn restarts(view: &View<'_>) -> Option<Next> {
    let is =
        |member: &Member| member.due.restarts > 0 && member.votes() && member.wanted != Wanted::No;
    let due = view.members().filter(|(_, member)| is(member));
    let (place, member) =
        due.min_by_key(|(_, member)| (core::cmp::Reverse(member.due.restarts), member.leads))?;
    if view.situation.upgrades && view.situation.saves_first && view.holds(Rule::SnapshotFirst) {
        return Some(Next::Step(Move::Snapshot));
    }
    if view.situation.owes_announcement {
        return Some(Next::Step(Move::Announce));
    }
    Some(stops(view, place, member, Move::Restart(place)))
}
