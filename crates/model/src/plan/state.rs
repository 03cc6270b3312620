//! Who is in the cluster while a plan goes on, and where each is found.

use super::next::{self, Data, Life};
use super::step::Counts;
use crate::cluster::MemberId;
use crate::running::{Running, RunningMember};
use crate::url::host_of;
use std::collections::BTreeMap;

/// The members as they are at some moment of a plan, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct State {
    members: BTreeMap<String, Listed>,
}

/// One that is in the list of members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    /// Where it is found.
    pub(super) seat: Seat,
    /// Whether it votes.
    pub(super) vote: next::Seat,
    pub(super) life: Life,
    pub(super) data: Data,
    pub(super) leads: bool,
    /// Its ID, where it is known.
    pub(super) id: Option<MemberId>,
    /// Its clock lies outside the dates of the certificates that it is to get.
    pub(super) has_wrong_clock: bool,
    /// Whether it was seen to run the etcd that it is to run.
    pub(super) has_version: bool,
}

impl Listed {
    /// Makes one that runs, as far as is known.
    fn new(seat: Seat, vote: next::Seat, life: Life) -> Self {
        Self {
            seat,
            vote,
            life,
            data: Data::Own,
            leads: false,
            id: None,
            has_wrong_clock: false,
            has_version: false,
        }
    }

    fn votes(&self) -> bool {
        self.vote == next::Seat::Voter
    }

    /// Tells whether it has a vote and runs.
    fn is_up(&self) -> bool {
        self.votes() && self.life == Life::Up && self.data == Data::Own
    }
}

/// Says where a member is found.
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
    /// Takes the members that are recorded as running, with their IDs as far as they are known. All have a vote: a
    /// member is recorded once it has joined.
    pub(super) fn of(running: &Running, ids: &BTreeMap<String, MemberId>) -> Self {
        let members = running.members.iter().map(|(name, member)| {
            let listed = Listed::new(Seat::of(member), next::Seat::Voter, Life::Up);
            (name.clone(), Listed { id: ids.get(name).copied(), ..listed })
        });
        Self { members: members.collect() }
    }

    /// Adds one as it was seen.
    pub(super) fn is_seen(&mut self, name: &str, listed: Listed) {
        self.members.insert(name.to_owned(), listed);
    }

    /// Returns those that have a vote and run.
    pub(super) fn up(&self) -> impl Iterator<Item = &str> {
        self.listed().filter(|(_, listed)| listed.is_up()).map(|(name, _)| name)
    }

    /// Returns where those are.
    pub(super) fn up_seats(&self) -> impl Iterator<Item = &Seat> {
        self.members.values().filter(|listed| listed.is_up()).map(|listed| &listed.seat)
    }

    /// Returns all that are in the list, by name: those that vote first.
    pub(super) fn listed(&self) -> impl Iterator<Item = (&str, &Listed)> {
        let of = |votes: bool| self.members.iter().filter(move |(_, it)| it.votes() == votes);
        of(true).chain(of(false)).map(|(name, listed)| (name.as_str(), listed))
    }

    /// Returns where a member is, whether it has a vote or not.
    pub(super) fn seat(&self, name: &str) -> Option<&Seat> {
        self.members.get(name).map(|listed| &listed.seat)
    }

    /// Returns how a member is.
    pub(super) fn get(&self, name: &str) -> Option<&Listed> {
        self.members.get(name)
    }

    /// Tells whether nobody has other data than the others, as far as is known.
    pub(super) fn is_alike(&self) -> bool {
        self.members.values().all(|listed| listed.data == Data::Own)
    }

    /// Returns who leads, where that is known.
    pub(super) fn leader(&self) -> Option<&str> {
        self.listed().find(|(_, listed)| listed.leads).map(|(name, _)| name)
    }

    /// Returns who has one of these peer URLs, or is on that machine.
    pub(super) fn holders(
        &self,
        peers: &[String],
        host: Option<&str>,
    ) -> impl Iterator<Item = &str> {
        let is_there = move |url: &String| {
            let its_host = || host_of(url).map(|host| host.to_string());
            peers.contains(url) || (host.is_some() && its_host().as_deref() == host)
        };
        let holds = move |listed: &Listed| listed.seat.peers.iter().any(&is_there);
        self.listed().filter(move |(_, listed)| holds(listed)).map(|(name, _)| name)
    }

    /// Adds one that has a vote and was never started.
    pub(super) fn waits(&mut self, name: &str, seat: Seat) {
        self.is_seen(name, Listed::new(seat, next::Seat::Voter, Life::New));
    }

    /// Has a member run, and keep up.
    pub(super) fn starts(&mut self, name: &str) {
        if let Some(listed) = self.members.get_mut(name) {
            listed.life = Life::Up;
        }
    }

    /// Adds one that has no vote and was never started.
    pub(super) fn learns(&mut self, name: &str, seat: Seat) {
        self.is_seen(name, Listed::new(seat, next::Seat::Learner, Life::New));
    }

    /// Gives a learner its vote.
    pub(super) fn votes(&mut self, name: &str) {
        if let Some(listed) = self.members.get_mut(name) {
            listed.vote = next::Seat::Voter;
        }
    }

    pub(super) fn leaves(&mut self, name: &str) {
        self.members.remove(name);
    }

    /// Has a member run elsewhere, or with other options, perhaps under another name.
    pub(super) fn is_now(&mut self, old: &str, name: &str, seat: Seat) {
        let now = Listed::new(seat, next::Seat::Voter, Life::Up);
        let now = match self.members.remove(old) {
            Some(was) => Listed { leads: was.leads, id: was.id, ..now },
            None => now,
        };
        self.is_seen(name, now);
    }

    /// Has a voter lead.
    pub(super) fn leads(&mut self, name: &str) {
        for (other, listed) in &mut self.members {
            listed.leads = other == name;
        }
    }

    /// Returns the counts where all are as they are.
    pub(super) fn counts(&self) -> Counts {
        let voters = self.members.values().filter(|listed| listed.votes()).count();
        let up = self.up().count();
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
        let entries = self.listed().flat_map(|(name, listed)| {
            listed.seat.peers.iter().map(move |url| format!("{name}={url}"))
        });
        entries.collect::<Vec<_>>().join(",")
    }
}

/// Returns what clients dial.
pub(super) fn client_urls(member: &RunningMember) -> Vec<String> {
    member.urls("advertise-client-urls").map(str::to_owned).collect()
}
