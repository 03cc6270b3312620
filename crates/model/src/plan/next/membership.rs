//! Those that come, move and go. All that have a vote are up here.

use super::answer::{Move, Next, Place, Refusal};
use super::rules::Rule;
use super::situation::{Member, Seat, Wanted};
use super::view::{View, refuse};

/// Those that join, one after another, and without a vote.
pub(super) fn joins(view: &View<'_>) -> Option<Next> {
    let is_absent = |member: &Member| member.wanted != Wanted::No && member.seat == Seat::Absent;
    let (place, member) = view.find(|member| is_absent(member) && !member.due.is_held)?;
    if view.holds(Rule::EtcdFirst) && member.due.has_other_etcd {
        return Some(refuse(Refusal::OtherEtcd(place)));
    }
    Some(view.change(Move::Add(place)))
}

/// Those that are found elsewhere: one that answers, and whose new place is free.
pub(super) fn moves(view: &View<'_>) -> Option<Next> {
    let is =
        |member: &Member| member.due.readdress && member.seat != Seat::Absent && member.stays();
    let (place, member) = view.find(|member| is(member) && !member.due.is_held)?;
    Some(stops(view, place, member, Move::Readdress(place)))
}

/// Those that are to go and are well, the leader last.
pub(super) fn leaves(view: &View<'_>) -> Option<Next> {
    leave(view, |member| !member.stays() && member.votes())
}

/// The same for those of a kind.
pub(super) fn leave(view: &View<'_>, is: impl Fn(&Member) -> bool) -> Option<Next> {
    let all = view.members().filter(|(_, member)| is(member));
    let (place, member) = all.min_by_key(|(_, member)| member.leads)?;
    if view.voters == 1 {
        return Some(refuse(Refusal::Only(place)));
    }
    let is_safe = view.all_up() && view.writes(view.voters - 1, view.up.saturating_sub(1));
    if !is_safe && view.holds(Rule::AllUpFirst) {
        return Some(refuse(Refusal::Quorum));
    }
    Some(leaves_now(view, place, member))
}

/// A member that leaves hands leadership over first.
pub(super) fn leaves_now(view: &View<'_>, place: Place, member: &Member) -> Next {
    match leads_first(view, member) {
        Some(step) => view.change(step),
        None => view.saved_change(Move::Remove(place)),
    }
}

/// A step that stops a member for a while: where that stops all writes, it is accepted first.
pub(super) fn stops(view: &View<'_>, place: Place, member: &Member, step: Move) -> Next {
    let goes_on = view.writes(view.voters, view.up.saturating_sub(1));
    if !goes_on && !view.situation.accepts_downtime && view.holds(Rule::Downtime) {
        return refuse(Refusal::Downtime(place));
    }
    view.change(leads_first(view, member).unwrap_or(step))
}

/// Leadership goes from one that is about to stop to one that stays and is up: of those, to one that is not restarted
/// any more.
fn leads_first(view: &View<'_>, member: &Member) -> Option<Move> {
    if !member.leads || !view.situation.knows_leader || !view.holds(Rule::LeaderFirst) {
        return None;
    }
    let is_able = |other: &Member| !other.leads && other.stays() && view.is_up(other);
    let able = view.members().filter(|(_, other)| is_able(other));
    let (to, _) = able.min_by_key(|(_, other)| (other.due.restarts, other.due.readdress))?;
    Some(Move::Lead(to))
}
