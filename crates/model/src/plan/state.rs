//! Who is in the cluster while a plan goes on, and where each is found.

use super::next;
use super::step::Counts;
use crate::running::{Running, RunningMember};
use crate::url::host_of;
use std::collections::{BTreeMap, BTreeSet};

/// The members as they are at some moment of a plan, by name.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    voters: BTreeMap<String, Seat>,
    /// Members that were never started.
    waiting: BTreeSet<String>,
    /// Members that are in the list without a vote.
    learners: BTreeMap<String, Seat>,
}

/// Where a member is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seat {
    /// Its peer URLs, sorted.
    pub(super) peers: Vec<String>,
    /// What clients dial.
    pub(super) clients: Vec<String>,
}

impl Seat {
    pub(super) fn of(member: &RunningMember) -> Self {
        let mut peers: Vec<String> = member.peer_urls().into_iter().map(str::to_owned).collect();
        // etcd's list has them sorted (`NewURLs` in its `client/pkg/types/urls.go`).
        peers.sort();
        Self { peers, clients: client_urls(member) }
    }
}

impl State {
    /// All that run have a vote: a member is recorded once it has joined.
    pub(super) fn of(running: &Running) -> Self {
        let seats = running.members.iter().map(|(name, member)| (name.clone(), Seat::of(member)));
        Self { voters: seats.collect(), ..Self::default() }
    }

    /// Returns those that have a vote and run.
    pub(super) fn up(&self) -> impl Iterator<Item = &str> {
        self.voters.keys().filter(|name| !self.waiting.contains(*name)).map(String::as_str)
    }

    /// Returns where those are.
    pub(super) fn up_seats(&self) -> impl Iterator<Item = &Seat> {
        self.voters.iter().filter(|(name, _)| !self.waiting.contains(*name)).map(|(_, seat)| seat)
    }

    /// Returns all that are in the list, by name: how each votes and lives.
    pub(super) fn listed(&self) -> impl Iterator<Item = (&str, next::Seat, next::Life)> {
        let life = |name: &str| {
            if self.waiting.contains(name) { next::Life::New } else { next::Life::Up }
        };
        let voters = self.voters.keys().map(|name| (name, next::Seat::Voter));
        let learners = self.learners.keys().map(|name| (name, next::Seat::Learner));
        voters.chain(learners).map(move |(name, seat)| (name.as_str(), seat, life(name)))
    }

    /// Returns where a member is, whether it has a vote or not.
    pub(super) fn seat(&self, name: &str) -> Option<&Seat> {
        self.voters.get(name).or_else(|| self.learners.get(name))
    }

    /// Returns who has one of these peer URLs, or is on that machine.
    pub(super) fn holders(
        &self,
        peers: &[String],
        host: Option<&str>,
    ) -> impl Iterator<Item = &str> {
        let all = self.voters.iter().chain(&self.learners);
        let is_there = move |url: &String| {
            let its_host = || host_of(url).map(|host| host.to_string());
            peers.contains(url) || (host.is_some() && its_host().as_deref() == host)
        };
        let holds = move |(_, seat): &(&String, &Seat)| seat.peers.iter().any(&is_there);
        all.filter(holds).map(|(name, _)| name.as_str())
    }

    /// One that has a vote and was never started.
    pub(super) fn waits(&mut self, name: &str, seat: Seat) {
        self.voters.insert(name.to_owned(), seat);
        self.waiting.insert(name.to_owned());
    }

    pub(super) fn starts(&mut self, name: &str) {
        self.waiting.remove(name);
    }

    /// One that has no vote and was never started.
    pub(super) fn learns(&mut self, name: &str, seat: Seat) {
        self.learners.insert(name.to_owned(), seat);
        self.waiting.insert(name.to_owned());
    }

    /// A learner gets its vote.
    pub(super) fn votes(&mut self, name: &str) {
        if let Some(seat) = self.learners.remove(name) {
            self.voters.insert(name.to_owned(), seat);
        }
    }

    pub(super) fn leaves(&mut self, name: &str) {
        self.voters.remove(name);
    }

    /// A member is found elsewhere, perhaps under another name.
    pub(super) fn is_now(&mut self, old: &str, name: &str, seat: Seat) {
        self.voters.remove(old);
        self.voters.insert(name.to_owned(), seat);
    }

    /// Returns the counts where all that were started are up.
    pub(super) fn counts(&self) -> Counts {
        let (voters, up) = (self.voters.len(), self.up().count());
        let stopped = voters - up;
        Counts { voters, up, stopped }
    }

    /// Returns the counts while a member is stopped.
    pub(super) fn without(&self, name: &str) -> Counts {
        let Counts { voters, up, stopped } = self.counts();
        let more = usize::from(self.up().any(|other| other == name));
        Counts { voters, up: up - more, stopped: stopped + more }
    }

    /// Returns the counts right after a member got its vote.
    pub(super) fn with_new(&self, name: &str) -> Counts {
        Counts { up: self.without(name).up, ..self.counts() }
    }

    /// Returns `--initial-cluster` for one that joins: the list as it is now.
    pub(super) fn initial_cluster(&self) -> String {
        let all = self.voters.iter().chain(&self.learners);
        let entries =
            all.flat_map(|(name, seat)| seat.peers.iter().map(move |url| format!("{name}={url}")));
        entries.collect::<Vec<_>>().join(",")
    }
}

/// What clients dial.
pub(super) fn client_urls(member: &RunningMember) -> Vec<String> {
    member.urls("advertise-client-urls").map(str::to_owned).collect()
}
