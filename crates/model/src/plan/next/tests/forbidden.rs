//! What must never be done.

use super::super::Move;
use super::super::gates::{Operation, gate};
use super::super::situation::{Alarm, Data, Life, Member, Seat, Wanted};
use super::world::{World, quorum_of};
use crate::quorum::quorum;
use crate::version::{EtcdVersion, Minor};

/// Returns why a step must not be done here.
pub(super) fn forbidden(world: &World, step: Move) -> Option<&'static str> {
    let member = |at: usize| &world.members[at];
    let others_lead = |at: usize| {
        let able = |(place, other): (usize, &Member)| place != at && other.stays() && other.is_up();
        let can_hand_over = world.knows_leader && member(at).leads && member(at).life == Life::Up;
        can_hand_over && world.members.iter().enumerate().any(able)
    };
    let is_changing =
        matches!(step, Move::Add(_) | Move::Promote(_) | Move::Remove(_) | Move::Readdress(_));
    let is_mixed = world.upgrades
        && world.members.iter().any(|m| m.seat != Seat::Absent && !m.has_former_minor)
        && world.members.iter().any(|m| m.has_former_minor);
    if world.members.iter().any(|m| m.data == Data::Twice && m.life == Life::Up) {
        return Some("something is done while two processes are one member");
    }
    let is_cured =
        |at: usize| member(at).data == Data::Odd || member(at).wanted == Wanted::Replaced;
    let is_cure =
        matches!(step, Move::Remove(at) if world.alarm == Some(Alarm::Corrupt) && is_cured(at));
    if is_changing && world.alarm.is_some() && !is_cure {
        return Some("members change under an alarm");
    }
    if quorum_of(world) && !keeps_quorum(world, step) {
        return Some("the quorum is lost");
    }
    match step {
        Move::Add(_) if world.members.iter().any(is_half_in) => Some("two at a time"),
        Move::Add(_) if is_mixed => Some("members change while two minors run"),
        Move::Promote(at) if member(at).life != Life::Up => Some("a vote for one that is not up"),
        Move::Remove(at) if member(at).is_up() && is_mixed && !is_last_of_minor(world, at) => {
            Some("members change while two minors run")
        }
        Move::Remove(at)
            if member(at).is_up() && world.dialled[at] && member(at).wanted == Wanted::No =>
        {
            Some("a member leaves that clients dial")
        }
        Move::Remove(at)
            if member(at).votes() && member(at).life != Life::New && world.saves_first =>
        {
            Some("a member leaves before a snapshot")
        }
        Move::Restart(_) if world.upgrades && world.saves_first && quorum_of(world) => {
            Some("another minor before a snapshot")
        }
        Move::Remove(at) | Move::Restart(at) | Move::Readdress(at) | Move::Defragment(at)
            if others_lead(at) =>
        {
            Some("the leader stops while another one could lead")
        }
        Move::Readdress(at) if !member(at).is_up() => {
            Some("other URLs for one that does not answer")
        }
        Move::Lead(at) if !member(at).is_up() || !member(at).stays() => {
            Some("leadership for one that cannot")
        }
        _ if is_refused(world, step) => Some("etcd refuses it"),
        _ => None,
    }
}

/// Tells whether a quorum is up all the while, in the worst case: the one that gets its vote dies at that moment, and
/// the one that is restarted is down. Of one voter, and of two, there is no such quorum: the one exception is said,
/// the other one is accepted.
fn keeps_quorum(world: &World, step: Move) -> bool {
    let voters = world.voters();
    let up = world.up();
    let is_up = |at: usize| usize::from(world.members[at].is_up());
    match step {
        Move::Promote(_) if voters == 1 => true,
        Move::Promote(_) => up >= quorum(voters + 1),
        Move::Remove(at) if world.members[at].votes() => {
            up - is_up(at) >= quorum(voters - 1) && voters > 1
        }
        Move::Restart(at) | Move::Readdress(at) | Move::Defragment(at) => {
            // Only what has no room for it, or refuses writes anyway, is stopped.
            let is_poor = voters <= 2 || matches!(world.alarm, Some(Alarm::Space(_)));
            (world.accepts_downtime && is_poor) || up - is_up(at) >= quorum(voters)
        }
        _ => true,
    }
}

/// Tells whether all that stay have the new minor, and this one does not.
fn is_last_of_minor(world: &World, at: usize) -> bool {
    let stays = |member: &Member| member.votes() && member.wanted != Wanted::No;
    world.members[at].has_former_minor
        && world.members.iter().all(|member| !stays(member) || !member.has_former_minor)
}

fn is_half_in(member: &Member) -> bool {
    member.seat == Seat::Learner || (member.votes() && member.life == Life::New)
}

/// Tells whether an etcd would refuse it: one that wants all to be up, or one that counts a quorum.
fn is_refused(world: &World, step: Move) -> bool {
    let operation = match step {
        Move::Add(_) => Operation::AddLearner,
        Move::Promote(at) => Operation::Promote(at),
        Move::Remove(at) => Operation::Remove(at),
        _ => return false,
    };
    let versions = [(Minor::V3_4, 23), (Minor::V3_7, 3)];
    let mut versions =
        versions.into_iter().map(|(minor, patch)| EtcdVersion::new(minor, Some(patch)));
    versions.any(|version| gate(version, &world.members, operation).is_err())
}
