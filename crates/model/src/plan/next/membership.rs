//! Those that come, move and go. All that have a vote are up here.

use super::answer::{Move, Next, Place, Refusal};
use super::rules::Rule;
use super::situation::{Life, Member, Seat, Wanted};
use super::view::{View, refuse, writes};

/// Adds those that join, one after another, and without a vote.
pub(super) fn newcomer(view: &View<'_>) -> Option<Next> {
    let is_absent = |member: &Member| member.wanted != Wanted::No && member.seat == Seat::Absent;
    let (place, _) = view.find(|member| is_absent(member) && !member.due.is_held)?;
    Some(Next::Step(Move::Add(place)))
}

/// Moves those that are found elsewhere: one that answers, and whose new place is free.
pub(super) fn mover(view: &View<'_>) -> Option<Next> {
    let is =
        |member: &Member| member.due.readdress && member.seat != Seat::Absent && member.stays();
    let (place, member) = view.find(|member| is(member) && !member.due.is_held)?;
    Some(stops(view, place, member, Move::Readdress(place)))
}

/// Removes those that are to go and are well, the leader last.
pub(super) fn leaver(view: &View<'_>) -> Option<Next> {
    leaver_of(view, |_| true)
}

/// Does the same for those of a kind.
pub(super) fn leaver_of(view: &View<'_>, is: impl Fn(&Member) -> bool) -> Option<Next> {
    let leaves = |member: &Member| !member.stays() && member.votes() && is(member);
    let all = view.members().filter(|(_, member)| leaves(member));
    let (place, member) = all.min_by_key(|(_, member)| member.leads)?;
    if view.voters == 1 {
        return Some(refuse(Refusal::Only(place)));
    }
    Some(leaves_now(view, place, member))
}

/// Removes a member, which hands leadership over first.
pub(super) fn leaves_now(view: &View<'_>, place: Place, member: &Member) -> Next {
    Next::Step(leads_first(view, member).unwrap_or_else(|| view.saved(Move::Remove(place))))
}

/// Returns a step that stops a member for a while: where that stops all writes, it is accepted first.
pub(super) fn stops(view: &View<'_>, place: Place, member: &Member, step: Move) -> Next {
    let (_, up) = view.without(member);
    let goes_on = writes(view.voters, up);
    if !goes_on && !view.situation.accepts_downtime && view.holds(Rule::Downtime) {
        return refuse(Refusal::Downtime(place));
    }
    Next::Step(leads_first(view, member).unwrap_or(step))
}

/// Moves leadership from one that is about to stop to one that stays and is up: of those, to one that is not
/// restarted any more. Only the leader itself hands it over.
fn leads_first(view: &View<'_>, member: &Member) -> Option<Move> {
    let can_hand_over = member.leads && member.life == Life::Up && view.situation.knows_leader;
    if !can_hand_over || !view.holds(Rule::LeaderFirst) {
        return None;
    }
    let is_able = |other: &Member| !other.leads && other.stays() && view.is_up(other);
    let able = view.members().filter(|(_, other)| is_able(other));
    let (to, _) = able.min_by_key(|(_, other)| (other.due.restarts, other.due.readdress))?;
    Some(Move::Lead(to))
}
