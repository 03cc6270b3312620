//! What etcd itself refuses of changes of its members, as its `strict-reconfig-check` does
//! (`mayAddMember`, `mayPromoteMember` and `mayRemoveMember` in etcd's `etcdserver/server.go`).
//!
//! These are the last net: they let pass what costs a quorum, such as the vote of a learner that is dead. What is
//! planned here is stricter, and asks for nothing that they refuse.

use super::answer::Place;
use super::situation::{Life, Member, Seat};
use crate::quorum::quorum;
use crate::version::{EtcdVersion, Minor};

/// A change of members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// `member add`.
    AddVoter,
    /// `member add --learner`.
    AddLearner,
    /// `member promote`.
    Promote(Place),
    /// `member remove`.
    Remove(Place),
}

/// Why etcd refuses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// `etcdserver: re-configuration failed due to not enough started members`.
    NotStarted,
    /// `etcdserver: unhealthy cluster`.
    Unhealthy,
    /// `etcdserver: too many learner members in cluster`.
    Learners,
    /// `etcdserver: can only promote a learner member which is in sync with leader`.
    NotInSync,
    /// `etcdserver: can only promote a learner member`.
    NotLearner,
}

impl Gate {
    /// Returns what etcd says, without `etcdserver: `.
    pub const fn text(self) -> &'static str {
        match self {
            Self::NotStarted => "re-configuration failed due to not enough started members",
            Self::Unhealthy => "unhealthy cluster",
            Self::Learners => "too many learner members in cluster",
            Self::NotInSync => "can only promote a learner member which is in sync with leader",
            Self::NotLearner => "can only promote a learner member",
        }
    }
}

/// Tells what an etcd of this version says to a change that its leader is asked for, where nothing has changed for 5 s
/// (`HealthInterval`). A version without a patch is one that is as strict as any of its line.
///
/// # Errors
///
/// Why it refuses.
pub fn gate(version: EtcdVersion, members: &[Member], operation: Operation) -> Result<(), Gate> {
    let voters = || members.iter().filter(|member| member.votes());
    let count = voters().count();
    let started = |member: &&Member| member.life != Life::New;
    // Those that answer their peers: what their data is worth, no peer asks.
    let connected = |member: &&Member| matches!(member.life, Life::Up | Life::Behind);
    let active = voters().filter(connected).count();
    let refuses = |is: bool, why: Gate| if is { Err(why) } else { Ok(()) };
    match operation {
        Operation::AddVoter | Operation::AddLearner => {
            let learns = operation == Operation::AddLearner;
            // One that votes alone may have a second one, from which its data is restored.
            let is_enough = voters().filter(started).count() >= quorum(count + 1) || count == 1;
            refuses(!learns && !is_enough, Gate::NotStarted)?;
            let is_healthy = if counts_quorum(version) {
                count == 1 || active >= quorum(count + 1)
            } else {
                active == count
            };
            refuses(!is_healthy, Gate::Unhealthy)?;
            let has_learner = members.iter().any(|member| member.seat == Seat::Learner);
            refuses(learns && has_learner, Gate::Learners)
        }
        Operation::Promote(at) => {
            let member = members[at];
            refuses(member.seat != Seat::Learner, Gate::NotLearner)?;
            refuses(matches!(member.life, Life::New), Gate::NotInSync)?;
            let is_enough = 1 + voters().filter(started).count() >= quorum(count + 1);
            refuses(!is_enough, Gate::NotStarted)
        }
        Operation::Remove(at) => {
            if !members[at].votes() {
                return Ok(());
            }
            let others = |member: &&Member| !core::ptr::eq(*member, &raw const members[at]);
            let left = voters().filter(others).filter(started).count();
            refuses(left < quorum(count - 1), Gate::NotStarted)?;
            if !connected(&&members[at]) {
                return Ok(());
            }
            refuses(active - 1 < quorum(count - 1), Gate::Unhealthy)
        }
    }
}

/// Tells whether a quorum that counts the new member as down is enough for an addition: before, all had to be up.
const fn counts_quorum(version: EtcdVersion) -> bool {
    match version.minor() {
        Minor::V3_4 => false,
        Minor::V3_5 => version.floor() >= 30,
        Minor::V3_6 => version.floor() >= 11,
        Minor::V3_7 => true,
    }
}
