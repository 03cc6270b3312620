//! Members that are not up.

use super::answer::{Move, Next, Place, Refusal, Wait};
use super::membership::leaves_now;
use super::rules::Rule;
use super::situation::{Data, Life, Member, Seat, Wanted};
use super::view::{View, refuse};

/// Without a quorum nothing can be changed; but what is down can be started.
pub(super) fn has_no_quorum(view: &View<'_>) -> Option<Next> {
    if view.writes(view.voters, view.up) {
        return None;
    }
    let starts = |member: &Member| {
        member.votes()
            && member.wanted != Wanted::No
            && matches!(member.life, Life::New | Life::Down)
            && member.data == Data::Own
    };
    let startable = view.find(starts);
    let Some((place, _)) = startable else {
        let needed = view.find(|member| {
            member.votes() && member.life == Life::Down && member.wanted == Wanted::No
        });
        return Some(refuse(needed.map_or(Refusal::Quorum, |(place, _)| Refusal::Needed(place))));
    };
    Some(Next::Step(Move::Start(place)))
}

pub(super) fn has_no_leader(view: &View<'_>) -> Option<Next> {
    let leads = || view.find(|member| member.leads && member.life == Life::Up).is_some();
    (view.situation.knows_leader && !leads()).then_some(Next::Wait(Wait::Leader))
}

/// A voter that is dead and is to go: it costs tolerance for nothing, and etcd adds nobody beside it.
pub(super) fn is_not_wanted(view: &View<'_>) -> Option<Next> {
    let is = |member: &Member| !member.stays() && member.votes() && !view.is_up(member);
    let (place, member) = view.find(is)?;
    view.writes(view.voters - 1, view.up).then_some(())?;
    Some(leaves_now(view, place, member))
}

/// A voter that is not up and is to stay: it is started again, or a person decides.
pub(super) fn is_wanted(view: &View<'_>) -> Option<Next> {
    if !view.holds(Rule::AllUpFirst) {
        return None;
    }
    let is_not_up =
        |member: &Member| member.votes() && member.wanted != Wanted::No && !view.is_up(member);
    let can_start = |member: &Member| {
        is_not_up(member) && matches!(member.life, Life::New | Life::Down) && sound(view, member)
    };
    if let Some((place, _)) = view.find(can_start) {
        return Some(Next::Step(Move::Start(place)));
    }
    let (place, member) = view.find(is_not_up)?;
    Some(refuse(why(place, member)))
}

fn sound(view: &View<'_>, member: &Member) -> bool {
    member.data == Data::Own || !view.holds(Rule::OwnData)
}

/// Why a member that is not up cannot be started.
pub(super) fn why(place: Place, member: &Member) -> Refusal {
    match (member.data, member.life) {
        (Data::Twice, _) => Refusal::Twice(place),
        (Data::Odd, _) => Refusal::Odd(place),
        (Data::Own, Life::Silent) => Refusal::Silent(place),
        (Data::Own, Life::Behind) => Refusal::Behind(place),
        (Data::Own, Life::New | Life::Down | Life::Broken | Life::Up) => Refusal::Broken(place),
    }
}

/// Tells whether a member is in the list, and not in the cluster.
pub(super) fn is_half_in(member: &Member) -> bool {
    member.seat == Seat::Learner || (member.votes() && member.life == Life::New)
}
