//! Members that are up, down, and were never started, with each change that etcd may be asked for.

use super::etcds::{Etcds, SETTLED};
use bouquet_model::plan::next::{Life, Member, Operation, Seat, gate};
use bouquet_model::quorum::quorum;
use bouquet_model::version::EtcdVersion;
use std::thread::sleep;
use std::time::Duration;

/// So many voters of each kind, and perhaps a learner.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    up: usize,
    down: usize,
    new: usize,
    learner: Option<Life>,
}

/// Every one of up to four voters that has a quorum: without one etcd answers nothing.
pub(super) fn every() -> Vec<State> {
    let voters =
        [(1, 0, 0), (2, 0, 0), (3, 0, 0), (2, 1, 0), (2, 0, 1), (4, 0, 0), (3, 1, 0), (3, 0, 1)];
    let learners = [None, Some(Life::New), Some(Life::Up), Some(Life::Down)];
    let with = |(up, down, new)| learners.map(|learner| State { up, down, new, learner });
    voters.into_iter().flat_map(with).collect()
}

impl State {
    pub(super) const fn of(up: usize, down: usize, new: usize) -> Self {
        Self { up, down, new, learner: None }
    }

    /// Its members: the leader first, and the learner last.
    fn members(self) -> Vec<Member> {
        let voter = |life| Member { seat: Seat::Voter, life, ..Member::default() };
        let kinds = [(self.up, Life::Up), (self.down, Life::Down), (self.new, Life::New)];
        let voters = kinds.into_iter().flat_map(|(n, life)| (0..n).map(move |_| voter(life)));
        let learner =
            self.learner.map(|life| Member { seat: Seat::Learner, life, ..Member::default() });
        voters.chain(learner).collect()
    }

    /// What etcd is asked for: of each kind of member, and of a leader nothing that ends it.
    fn operations(self) -> Vec<Operation> {
        let members = self.members();
        let mut operations =
            vec![Operation::AddLearner, Operation::AddVoter, Operation::Promote(0)];
        if self.learner.is_some() {
            operations.push(Operation::Promote(members.len() - 1));
        }
        let mut last = None;
        for (at, member) in members.iter().enumerate().skip(1) {
            if last != Some(*member) {
                operations.push(Operation::Remove(at));
            }
            last = Some(*member);
        }
        operations
    }

    /// Asks an etcd of this release for each of them. What it refuses, or what can be taken back, leaves the state as it
    /// was; after anything else there is another cluster.
    pub(super) fn is_as_believed(self, release: &str) {
        let version = EtcdVersion::parse(release).expect("a version");
        let members = self.members();
        let believed = |operation: &Operation| gate(version, &members, *operation);
        // A voter that never starts can be taken back where there is a quorum beside it.
        let has_more = self.up >= quorum(self.up + self.down + self.new + 1);
        let stays = |operation: &Operation| match operation {
            _ if believed(operation).is_err() => true,
            Operation::AddLearner => true,
            Operation::AddVoter => has_more,
            Operation::Promote(_) | Operation::Remove(_) => false,
        };
        let (stay, end): (Vec<_>, Vec<_>) = self.operations().into_iter().partition(stays);
        let hold = |etcds: &Etcds, operation: Operation| {
            let said = etcds.asked(operation);
            let is_same = match (believed(&operation), &said) {
                (Ok(()), Ok(_)) => true,
                (Err(gate), Err(text)) => text.contains(gate.text()),
                (Ok(()), Err(_)) | (Err(_), Ok(_)) => false,
            };
            let believed = believed(&operation);
            assert!(is_same, "etcd {release}, {self:?}, {operation:?}: {believed:?}, {said:?}");
            said
        };
        let etcds = self.made(release);
        for operation in stay {
            if let Ok(text) = hold(&etcds, operation) {
                etcds.takes_back(&text);
            }
        }
        drop(etcds);
        // A dead learner is in sync with a leader whose log has not grown much since.
        for operation in end {
            let _ = hold(&self.made(release), operation);
        }
    }

    /// A cluster in this state, in which nothing has changed for as long as etcd asks for.
    fn made(self, release: &str) -> Etcds {
        let mut etcds = Etcds::start(release, self.up + self.down);
        if let Some(life) = self.learner {
            etcds.adds_learner(life != Life::New);
        }
        for _ in 0..self.new {
            etcds.adds_voter();
        }
        etcds.leads_first();
        // A new leader hears from the learner what it has.
        sleep(Duration::from_secs(1));
        for at in self.up..self.up + self.down {
            etcds.kills(at);
        }
        if self.learner == Some(Life::Down) {
            etcds.kills_learner();
        }
        sleep(SETTLED);
        etcds
    }
}
