//! What was begun and not ended: a learner, or a member that was never started.

use super::answer::{Move, Next};
use super::dead::waits_or_refuses;
use super::rules::Rule;
use super::situation::{Data, Life, Member, Seat};
use super::view::{View, writes};

/// Removes what is not to be first: it has no data that anybody needs.
pub(super) fn surplus(view: &View<'_>) -> Option<Next> {
    let is_half_in = |m: &Member| m.seat == Seat::Learner || (m.votes() && m.life == Life::New);
    let (place, _) = view.find(|member| !member.stays() && is_half_in(member))?;
    Some(Next::Step(Move::Remove(place)))
}

/// Decides on a learner that does not run.
pub(super) fn unstarted(view: &View<'_>) -> Option<Next> {
    let is = |member: &Member| {
        member.seat == Seat::Learner && matches!(member.life, Life::New | Life::Down)
    };
    let (place, _) = view.find(is)?;
    comes_before_others(view).then_some(Next::Step(Move::Start(place)))
}

/// Gives a learner that has caught up its vote, where a quorum is up even if it dies at that moment. Of one voter
/// there is no such quorum: with the second one both are needed from that moment on.
pub(super) fn learner(view: &View<'_>) -> Option<Next> {
    let has_caught_up = |member: &Member| {
        (member.life == Life::Up && member.data == Data::Own)
            || (!view.holds(Rule::CaughtUpFirst) && member.life != Life::New)
    };
    let is_safe =
        writes(view.voters + 1, view.up) || view.voters == 1 || !view.holds(Rule::CountsNewAsDown);
    let learners = || view.members().filter(|(_, member)| member.seat == Seat::Learner);
    if is_safe && let Some((place, _)) = learners().find(|(_, member)| has_caught_up(member)) {
        return Some(Next::Step(Move::Promote(place)));
    }
    let (place, member) = learners().find(|(_, member)| !has_caught_up(member))?;
    comes_before_others(view).then(|| waits_or_refuses(place, member))
}

/// Tells whether what was begun is ended before others join: one member at a time.
fn comes_before_others(view: &View<'_>) -> bool {
    let has_others = || view.find(|m| m.stays() && m.seat == Seat::Absent && !m.due.is_held);
    view.holds(Rule::OneAtATime) || has_others().is_none()
}
