//! The plan as far as it is made, as the decision on the next step sees it.

use super::left::Left;
use super::so_far::SoFar;
use crate::plan::next::{Alarm, Clients, Due, Life, Member, Seat, Situation, Wanted};
use crate::plan::state::Listed;

impl SoFar<'_> {
    /// Returns what the next step is decided from, and the members' names in its order.
    pub(super) fn situation(&self) -> (Situation, Vec<String>) {
        let (names, members) = self.listed().chain(self.absent()).unzip();
        let situation = Situation {
            members,
            alarm: self.alarm(),
            clients: self.clients(),
            saves_first: self.left.snapshot,
            has_looks: self.left.looks,
            knows_leader: self.is_seen,
            upgrades: self.upgrades(),
            raises_quota: self.work.quota.is_raised,
            accepts_downtime: self.accepts_downtime,
            owes_announcement: self.left.announcement,
        };
        (situation, names)
    }

    fn listed(&self) -> impl Iterator<Item = (String, Member)> {
        let is_free = |name: &String| !self.is_held(name);
        let has_free = !self.left.leaves.is_empty() || self.left.moves.iter().any(is_free);
        self.state.listed().map(move |(name, listed)| {
            let Listed { vote: seat, life, data, leads, has_version, has_wrong_clock, .. } =
                *listed;
            let new = self.work.new_name(name);
            let comes_back = self.left.joins.contains(name);
            let wanted = match self.left.leaves.contains(name) {
                true if comes_back => Wanted::Replaced,
                true => Wanted::No,
                false => Wanted::Yes,
            };
            let moves = self.left.moves.contains(&new);
            let is_started = life != Life::New;
            let restarts =
                self.left.restarts.get(&new).copied().filter(|_| is_started).unwrap_or(0);
            let is_first = usize::from(restarts) == self.rounds.len();
            let is_former = !has_version && (is_first || !self.work.upgrades.contains_key(&new));
            let due = Due {
                copy: is_started && self.left.copies.contains(&new),
                readdress: moves,
                // Where each waits for another one, a person has to part them.
                is_held: moves && has_free && self.is_held(&new),
                restarts,
                has_wrong_clock,
                defragment: self.left.defragment.contains(name),
                ..Due::default()
            };
            let has_former_minor = self.upgrades() && is_former;
            let member = Member { wanted, seat, life, data, leads, has_former_minor, due };
            (name.to_owned(), member)
        })
    }

    /// Returns those that join, and those that have left.
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

    /// Returns the alarm that was seen; where nobody looked, what a quota is raised for ends with the restarts.
    fn alarm(&self) -> Option<Alarm> {
        let is_over = || self.left.restarts.values().all(|times| *times == 0);
        let is_assumed = !self.is_seen && self.left.may_have_alarm && is_over();
        self.left.alarm.or(is_assumed.then_some(Alarm::LeftOver))
    }

    /// Tells whether members get another minor of etcd.
    fn upgrades(&self) -> bool {
        self.work.upgrades.values().any(|(from, to)| from.minor() != to.minor())
    }

    fn clients(&self) -> Clients {
        let Left { client_files, between, endpoints, joins, .. } = &self.left;
        let is_joining = joins.iter().any(|name| !self.is_held(name))
            || self.state.listed().any(|(_, listed)| listed.vote == Seat::Learner);
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
