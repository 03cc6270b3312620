//! What comes before, between and after the changes of members.

use super::answer::{Move, Next, Refusal};
use super::rules::Rule;
use super::situation::{Alarm, Clients, Member, Seat, Wanted};
use super::view::{View, refuse};

/// One that has left is cleared away before another one takes its place.
pub(super) fn retires(view: &View<'_>) -> Option<Next> {
    let has_left = |member: &Member| member.seat == Seat::Absent && member.due.retire;
    let (place, _) = view.find(has_left)?;
    Some(Next::Step(Move::Retire(place)))
}

/// What is to be seen before anything is changed.
pub(super) fn looks(view: &View<'_>) -> Option<Next> {
    view.situation.has_looks.then_some(Next::Step(Move::Look))
}

/// A snapshot is the way back.
pub(super) fn saves(view: &View<'_>) -> Option<Next> {
    let is_due = view.situation.saves_first && view.holds(Rule::SnapshotFirst);
    is_due.then_some(Next::Step(Move::Snapshot))
}

/// Files come first: a member may be restarted at any time.
pub(super) fn copies(view: &View<'_>) -> Option<Next> {
    let is = |member: &Member| member.due.copy && member.seat != Seat::Absent && member.stays();
    let (place, member) = view.find(is)?;
    if view.holds(Rule::ClockFirst) && member.due.has_wrong_clock {
        return Some(refuse(Refusal::Clock(place)));
    }
    Some(Next::Step(Move::Copy(place)))
}

/// Clients get their files and endpoints as soon as these answer, and before anybody leaves.
pub(super) fn clients(view: &View<'_>) -> Option<Next> {
    let is_due = view.situation.clients == Clients::Due && view.holds(Rule::EndpointsFirst);
    is_due.then_some(Next::Step(Move::Clients))
}

/// What is left when all members are as they are to be.
pub(super) fn ends(view: &View<'_>) -> Option<Next> {
    if view.situation.clients != Clients::Current {
        return Some(Next::Step(Move::Clients));
    }
    let is_held = |member: &Member| member.due.is_held && member.wanted != Wanted::No;
    if let Some((place, _)) = view.find(is_held) {
        return Some(refuse(Refusal::Held(place)));
    }
    if let Some((place, _)) = view.find(|member| member.due.defragment && member.votes()) {
        return Some(Next::Step(Move::Defragment(place)));
    }
    let is_left_over = view.situation.alarm.is_some_and(|alarm| alarm != Alarm::Corrupt);
    is_left_over.then_some(Next::Step(Move::Disarm))
}
