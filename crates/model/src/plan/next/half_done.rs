//! What was begun and not ended: a learner, or a member that was never started.

use super::answer::{Move, Next, Wait};
use super::dead::{is_half_in, why};
use super::rules::Rule;
use super::situation::{Life, Member, Seat};
use super::view::{View, refuse};

/// What is not to be goes first: it has no data that anybody needs.
pub(super) fn is_not_wanted(view: &View<'_>) -> Option<Next> {
    let (place, _) = view.find(|member| !member.stays() && is_half_in(member))?;
    Some(view.change(Move::Remove(place)))
}

/// Those that have a vote already come first: they count as down.
pub(super) fn has_not_started(view: &View<'_>) -> Option<Next> {
    let is = |member: &Member| is_half_in(member) && matches!(member.life, Life::New | Life::Down);
    let all = view.members().filter(|(_, member)| is(member));
    let (place, _) = all.max_by_key(|(_, member)| member.seat)?;
    comes_before_others(view).then_some(Next::Step(Move::Start(place)))
}

/// A learner that has caught up gets its vote, where a quorum is up even if it dies at that moment. Of one voter there
/// is no such quorum: with the second one both are needed from that moment on.
pub(super) fn learns(view: &View<'_>) -> Option<Next> {
    let learners = || view.members().filter(|(_, member)| member.seat == Seat::Learner);
    let has_caught_up = |member: &Member| {
        member.life == Life::Up || (!view.holds(Rule::CaughtUpFirst) && member.life != Life::New)
    };
    let is_safe = view.writes(view.voters + 1, view.up)
        || view.voters == 1
        || !view.holds(Rule::CountsNewAsDown);
    if let Some((place, _)) =
        learners().find(|(_, member)| has_caught_up(member)).filter(|_| is_safe)
    {
        return Some(view.change(Move::Promote(place)));
    }
    let (place, member) = learners().find(|(_, member)| !has_caught_up(member))?;
    match member.life {
        _ if !comes_before_others(view) => None,
        Life::Behind => Some(Next::Wait(Wait::CaughtUp(place))),
        _ => Some(refuse(why(place, member))),
    }
}

/// A learner that may not get its vote yet: nothing else begins beside it.
pub(super) fn has_no_vote(view: &View<'_>) -> Option<Next> {
    let (place, member) = view.find(|member| member.seat == Seat::Learner)?;
    comes_before_others(view).then(|| refuse(why(place, member)))
}

/// One member at a time: what was begun is ended before the next one is added.
fn comes_before_others(view: &View<'_>) -> bool {
    let has_others = || view.find(|m| m.stays() && m.seat == Seat::Absent && !m.due.is_held);
    view.holds(Rule::OneAtATime) || has_others().is_none()
}
