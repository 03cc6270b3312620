//! What is wrong with data: before that is right, nothing else is changed.

use super::answer::{Move, Next, Refusal};
use super::around;
use super::dead;
use super::membership::leaves_now;
use super::restarts;
use super::rules::Rule;
use super::situation::{Alarm, Data, Member, Seat, Space, Wanted};
use super::view::{View, refuse, writes};

/// Refuses two processes under one ID: both vote and acknowledge as one, so no count is worth anything.
pub(super) fn two_processes(view: &View<'_>) -> Option<Next> {
    if !view.holds(Rule::OneProcess) {
        return None;
    }
    let (place, _) = view.find(|member| member.data == Data::Twice)?;
    Some(refuse(Refusal::Twice(place)))
}

/// Puts corruption right: every write is refused until those whose data differs have left the list and the
/// alarm is off. Which they are, etcd says, or the operator.
pub(super) fn corruption(view: &View<'_>) -> Option<Next> {
    if alarm(view) != Some(Alarm::Corrupt) {
        return None;
    }
    let is_odd = |member: &Member| member.seat != Seat::Absent && member.data == Data::Odd;
    let leaves = |member: &Member| {
        member.wanted == Wanted::Replaced && member.seat != Seat::Absent
            || member.wanted == Wanted::No && is_odd(member)
    };
    if let Some((place, member)) = view.find(leaves) {
        let (voters, up) = view.without(member);
        return Some(if writes(voters, up) {
            leaves_now(view, place, member)
        } else {
            refuse(Refusal::Quorum)
        });
    }
    let odd = view.find(is_odd).map(|(place, _)| Refusal::Odd(place));
    Some(refuse(odd.unwrap_or(Refusal::Corrupt)))
}

/// Makes space: every write is refused until there is some and the alarm is off. Where the quota is raised, all
/// that can are restarted with it, after what comes before every restart. Else the history goes, and then each
/// member gives back what that took.
pub(super) fn lack_of_space(view: &View<'_>) -> Option<Next> {
    let Some(Alarm::Space(space)) = alarm(view) else { return None };
    let raised = || {
        let ways = [dead::startable, around::files, around::clients, restarts::restart];
        ways.iter().find_map(|way| way(view))
    };
    let next = match space {
        _ if view.situation.raises_quota => raised(),
        Space::Full => Some(Next::Step(Move::Compact)),
        Space::Compacted => restarts::defragmentation(view),
    };
    Some(next.unwrap_or(Next::Step(Move::Disarm)))
}

/// Switches off an alarm that is left: it refuses writes without a reason.
pub(super) fn left_over_alarm(view: &View<'_>) -> Option<Next> {
    (alarm(view) == Some(Alarm::LeftOver)).then_some(Next::Step(Move::Disarm))
}

fn alarm(view: &View<'_>) -> Option<Alarm> {
    view.situation.alarm.filter(|_| view.holds(Rule::AlarmsFirst))
}
