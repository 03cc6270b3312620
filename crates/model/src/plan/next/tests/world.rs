//! What steps do, and what must never come of them.

use super::super::situation::{Alarm, Data, Due, Life, Member, Seat, Situation, Space, Wanted};
use super::super::{Move, Place};
use super::key::owes_clients;
use crate::quorum::quorum;

/// A way in which the world can be after something happened.
pub(super) type After = Vec<Situation>;

/// What can be seen of it from the control host: data that was sent back tells nothing while nobody reads it.
pub(super) fn observed(world: &Situation) -> Situation {
    let mut seen = world.clone();
    for member in &mut seen.members {
        if member.data == Data::Odd && member.life != Life::Up {
            member.data = Data::Own;
        }
    }
    seen
}

/// Returns the world after a step that did what it is for.
pub(super) fn done(world: &Situation, step: Move) -> Situation {
    let mut after = world.clone();
    match step {
        Move::Snapshot => after.is_saved = true,
        Move::Look => after.has_looks = false,
        Move::Copy(at) => after.members[at].due.copy = false,
        Move::Start(at) => start(&mut after.members[at]),
        Move::Add(at) => after.members[at].seat = Seat::Learner,
        Move::Promote(at) => after.members[at].seat = Seat::Voter,
        Move::Remove(at) => remove(&mut after, at),
        Move::Lead(at) => {
            after.members.iter_mut().for_each(|member| member.leads = false);
            after.members[at].leads = true;
        }
        Move::Readdress(at) => after.members[at].due.readdress = false,
        Move::Restart(at) => {
            let due = &mut after.members[at].due;
            due.restarts = due.restarts.saturating_sub(1);
        }
        Move::Clients => {
            for member in &mut after.members {
                member.is_dialled = member.wanted != Wanted::No;
            }
        }
        Move::Compact => {
            after.alarm = Some(Alarm::Space(Space::Compacted));
            let voters = after.members.iter_mut().filter(|member| member.votes());
            voters.for_each(|member| member.due.defragment = true);
        }
        Move::Defragment(at) => after.members[at].due.defragment = false,
        Move::Disarm => after.alarm = None,
        Move::Retire(at) => after.members[at].due.retire = false,
        Move::Record => after.owes_record = false,
    }
    ended(after)
}

/// A member that leaves is forgotten; one that was to be replaced comes back as a new one.
fn remove(after: &mut Situation, at: Place) {
    let member = &mut after.members[at];
    if member.wanted == Wanted::No {
        after.members.remove(at);
    } else {
        *member = Member { is_dialled: member.is_dialled, ..Member::default() };
    }
}

fn start(member: &mut Member) {
    match (member.data, member.seat) {
        // `tocommit is out of range`
        (Data::Odd, _) => member.life = Life::Broken,
        (_, Seat::Learner) => member.life = Life::Behind,
        _ => member.life = Life::Up,
    }
    member.due.copy = false;
}

/// Every way in which the world can be after a step, but that nothing was done.
pub(super) fn outcomes(world: &Situation, step: Move) -> After {
    let mut all = vec![done(world, step)];
    let fails = |at: Place, life: Life| {
        let mut world = done(world, step);
        // One that has come to lead meanwhile is found by name, which there is none: it is at the same place.
        if let Some(member) = world.members.get_mut(at) {
            member.life = life;
            member.leads = false;
        }
        ended(world)
    };
    match step {
        Move::Start(at) => all.push(fails(at, Life::Broken)),
        Move::Restart(at) | Move::Readdress(at) => all.push(fails(at, Life::Down)),
        _ => {}
    }
    all
}

/// Whoever led and is down does not lead; of a quorum one is elected, which [`elected`] chooses.
pub(super) fn ended(mut world: Situation) -> Situation {
    let has_quorum = quorum_of(&world);
    for member in &mut world.members {
        let is_able = member.votes() && member.life == Life::Up;
        member.leads &= is_able && has_quorum;
    }
    world.owes_clients = owes_clients(&world.members);
    world
}

/// Returns the worlds in which one of those leads who could; the world itself, where one does, or none can.
pub(super) fn elected(world: Situation) -> After {
    if world.members.iter().any(|member| member.leads) || !quorum_of(&world) {
        return vec![world];
    }
    let able = (0..world.members.len()).filter(|at| world.members[*at].is_up());
    let mut kinds: Vec<Member> = Vec::new();
    let mut all = Vec::new();
    for at in able {
        if !kinds.contains(&world.members[at]) {
            kinds.push(world.members[at]);
            let mut led = world.clone();
            led.members[at].leads = true;
            all.push(led);
        }
    }
    if all.is_empty() { vec![world] } else { all }
}

/// Tells whether writes are acknowledged by members whose data is their own.
pub(super) fn quorum_of(world: &Situation) -> bool {
    let (voters, up) = world.members.iter().fold((0, 0), |(voters, up), member| {
        (voters + usize::from(member.votes()), up + usize::from(member.is_up()))
    });
    up >= quorum(voters)
}

/// Tells whether all is as it is to be.
pub(super) fn is_goal(world: &Situation) -> bool {
    let is_done = |member: &Member| {
        member.stays() && member.is_up() && member.is_dialled && member.due == Due::default()
    };
    world.alarm.is_none() && world.members.iter().all(is_done)
}
