//! Every situation that a plan may begin in.

use super::super::situation::{Alarm, Due, Life, Member, Seat, Situation, Wanted};
use super::world::{World, elected, ended};

/// How large the clusters are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    /// At most so many are in the list.
    pub(super) live: usize,
    /// At most so many are to be.
    pub(super) desired: usize,
    /// At most so many of those in the list have no vote.
    pub(super) learners: usize,
    /// Voters have still to be restarted up to so often.
    pub(super) restarts: u8,
    /// Voters may have to move.
    pub(super) moves: bool,
    /// Clients dial those that were there, and no others.
    pub(super) clients: bool,
    /// What holds of the cluster as a whole.
    pub(super) cluster: Cluster,
}

/// Nobody, and nothing that has to be done.
pub(super) const NONE: Sizes = Sizes {
    live: 0,
    desired: 0,
    learners: 1,
    restarts: 0,
    moves: false,
    clients: false,
    cluster: Cluster {
        alarm: None,
        saves_first: false,
        upgrades: false,
        raises_quota: false,
        accepts_downtime: false,
    },
};

/// What holds of a cluster as a whole.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Cluster {
    pub(super) alarm: Option<Alarm>,
    pub(super) saves_first: bool,
    pub(super) upgrades: bool,
    pub(super) raises_quota: bool,
    pub(super) accepts_downtime: bool,
}

/// Returns each of them once.
pub(super) fn starts(sizes: Sizes) -> Vec<World> {
    let mut all = Vec::new();
    let kinds = kinds(sizes);
    add(&kinds, sizes, &mut Vec::new(), &mut all);
    all
}

fn kinds(sizes: Sizes) -> Vec<(Member, bool)> {
    let mut kinds = Vec::new();
    let dues = |wanted| {
        // One that leaves has the former minor, and gets no other.
        let gets = wanted == Wanted::Yes || sizes.cluster.upgrades;
        let restarts = if gets { sizes.restarts } else { 0 };
        let moves =
            [false, true].into_iter().take(1 + usize::from(wanted == Wanted::Yes && sizes.moves));
        (0..=restarts).flat_map(move |restarts| {
            moves.clone().map(move |readdress| Due { readdress, restarts, ..Due::default() })
        })
    };
    for wanted in [Wanted::Yes, Wanted::No] {
        for life in [Life::Up, Life::Down, Life::New] {
            let is_dialled = if sizes.clients { life != Life::New } else { wanted == Wanted::Yes };
            let voter = Member { wanted, seat: Seat::Voter, life, ..Member::default() };
            if life == Life::New {
                kinds.push((voter, is_dialled));
            } else {
                kinds.extend(dues(wanted).map(|due| (Member { due, ..voter }, is_dialled)));
            }
        }
        for life in [Life::New, Life::Behind, Life::Up, Life::Down] {
            let is_dialled = !sizes.clients && wanted == Wanted::Yes;
            let seat = Seat::Learner;
            kinds.push((Member { wanted, seat, life, ..Member::default() }, is_dialled));
        }
    }
    kinds
}

/// Adds members of these kinds, as many as there may be.
fn add(
    kinds: &[(Member, bool)],
    sizes: Sizes,
    members: &mut Vec<(Member, bool)>,
    all: &mut Vec<World>,
) {
    let Some((kind, rest)) = kinds.split_first() else {
        return missing(sizes, members, all);
    };
    let before = members.len();
    loop {
        add(rest, sizes, members, all);
        members.push(*kind);
        let learners = members.iter().filter(|(member, _)| member.seat == Seat::Learner).count();
        if members.len() > sizes.live || learners > sizes.learners {
            break;
        }
    }
    members.truncate(before);
}

/// Adds those that are not in the list, and who leads.
fn missing(sizes: Sizes, members: &[(Member, bool)], all: &mut Vec<World>) {
    let kept = members.iter().filter(|(member, _)| member.stays()).count();
    let has_voters = members.iter().any(|(member, _)| member.votes());
    for missing in 0..=sizes.desired.saturating_sub(kept) {
        if !has_voters || kept > sizes.desired || kept + missing == 0 {
            continue;
        }
        let absent = core::iter::repeat_n((Member::default(), !sizes.clients), missing);
        let (members, dialled) = members.iter().copied().chain(absent).unzip();
        let situation = Situation {
            members,
            alarm: sizes.cluster.alarm,
            saves_first: sizes.cluster.saves_first,
            upgrades: sizes.cluster.upgrades,
            raises_quota: sizes.cluster.raises_quota,
            accepts_downtime: sizes.cluster.accepts_downtime,
            is_settled: true,
            knows_leader: true,
            ..Situation::default()
        };
        all.extend(elected(ended(World { situation, dialled })));
    }
}
