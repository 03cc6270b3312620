//! What an adversary does between two steps, and what helps where nothing is done until an operator has done something.

use super::super::situation::{Alarm, Data, Life, Member, Seat, Space, Wanted};
use super::super::{Refusal, Wait};
use super::world::{After, World, elected, ended, remove, start};

/// What the adversary may do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Adversary {
    /// At so many members at a time: machines that say nothing, members that fall behind, data that is sent back, two
    /// processes under one ID.
    pub(super) at_once: usize,
    /// Whether operators change members by hand meanwhile, alarms come, and leadership moves.
    pub(super) interferes: bool,
}

/// Tells of a member at which something happened that no start puts right.
fn is_special(member: &Member) -> bool {
    matches!(member.life, Life::Silent)
        || (member.votes() && member.life == Life::Behind)
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
            Life::Down => becomes(&runs),
            Life::Silent => becomes(&|member| member.life = Life::Up),
            Life::New => {}
        }
        if member.life == Life::Silent && member.leads {
            becomes(&|member| member.leads = false);
        }
        if may && is_own && member.votes() && member.life == Life::Up {
            becomes(&|member| member.life = Life::Behind);
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
        let vanishes = adversary.interferes && world.voters() > 1;
        if member.seat == Seat::Learner || vanishes {
            let mut after = world.clone();
            remove(&mut after, at);
            all.extend(elected(ended(after)));
        }
        if adversary.interferes && member.is_up() && !member.leads {
            let mut after = world.clone();
            after.members.iter_mut().for_each(|member| member.leads = false);
            after.members[at].leads = true;
            all.push(ended(after));
        }
    }
    if adversary.interferes {
        all.extend(alarms(world));
        all.extend(added(world).into_iter().flat_map(|after| elected(ended(after))));
    }
    all
}

fn runs(member: &mut Member) {
    if member.data != Data::Odd {
        start(member);
    }
}

/// Returns the worlds in which an alarm comes, at any time.
fn alarms(world: &World) -> After {
    if world.alarm.is_some() {
        return Vec::new();
    }
    let with = |alarm| {
        let mut after = world.clone();
        after.alarm = Some(alarm);
        after
    };
    [Alarm::LeftOver, Alarm::Space(Space::Full), Alarm::Corrupt].map(with).into()
}

/// Adds a voter as an operator does, whom nobody asked for.
fn added(world: &World) -> Option<World> {
    let is_new = |member: &Member| member.wanted == Wanted::No && member.life == Life::New;
    if world.members.iter().any(is_new) || world.members.len() > 3 {
        return None;
    }
    let mut after = world.clone();
    after.members.push(Member { wanted: Wanted::No, seat: Seat::Voter, ..Member::default() });
    after.dialled.push(false);
    Some(after)
}

/// Returns the world after what is waited for.
pub(super) fn came(world: &World, wait: Wait) -> World {
    let mut after = world.clone();
    match wait {
        Wait::Leader => {}
        Wait::CaughtUp(at) => after.members[at].life = Life::Up,
    }
    elected(ended(after)).swap_remove(0)
}

/// Returns the world after an operator has done what a refusal asks for; `None` where that was done before, or where
/// it would not help.
pub(super) fn helped(world: &World, refusal: Refusal) -> Option<World> {
    let mut after = world.clone();
    match refusal {
        Refusal::Twice(at) => after.members[at].data = Data::Own,
        // None of them differs: what was found has another reason.
        Refusal::Corrupt => after.alarm = Some(Alarm::LeftOver),
        Refusal::Odd(at) | Refusal::Silent(at) | Refusal::Behind(at) => {
            let is_only = world.members[at].votes() && world.voters() == 1;
            (world.members[at].stays() && !is_only).then_some(())?;
            after.members[at].wanted = Wanted::Replaced;
        }
        Refusal::Needed(at) => start(&mut after.members[at]),
        // Who is up and who leads comes to rest by itself.
        Refusal::Leaderless => return None,
        Refusal::Quorum => rescued(&mut after),
        Refusal::Only(at) => after.members[at].wanted = Wanted::Yes,
        // What leaves, and what joins, is for later.
        Refusal::TwoChanges(_) => {
            for member in after.members.iter_mut().filter(|member| member.votes()) {
                member.wanted = Wanted::Yes;
                member.due.restarts = member.due.restarts.max(u8::from(member.has_former_minor));
            }
        }
        Refusal::Downtime(_) if world.accepts_downtime => return None,
        Refusal::Downtime(_) => after.accepts_downtime = true,
        Refusal::Clock(at) => after.members[at].due.has_wrong_clock = false,
        Refusal::Held(at) => after.members[at].due.is_held = false,
    }
    Some(elected(ended(after)).swap_remove(0))
}

/// Makes a new cluster, of one member that is to be; the others join it.
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
