//! What is wrong with data: before that is right, nothing else is changed.

use super::answer::{Move, Next, Refusal};
use super::dead::is_wanted;
use super::restarts::restarts;
use super::rules::Rule;
use super::situation::{Alarm, Data, Life, Space};
use super::view::{View, refuse};

/// Both vote and acknowledge as one: no count is worth anything.
pub(super) fn is_twice(view: &View<'_>) -> Option<Next> {
    if !view.holds(Rule::OneProcess) {
        return None;
    }
    let (place, _) = view.find(|member| member.data == Data::Twice)?;
    Some(refuse(Refusal::Twice(place)))
}

pub(super) fn is_corrupt(view: &View<'_>) -> Option<Next> {
    let is = view.situation.alarm == Some(Alarm::Corrupt) && view.holds(Rule::AlarmsFirst);
    is.then_some(Next::Refuse(Refusal::Corrupt))
}

/// Every write is refused until there is space and the alarm is off. Where the quota is raised, all are restarted with
/// it. Else the history goes, and then each member gives back what that took, those that follow first: it stands still
/// meanwhile.
pub(super) fn has_no_space(view: &View<'_>) -> Option<Next> {
    let Some(Alarm::Space(space)) = view.situation.alarm else { return None };
    if !view.holds(Rule::AlarmsFirst) {
        return None;
    }
    if view.situation.raises_quota {
        let raised = is_wanted(view).or_else(|| restarts(view));
        return Some(raised.unwrap_or(Next::Step(Move::Disarm)));
    }
    if space == Space::Full {
        return Some(Next::Step(Move::Compact));
    }
    let due = view.members().filter(|(_, member)| member.due.defragment && member.life == Life::Up);
    let first = due.min_by_key(|(_, member)| member.leads);
    Some(Next::Step(first.map_or(Move::Disarm, |(place, _)| Move::Defragment(place))))
}
