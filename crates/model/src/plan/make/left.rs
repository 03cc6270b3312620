//! What is still to be done, as the decision on the next step sees it.

use super::so_far::SoFar;
use crate::plan::next::{Alarm, Clients, Due, Life, Member, Seat, Situation, Wanted};
use crate::plan::work::Work;
use crate::running::Running;
use std::collections::{BTreeMap, BTreeSet};

/// What is still to be done. Names are as in [`Work`].
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing of its own to do")]
pub(super) struct Left {
    pub(super) looks: bool,
    pub(super) snapshot: bool,
    /// Members that get files, and go on.
    pub(super) copies: BTreeSet<String>,
    /// Clients that get files, and no other endpoints.
    pub(super) client_files: BTreeSet<String>,
    /// Clients have still to get the lists that they have until all members were changed.
    pub(super) between: bool,
    /// Clients that still have other endpoints than they are to have.
    pub(super) endpoints: BTreeSet<String>,
    pub(super) joins: BTreeSet<String>,
    pub(super) leaves: BTreeSet<String>,
    /// Those that have left, and are still on their machines.
    pub(super) retires: BTreeSet<String>,
    pub(super) moves: BTreeSet<String>,
    /// How often members are still to be restarted.
    pub(super) restarts: BTreeMap<String, u8>,
    pub(super) announcement: bool,
    /// Nobody has looked yet who leads.
    pub(super) leader: bool,
    pub(super) alarm: bool,
}

impl Left {
    /// Of a plan that nothing was done of, with so many rounds of restarts.
    pub(super) fn of(work: &Work, before: &Running, after: &Running, rounds: usize) -> Self {
        let stays = |name: &&String| before.members.contains_key(work.old_name(name));
        let restarts = || after.members.keys().filter(|name| work.restarts(name)).filter(stays);
        let has_first = |name: &String| !work.moves.contains(name);
        // Those that are found elsewhere have had the first round with that.
        let times = |name: &String| rounds - usize::from(!has_first(name));
        let times = |name: &String| (name.clone(), u8::try_from(times(name)).unwrap_or(u8::MAX));
        let is_any = rounds > 1 || restarts().any(has_first);
        let restarts = restarts().filter(|_| is_any).map(times).filter(|(_, times)| *times > 0);
        Self {
            looks: true,
            snapshot: !work.leaves.is_empty() || !work.upgrades.is_empty(),
            copies: copies(work),
            client_files: work.clients.difference(&work.endpoints).cloned().collect(),
            between: !work.between.is_empty(),
            endpoints: work.endpoints.clone(),
            joins: work.joins.clone(),
            leaves: work.leaves.clone(),
            retires: BTreeSet::new(),
            moves: work.moves.clone(),
            restarts: restarts.collect(),
            announcement: work.announced.is_some(),
            leader: true,
            alarm: work.quota.is_raised,
        }
    }
}

/// Those that get certificates, or files that count at their next start; those that are found elsewhere have them
/// together with their address, which the certificate names.
fn copies(work: &Work) -> BTreeSet<String> {
    let files = work.files.iter().filter(|name| !work.restarts(name));
    let all = work.certificates.iter().chain(files);
    let is_late =
        |name: &&String| work.moves.contains(*name) || work.leaves.contains(work.old_name(name));
    all.filter(|name| !is_late(name)).cloned().collect()
}

impl SoFar<'_> {
    /// Returns what the next step is decided from, and the members' names in its order.
    pub(super) fn situation(&self) -> (Situation, Vec<String>) {
        let (names, members) = self.listed().chain(self.absent()).unzip();
        let situation = Situation {
            members,
            alarm: self.left.alarm.then_some(Alarm::LeftOver),
            clients: self.clients(),
            saves_first: self.left.snapshot,
            has_looks: self.left.looks,
            is_settled: true,
            knows_leader: false,
            upgrades: self.work.upgrades.values().any(|(from, to)| from.minor() != to.minor()),
            raises_quota: false,
            accepts_downtime: true,
            owes_announcement: self.left.announcement,
        };
        (situation, names)
    }

    fn listed(&self) -> impl Iterator<Item = (String, Member)> {
        let is_free = |name: &String| !self.is_held(name);
        let has_free = !self.left.leaves.is_empty() || self.left.moves.iter().any(is_free);
        self.state.listed().map(move |(name, seat, life)| {
            let new = self.work.new_name(name);
            let comes_back = self.left.joins.contains(name);
            let wanted = match self.left.leaves.contains(name) {
                true if comes_back => Wanted::Replaced,
                true => Wanted::No,
                false => Wanted::Yes,
            };
            let moves = self.left.moves.contains(&new);
            let is_started = life != Life::New;
            let due = Due {
                copy: is_started && self.left.copies.contains(&new),
                readdress: moves,
                // Where each waits for another one, a person has to part them.
                is_held: moves && has_free && self.is_held(&new),
                restarts: self.left.restarts.get(&new).copied().filter(|_| is_started).unwrap_or(0),
                ..Due::default()
            };
            (name.to_owned(), Member { wanted, seat, life, due, ..Member::default() })
        })
    }

    /// Those that join, and those that have left.
    fn absent(&self) -> impl Iterator<Item = (String, Member)> {
        let joins = self.left.joins.iter().filter(|name| self.state.seat(name).is_none());
        let joins = joins.map(|name| {
            let due = Due { is_held: self.is_held(name), ..Due::default() };
            (name.clone(), Member { due, ..Member::default() })
        });
        let left = self.left.retires.iter().map(|name| {
            let due = Due { retire: true, ..Due::default() };
            (
                name.clone(),
                Member { wanted: Wanted::No, seat: Seat::Absent, due, ..Member::default() },
            )
        });
        joins.chain(left)
    }

    fn clients(&self) -> Clients {
        let Left { client_files, between, endpoints, joins, .. } = &self.left;
        let is_joining = joins.iter().any(|name| !self.is_held(name))
            || self.state.listed().any(|(_, seat, _)| seat == Seat::Learner);
        if !client_files.is_empty() || *between {
            Clients::Due
        } else if endpoints.is_empty() {
            Clients::Current
        } else if is_joining || self.due_endpoints().is_empty() {
            Clients::Owed
        } else {
            Clients::Due
        }
    }
}
