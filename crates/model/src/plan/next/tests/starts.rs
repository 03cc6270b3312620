//! Every situation that a plan may begin in.

use super::super::situation::{Alarm, Data, Due, Life, Member, Seat, Situation, Wanted};
use super::world::{World, elected, ended};

/// How large the clusters are.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
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
    /// Those that move or join may have to wait for a place.
    pub(super) held: bool,
    /// Voters may have to get files, and clocks may be wrong.
    pub(super) files: bool,
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
    held: false,
    files: false,
    clients: false,
    cluster: Cluster {
        alarm: None,
        saves_first: false,
        upgrades: false,
        owes_announcement: false,
        raises_quota: false,
        accepts_downtime: false,
        hides_leader: false,
        retires: false,
    },
};

/// What holds of a cluster as a whole.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Cluster {
    pub(super) alarm: Option<Alarm>,
    pub(super) saves_first: bool,
    pub(super) upgrades: bool,
    pub(super) owes_announcement: bool,
    pub(super) raises_quota: bool,
    pub(super) accepts_downtime: bool,
    /// Nobody was asked who leads.
    pub(super) hides_leader: bool,
    pub(super) retires: bool,
}

/// Returns each of them once.
pub(super) fn starts(sizes: Sizes) -> Vec<World> {
    let mut all = Vec::new();
    let kinds = kinds(sizes);
    add(&kinds, sizes, &mut Vec::new(), &mut all);
    if sizes.cluster.alarm == Some(Alarm::Corrupt) {
        // The data of one of them differs.
        let odd = |start: &World| {
            let voters = (0..start.members.len()).filter(|at| start.members[*at].votes());
            let odd = |at: usize| {
                let mut start = start.clone();
                start.members[at].data = Data::Odd;
                start
            };
            voters.map(odd).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(odd).flat_map(|start| elected(ended(start))).collect();
    }
    all
}

/// Returns what may be due to a voter.
fn dues(sizes: Sizes, wanted: Wanted) -> Vec<Due> {
    let stays = wanted == Wanted::Yes;
    let either = |is: bool| [false, true].into_iter().take(1 + usize::from(is));
    let mut dues = Vec::new();
    for restarts in 0..=if stays { sizes.restarts } else { 0 } {
        for readdress in either(stays && sizes.moves) {
            for is_held in either(readdress && sizes.held) {
                for copy in either(stays && sizes.files) {
                    for has_wrong_clock in either(copy) {
                        dues.push(Due {
                            copy,
                            readdress,
                            is_held,
                            restarts,
                            has_wrong_clock,
                            ..Due::default()
                        });
                    }
                }
            }
        }
    }
    dues
}

/// Returns the kinds of those in the list, and whether clients dial them.
fn kinds(sizes: Sizes) -> Vec<(Member, bool)> {
    let mut kinds = Vec::new();
    for wanted in [Wanted::Yes, Wanted::No] {
        for life in [Life::Up, Life::Down, Life::New] {
            let is_dialled = if sizes.clients { life != Life::New } else { wanted == Wanted::Yes };
            let voter = Member { wanted, seat: Seat::Voter, life, ..Member::default() };
            if life == Life::New {
                kinds.push((voter, is_dialled));
                continue;
            }
            for due in dues(sizes, wanted) {
                // Before another minor has come to all, each has either one.
                let is_former =
                    sizes.cluster.upgrades && (wanted == Wanted::No || due.restarts > 0);
                kinds.push((Member { due, has_former_minor: is_former, ..voter }, is_dialled));
                if is_former && wanted == Wanted::No {
                    kinds.push((Member { due, ..voter }, is_dialled));
                }
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
        for due in absent(sizes) {
            let absent = Member { due, ..Member::default() };
            let absent = core::iter::repeat_n((absent, !sizes.clients), missing);
            let (members, dialled) = members.iter().copied().chain(absent).unzip();
            all.extend(elected(ended(world(sizes.cluster, members, dialled))));
            if missing == 0 {
                break;
            }
        }
    }
}

/// Returns what may be due to those that join.
fn absent(sizes: Sizes) -> Vec<Due> {
    let mut dues = vec![Due::default()];
    if sizes.held {
        dues.push(Due { is_held: true, ..Due::default() });
    }
    dues
}

fn world(cluster: Cluster, members: Vec<Member>, dialled: Vec<bool>) -> World {
    let situation = Situation {
        members,
        alarm: cluster.alarm,
        saves_first: cluster.saves_first,
        upgrades: cluster.upgrades,
        owes_announcement: cluster.owes_announcement,
        raises_quota: cluster.raises_quota,
        accepts_downtime: cluster.accepts_downtime,
        knows_leader: !cluster.hides_leader,
        ..Situation::default()
    };
    World { situation, dialled, retires: cluster.retires }
}
