//! What comes before, between and after the changes of members.

use super::answer::{Move, Next, Place, Refusal};
use super::restarts::defragmentation;
use super::rules::Rule;
use super::situation::{Clients, Member, Seat, Wanted};
use super::view::{View, refuse};

/// Asks what is to be seen before anything is changed.
pub(super) fn look(view: &View<'_>) -> Option<Next> {
    view.situation.has_looks.then_some(Next::Step(Move::Look))
}

/// Clears one away that has left, before another one takes its place.
pub(super) fn departed(view: &View<'_>) -> Option<Next> {
    let has_left = |member: &Member| member.seat == Seat::Absent && member.due.retire;
    let (place, _) = view.find(has_left)?;
    Some(Next::Step(Move::Retire(place)))
}

/// Takes a snapshot, which is the way back.
pub(super) fn snapshot(view: &View<'_>) -> Option<Next> {
    let is_due = view.situation.saves_first && view.holds(Rule::SnapshotFirst);
    is_due.then_some(Next::Step(Move::Snapshot))
}

/// Brings files first: a member may be restarted at any time.
pub(super) fn files(view: &View<'_>) -> Option<Next> {
    let is = |member: &Member| member.due.copy && member.seat != Seat::Absent && member.stays();
    let (place, member) = view.find(is)?;
    Some(with_files(view, (place, member), Move::Copy(place)))
}

/// Returns a step by which a member gets its files: certificates go to a machine whose clock lies inside their
/// dates.
pub(super) fn with_files(view: &View<'_>, (place, member): (Place, &Member), step: Move) -> Next {
    let is_wrong = member.due.copy && member.due.has_wrong_clock;
    if is_wrong && view.holds(Rule::ClockFirst) {
        return refuse(Refusal::Clock(place));
    }
    Next::Step(step)
}

/// Gives clients their files and endpoints as soon as these answer, and before anybody leaves.
pub(super) fn clients(view: &View<'_>) -> Option<Next> {
    let is_due = view.situation.clients == Clients::Due && view.holds(Rule::EndpointsFirst);
    is_due.then_some(Next::Step(Move::Clients))
}

/// Returns what is left when all members are as they are to be. One that cannot have its place is no endpoint for
/// clients.
pub(super) fn end(view: &View<'_>) -> Option<Next> {
    let is_held = |member: &Member| member.due.is_held && member.wanted != Wanted::No;
    if let Some((place, _)) = view.find(is_held) {
        return Some(refuse(Refusal::Held(place)));
    }
    if view.situation.clients != Clients::Current {
        return Some(Next::Step(Move::Clients));
    }
    defragmentation(view)
}
