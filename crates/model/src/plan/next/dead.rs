//! Members that are not up.

use super::answer::{Move, Next, Place, Refusal, Wait};
use super::around::with_files;
use super::membership::leaves_now;
use super::restarts::cure;
use super::rules::Rule;
use super::situation::{Data, Life, Member, Wanted};
use super::view::{View, refuse, writes};

/// Looks for a quorum: without one nothing can be changed; but what is down can be started, and what has started can
/// catch up.
pub(super) fn quorum(view: &View<'_>) -> Option<Next> {
    if writes(view.voters, view.up) {
        return None;
    }
    let catches_up = || {
        let is = |m: &Member| m.votes() && m.life == Life::Behind && m.data == Data::Own;
        view.find(is).map(|(place, _)| Next::Wait(Wait::CaughtUp(place)))
    };
    let needed = || {
        let is_down = |m: &Member| matches!(m.life, Life::New | Life::Down) && is_sound(view, m);
        let is = |m: &Member| m.votes() && !m.stays() && is_down(m);
        view.find(is).map(|(place, _)| refuse(Refusal::Needed(place)))
    };
    let next = startable(view).or_else(catches_up).or_else(needed);
    Some(next.unwrap_or(refuse(Refusal::Quorum)))
}

/// Waits for a leader: a quorum elects one of its own. One that the others follow leads, whether it answers from
/// here or not.
pub(super) fn leader(view: &View<'_>) -> Option<Next> {
    let leads = |member: &Member| member.leads && matches!(member.life, Life::Up | Life::Silent);
    let is_known = || view.find(leads).is_some();
    (view.situation.knows_leader && !is_known()).then_some(Next::Wait(Wait::Leader))
}

/// Starts a voter that stays and is down: it gets what may be the cure of what stopped it, or is started as it is.
pub(super) fn startable(view: &View<'_>) -> Option<Next> {
    let mut voters = view.members().filter(|(_, member)| member.votes() && member.stays());
    voters.find_map(|(place, member)| match member.life {
        _ if !is_sound(view, member) => None,
        Life::New => Some(Next::Step(Move::Start(place))),
        Life::Down | Life::Behind if member.due.copy => {
            Some(with_files(view, (place, member), Move::Copy(place)))
        }
        Life::Down => cure(view, place, member).or(Some(Next::Step(Move::Start(place)))),
        Life::Silent | Life::Behind | Life::Up => None,
    })
}

/// Removes a voter that is dead and is to go: it costs tolerance for nothing, and etcd adds nobody beside it.
pub(super) fn surplus(view: &View<'_>) -> Option<Next> {
    let is = |member: &Member| {
        !member.stays() && member.votes() && member.life != Life::New && !view.is_up(member)
    };
    let (place, member) = view.find(is)?;
    Some(leaves_now(view, place, member))
}

/// Decides on a voter that is not up and is to stay: it catches up, or a person decides.
pub(super) fn voter(view: &View<'_>) -> Option<Next> {
    if !view.holds(Rule::AllUpFirst) {
        return None;
    }
    let is_not_up =
        |member: &Member| member.votes() && member.wanted != Wanted::No && !view.is_up(member);
    let (place, member) = view.find(is_not_up)?;
    Some(waits_or_refuses(place, member))
}

fn is_sound(view: &View<'_>, member: &Member) -> bool {
    member.data == Data::Own || !view.holds(Rule::OwnData)
}

/// Returns what comes of a member that is not up and that nothing here can start.
pub(super) fn waits_or_refuses(place: Place, member: &Member) -> Next {
    match (member.data, member.life) {
        (Data::Odd | Data::Twice, _) => refuse(Refusal::Odd(place)),
        (Data::Own, Life::Silent) => refuse(Refusal::Silent(place)),
        (Data::Own, _) => Next::Wait(Wait::CaughtUp(place)),
    }
}
