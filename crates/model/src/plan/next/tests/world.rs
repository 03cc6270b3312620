//! What steps do, and what must never come of them.

use super::super::situation::{
    Alarm, Clients, Data, Due, Life, Member, Seat, Situation, Space, Wanted,
};
use super::super::{Move, Place};
use crate::quorum::quorum;
use std::ops::{Deref, DerefMut};

/// A cluster as it is, seen or not, and whose endpoints its clients dial.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) situation: Situation,
    /// By member.
    pub(super) dialled: Vec<bool>,
    /// Whether the machines of those that leave have to be cleared.
    pub(super) retires: bool,
}

impl Deref for World {
    type Target = Situation;

    fn deref(&self) -> &Situation {
        &self.situation
    }
}

impl DerefMut for World {
    fn deref_mut(&mut self) -> &mut Situation {
        &mut self.situation
    }
}

impl World {
    /// Notes whether clients can be given their endpoints, which they can once all of those have a vote.
    pub(super) fn counted(mut self) -> Self {
        let (mut owes, mut joins) = (false, false);
        for (at, member) in self.situation.members.iter().enumerate() {
            let is_wanted = !matches!(member.wanted, Wanted::No);
            owes |= self.dialled[at] != is_wanted;
            joins |= is_wanted && !member.votes();
        }
        self.situation.clients = match (owes, joins) {
            (false, _) => Clients::Current,
            (true, true) => Clients::Owed,
            (true, false) => Clients::Due,
        };
        self
    }

    pub(super) fn forget(&mut self, at: Place) {
        self.members.remove(at);
        self.dialled.remove(at);
    }
}

/// A way in which the world can be after something happened.
pub(super) type After = Vec<World>;

/// Returns what can be seen of the world from the control host: data that was sent back tells nothing while nobody
/// reads it, unless etcd has said whose it is.
pub(super) fn observed(world: &World) -> Situation {
    let mut seen = world.situation.clone();
    for member in &mut seen.members {
        let is_told = world.alarm == Some(Alarm::Corrupt);
        if member.data == Data::Odd && member.life != Life::Up && !is_told {
            member.data = Data::Own;
        }
        member.leads &= world.knows_leader;
    }
    seen
}

/// Returns the world after a step that did what it is for.
pub(super) fn done(world: &World, step: Move) -> World {
    let mut after = world.clone();
    match step {
        Move::Snapshot => after.saves_first = false,
        Move::Look => after.has_looks = false,
        Move::Copy(at) => copy(&mut after.members[at]),
        Move::Start(at) => start(&mut after.members[at]),
        Move::Add(at) => after.members[at].seat = Seat::Learner,
        Move::Promote(at) => after.members[at].seat = Seat::Voter,
        Move::Remove(at) => remove(&mut after, at),
        Move::Lead(at) => {
            after.members.iter_mut().for_each(|member| member.leads = false);
            after.members[at].leads = true;
        }
        Move::Readdress(at) => {
            after.members[at].due.readdress = false;
            makes_room(&mut after);
        }
        Move::Restart(at) => restart(&mut after.members[at]),
        Move::Clients => {
            after.dialled = after.members.iter().map(|m| m.wanted != Wanted::No).collect();
        }
        Move::Compact => {
            after.alarm = Some(Alarm::Space(Space::Compacted));
            let voters = after.members.iter_mut().filter(|member| member.votes());
            voters.for_each(|member| member.due.defragment = true);
        }
        Move::Defragment(at) => after.members[at].due.defragment = false,
        Move::Disarm => after.alarm = None,
        Move::Retire(at) => after.forget(at),
        Move::Announce => after.owes_announcement = false,
    }
    ended(after)
}

/// Forgets a member that leaves; one that was to be replaced comes back as a new one.
pub(super) fn remove(after: &mut World, at: Place) {
    match after.members[at].wanted {
        Wanted::No if after.retires => {
            let due = Due { retire: true, ..Due::default() };
            after.members[at] = Member { wanted: Wanted::No, due, ..Member::default() };
        }
        Wanted::No => after.forget(at),
        Wanted::Yes | Wanted::Replaced => after.members[at] = Member::default(),
    }
    makes_room(after);
    let is_odd = |member: &Member| member.data == Data::Odd;
    if after.alarm == Some(Alarm::Corrupt) && !after.members.iter().any(is_odd) {
        after.alarm = Some(Alarm::LeftOver);
    }
}

/// Gives the place of a member that has gone or moved to those that waited for one.
fn makes_room(after: &mut World) {
    after.members.iter_mut().for_each(|member| member.due.is_held = false);
}

/// Brings a member up as itself.
pub(super) fn start(member: &mut Member) {
    member.life = if member.seat == Seat::Learner { Life::Behind } else { Life::Up };
}

fn copy(member: &mut Member) {
    (member.due.copy, member.due.has_wrong_clock) = (false, false);
}

fn restart(member: &mut Member) {
    member.due.restarts = member.due.restarts.saturating_sub(1);
    member.has_former_minor = false;
    start(member);
}

/// Returns every way in which the world can be after a step, but that nothing was done.
pub(super) fn outcomes(world: &World, step: Move) -> After {
    let mut all = vec![done(world, step)];
    let fails = |at: Place| {
        let mut world = done(world, step);
        // One that has come to lead meanwhile is found by name, which there is none: it is at the same place.
        if let Some(member) = world.members.get_mut(at) {
            member.life = Life::Down;
            member.leads = false;
        }
        ended(world)
    };
    match step {
        // `tocommit is out of range`, where its data is older than it was; or it leads with that.
        Move::Start(at) | Move::Restart(at) | Move::Readdress(at) => all.push(fails(at)),
        _ => {}
    }
    all
}

/// Takes the lead from a member that is down; one that is silent may still lead. Of a quorum one is elected, which
/// [`elected`] chooses.
pub(super) fn ended(mut world: World) -> World {
    if let Some(at) = leader(&world) {
        let member = world.members[at];
        let is_able = member.votes() && matches!(member.life, Life::Up | Life::Silent);
        world.members[at].leads = is_able && quorum_of(&world);
    }
    world.counted()
}

/// Returns the worlds in which one of those leads who could; the world itself, where one does, or none can.
pub(super) fn elected(world: World) -> After {
    if leader(&world).is_some() || !quorum_of(&world) {
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

fn leader(world: &Situation) -> Option<Place> {
    world.members.iter().position(|member| member.leads)
}

/// Tells whether writes are acknowledged by members whose data is their own.
pub(super) fn quorum_of(world: &Situation) -> bool {
    // Loops: this is asked millions of times, by code that is not optimised.
    let (mut voters, mut up) = (0, 0);
    for member in &world.members {
        if member.votes() {
            voters += 1;
            if member.is_up() {
                up += 1;
            }
        }
    }
    up >= quorum(voters)
}

/// Tells whether all is as it is to be.
pub(super) fn is_goal(world: &World) -> bool {
    let is_done =
        |member: &Member| member.stays() && member.is_up() && member.due == Due::default();
    world.alarm.is_none() && world.members.iter().all(is_done) && world.dialled.iter().all(|is| *is)
}
