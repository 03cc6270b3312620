//! What members get and are restarted for, and what ends a plan.

use super::membership::{self, endpoints, stops};
use super::rules::Rule;
use super::situation::{Alarm, Member, Seat, Wanted};
use super::view::{View, refuse};
use super::{Move, Next, Refusal};

/// What is to be seen before anything is changed.
pub(super) fn looks(view: &View<'_>) -> Option<Next> {
    view.situation.has_looks.then_some(Next::Step(Move::Look))
}

/// Files come first: a member may be restarted at any time.
pub(super) fn copies(view: &View<'_>) -> Option<Next> {
    let is = |member: &Member| member.due.copy && member.seat != Seat::Absent && member.stays();
    let (place, member) = view.find(is)?;
    if view.holds(Rule::ClockFirst) && member.due.has_wrong_clock {
        return refuse(Refusal::Clock(place));
    }
    Some(Next::Step(Move::Copy(place)))
}

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
        return refuse(Refusal::TwoChanges(place));
    }
    endpoints(view).or_else(|| membership::leaves(view))
}

/// One after another, the leader last; where it takes several rounds, all have had one before any has the next.
pub(super) fn restarts(view: &View<'_>) -> Option<Next> {
    let is = |member: &Member| {
        member.due.restarts > 0 && member.votes() && member.wanted != Wanted::No
    };
    let due = view.members().filter(|(_, member)| is(member));
    let (place, member) =
        due.min_by_key(|(_, member)| (core::cmp::Reverse(member.due.restarts), member.leads))?;
    if view.situation.upgrades && !view.situation.is_saved && view.holds(Rule::SnapshotFirst) {
        return Some(Next::Step(Move::Snapshot));
    }
    stops(view, place, member, Move::Restart(place))
}

/// What is left when all members are as they are to be.
pub(super) fn ends(view: &View<'_>) -> Option<Next> {
    if view.situation.owes_clients {
        return Some(Next::Step(Move::Clients));
    }
    if let Some((place, _)) = view.find(|member| member.due.is_held && member.stays()) {
        return refuse(Refusal::Held(place));
    }
    if let Some((place, _)) = view.find(|member| member.due.defragment && member.votes()) {
        return Some(Next::Step(Move::Defragment(place)));
    }
    if view.situation.alarm.is_some_and(|alarm| alarm != Alarm::Corrupt) {
        return Some(Next::Step(Move::Disarm));
    }
    let has_left = |member: &Member| {
        member.wanted == Wanted::No && member.seat == Seat::Absent && member.due.retire
    };
    if let Some((place, _)) = view.find(has_left) {
        return Some(Next::Step(Move::Retire(place)));
    }
    view.situation.owes_record.then_some(Next::Step(Move::Record))
}
