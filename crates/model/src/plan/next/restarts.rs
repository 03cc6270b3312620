//! What members are stopped for, one at a time.

use super::answer::{Move, Next, Place, Refusal};
use super::membership::{leaver, leaver_of, stops};
use super::rules::Rule;
use super::situation::{Life, Member, Seat, Wanted};
use super::view::{View, refuse, writes};

/// Decides on an upgrade: members neither come nor go while two minors run. So those that leave do that before;
/// those that join do it afterwards; and where both are to be, one of the changes has to be made alone.
pub(super) fn upgrade(view: &View<'_>) -> Option<Next> {
    if !view.holds(Rule::OneMinor) || !view.situation.upgrades {
        return None;
    }
    if has_begun(view) {
        let rest = || leaver_of(view, |member| member.has_former_minor);
        return restart(view).or_else(rest);
    }
    let leaves = |member: &Member| !member.stays() && member.votes();
    let Some((place, _)) = view.find(leaves) else { return restart(view) };
    let joins = |member: &Member| member.wanted != Wanted::No && member.seat == Seat::Absent;
    if view.find(joins).is_some() {
        return Some(refuse(Refusal::TwoChanges(place)));
    }
    leaver(view)
}

/// Restarts one after another, the leader last; where it takes several rounds, all have had one before any has the
/// next.
pub(super) fn restart(view: &View<'_>) -> Option<Next> {
    let is = |member: &Member| {
        let stays = member.wanted != Wanted::No && member.votes();
        stays && member.due.restarts > 0 && member.life == Life::Up
    };
    let due = view.members().filter(|(_, member)| is(member));
    let (place, member) =
        due.min_by_key(|(_, member)| (core::cmp::Reverse(member.due.restarts), member.leads))?;
    if saves_first(view) {
        return Some(Next::Step(Move::Snapshot));
    }
    if view.situation.owes_announcement {
        return Some(Next::Step(Move::Announce));
    }
    Some(stops(view, place, member, Move::Restart(place)))
}

/// Makes members give back what their databases hold for nothing, the leader last: each stands still meanwhile.
pub(super) fn defragmentation(view: &View<'_>) -> Option<Next> {
    let is = |member: &Member| {
        member.due.defragment && member.seat != Seat::Absent && member.life == Life::Up
    };
    let due = view.members().filter(|(_, member)| is(member));
    let (place, member) = due.min_by_key(|(_, member)| member.leads)?;
    Some(stops(view, place, member, Move::Defragment(place)))
}

/// Returns the restart that one waits for which is down: what is new may be what puts it right. Another minor of
/// etcd never is, where all others have the former one.
pub(super) fn cure(view: &View<'_>, place: Place, member: &Member) -> Option<Next> {
    let is_due = member.due.restarts > 0 && (!view.situation.upgrades || has_begun(view));
    let saves = saves_first(view) && writes(view.voters, view.up);
    is_due.then_some(Next::Step(if saves { Move::Snapshot } else { Move::Restart(place) }))
}

/// Tells whether a snapshot comes first, as before another minor of etcd.
fn saves_first(view: &View<'_>) -> bool {
    let saves = view.situation.upgrades && view.situation.saves_first;
    saves && view.holds(Rule::SnapshotFirst)
}

/// Tells whether a member has the other minor already.
fn has_begun(view: &View<'_>) -> bool {
    view.find(|member| member.votes() && !member.has_former_minor).is_some()
}
