//! Those that come, move and go. All that have a vote are up here.

use super::rules::Rule;
use super::situation::{Life, Member, Seat, Wanted};
use super::view::{View, refuse};
use super::{Move, Next, Refusal};

/// Those that join, one after another, and without a vote.
pub(super) fn joins(view: &View<'_>) -> Option<Next> {
    let is_absent = |member: &Member| member.wanted != Wanted::No && member.seat == Seat::Absent;
    let (place, member) = view.find(|member| is_absent(member) && !member.due.is_held)?;
    if view.holds(Rule::EtcdFirst) && member.due.has_other_etcd {
        return refuse(Refusal::OtherEtcd(place));
    }
    view.change(Move::Add(place))
}

/// Those that are found elsewhere: one that answers, and whose new place is free.
pub(super) fn moves(view: &View<'_>) -> Option<Next> {
    let is = |member: &Member| member.due.readdress && member.seat != Seat::Absent && member.stays();
    let (place, member) = view.find(|member| is(member) && !member.due.is_held)?;
    stops(view, place, member, Move::Readdress(place))
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
        return refuse(Refusal::Only(place));
    }
    let is_safe = view.all_up() && view.writes(view.voters - 1, view.up - 1);
    if !is_safe && view.holds(Rule::AllUpFirst) {
        return refuse(Refusal::Quorum);
    }
    if let Some(step) = leads_first(view, member) {
        return step;
    }
    view.saved_change(Move::Remove(place))
}

/// A step that stops a member for a while: where that stops all writes, it is accepted first.
pub(super) fn stops(view: &View<'_>, place: usize, member: &Member, step: Move) -> Option<Next> {
    let goes_on = view.writes(view.voters, view.up - 1);
    if !goes_on && !view.situation.accepts_downtime && view.holds(Rule::Downtime) {
        return refuse(Refusal::Downtime(place));
    }
    leads_first(view, member).unwrap_or_else(|| view.change(step))
}

/// Leadership goes from one that is about to stop to one that stays and is up: of those, to one that is not restarted
/// any more.
pub(super) fn leads_first(view: &View<'_>, member: &Member) -> Option<Option<Next>> {
    if !member.leads || !view.situation.knows_leader || !view.holds(Rule::LeaderFirst) {
        return None;
    }
    let is_able = |other: &Member| !other.leads && other.stays() && other.life == Life::Up;
    let able = view.members().filter(|(_, other)| is_able(other) && view.is_up(other));
    let (to, _) = able.min_by_key(|(_, other)| (other.due.restarts, other.due.readdress))?;
    Some(view.change(Move::Lead(to)))
}
