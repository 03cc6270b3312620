//! What an adversary does between two steps, and what helps where nothing is done until an operator has done something.

use super::super::situation::{Alarm, Data, Life, Member, Seat, Wanted};
use super::super::{Place, Refusal, Wait};
use super::world::{After, World, elected, ended};

/// What the adversary may do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Adversary {
    /// At so many members at a time: machines that say nothing, data that is sent back, two processes under one ID.
    pub(super) at_once: usize,
}

/// Tells of a member at which something happened that no start puts right.
fn is_special(member: &Member) -> bool {
    matches!(member.life, Life::Silent | Life::Broken)
        || member.data != Data::Own
        || member.wanted == Wanted::Replaced
}

/// Returns the worlds after each thing that can happen.
pub(super) fn events(world: &World, adversary: Adversary) -> After {
    let mut all = Vec::new();
    let special = world.members.iter().filter(|member| is_special(member)).count();
    let may = special < adversary.at_once;
    let mut last = None;
    for at in 0..world.members.len() {
        let member = world.members[at];
        // In order, members of one kind stand side by side.
        if last == Some(member) || member.seat == Seat::Absent {
            continue;
        }
        last = Some(member);
        let mut becomes = |change: &dyn Fn(&mut Member)| {
            let mut after = world.clone();
            change(&mut after.members[at]);
            all.extend(elected(ended(after)));
        };
        let is_own = member.data == Data::Own;
        match member.life {
            Life::Up | Life::Behind => becomes(&|member| member.life = Life::Down),
            Life::Down | Life::Broken => becomes(&|member| runs(member)),
            Life::Silent => becomes(&|member| member.life = Life::Up),
            Life::New => {}
        }
        if may && matches!(member.life, Life::Up | Life::Down) {
            becomes(&|member| member.life = Life::Silent);
        }
        if may && is_own && member.life == Life::Down {
            becomes(&|member| member.data = Data::Odd);
        }
        if may && is_own && member.life == Life::Up {
            becomes(&|member| member.data = Data::Odd);
            becomes(&|member| member.data = Data::Twice);
        }
        if member.data == Data::Twice {
            becomes(&|member| member.data = Data::Own);
        }
        if member.seat == Seat::Learner {
            let mut after = world.clone();
            vanish(&mut after, at);
            all.extend(elected(ended(after)));
        }
    }
    all
}

fn runs(member: &mut Member) {
    if member.data != Data::Odd {
        member.life = if member.seat == Seat::Learner { Life::Behind } else { Life::Up };
    }
}

fn vanish(after: &mut World, at: Place) {
    if after.members[at].wanted == Wanted::No {
        after.forget(at);
    } else {
        after.members[at] = Member::default();
    }
}

/// Returns the world after what is waited for.
pub(super) fn came(world: &World, wait: Wait) -> World {
    let mut after = world.clone();
    match wait {
        Wait::Leader => {}
        Wait::Settled => after.is_settled = true,
        Wait::CaughtUp(at) => after.members[at].life = Life::Up,
    }
    elected(ended(after)).swap_remove(0)
}

/// Returns the world after an operator has done what a refusal asks for.
pub(super) fn helped(world: &World, refusal: Refusal) -> World {
    let mut after = world.clone();
    match refusal {
        Refusal::Twice(at) => after.members[at].data = Data::Own,
        Refusal::Corrupt => after.alarm = None,
        Refusal::Odd(at) | Refusal::Broken(at) | Refusal::Silent(at) | Refusal::Behind(at) => {
            replaced(&mut after, at);
        }
        Refusal::Needed(at) => after.members[at].life = Life::Up,
        Refusal::Quorum => rescued(&mut after),
        Refusal::Only(at) => after.members[at].wanted = Wanted::Yes,
        // What leaves, and what joins, is for later.
        Refusal::TwoChanges(_) => {
            let voters = after.members.iter_mut().filter(|member| member.votes());
            voters.for_each(|member| member.wanted = Wanted::Yes);
        }
        Refusal::Downtime(_) => after.accepts_downtime = true,
        Refusal::Clock(at) => after.members[at].due.has_wrong_clock = false,
        Refusal::OtherEtcd(at) => after.members[at].due.has_other_etcd = false,
        Refusal::Held(at) => after.members[at].due.is_held = false,
    }
    elected(ended(after)).swap_remove(0)
}

/// `--replace`; of the only one, its data is what there is.
fn replaced(after: &mut World, at: Place) {
    let member = &mut after.members[at];
    if member.wanted == Wanted::Yes {
        member.wanted = Wanted::Replaced;
    } else {
        *member = Member { life: Life::Up, data: Data::Own, ..*member };
    }
}

/// A new cluster, of one member that is to be; the others join it.
fn rescued(after: &mut World) {
    for at in (0..after.members.len()).rev() {
        if after.members[at].wanted == Wanted::No {
            after.forget(at);
        } else {
            after.members[at] = Member::default();
        }
    }
    if let Some(first) = after.members.first_mut() {
        *first = Member { seat: Seat::Voter, life: Life::Up, leads: true, ..*first };
    }
    if matches!(after.alarm, Some(Alarm::Corrupt)) {
        after.alarm = None;
    }
}
