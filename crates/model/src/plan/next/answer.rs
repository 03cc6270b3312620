//! What a decision answers.

/// The place of a member in [`Situation::members`](super::Situation::members).
pub type Place = usize;

/// Says what comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Next {
    /// This can be done now.
    Step(Move),
    /// Nothing can be done until this has come about by itself.
    Wait(Wait),
    /// Nothing is done until an operator has done something about this.
    Refuse(Refusal),
    /// All is as it is to be.
    Done,
}

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Move {
    /// What has to be seen before anything is changed.
    Look,
    /// A snapshot is saved.
    Snapshot,
    /// A member gets files, and goes on.
    Copy(Place),
    /// A member's etcd is started: for the first time, or again.
    Start(Place),
    /// The list gets a learner.
    Add(Place),
    /// A learner gets its vote.
    Promote(Place),
    /// The list loses a member.
    Remove(Place),
    /// That voter comes to lead.
    Lead(Place),
    /// The list learns a member's other peer URLs, and the member is restarted with them.
    Readdress(Place),
    /// A member is restarted with what is new.
    Restart(Place),
    /// Clients get the endpoints that they are to have.
    Clients,
    /// The history is dropped.
    Compact,
    /// A member gives back the space that it has no use for.
    Defragment(Place),
    /// Alarms without a reason are switched off.
    Disarm,
    /// A machine whose member has left is cleared.
    Retire(Place),
    /// etcd is told of the lower minor that members are to get.
    Announce,
}

/// Says what is waited for. The caller sets the deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wait {
    /// That one of those who are up leads.
    Leader,
    /// That a member has caught up.
    CaughtUp(Place),
}

impl Wait {
    /// Returns why nothing is done where that has not come about in time.
    pub const fn overdue(self) -> Refusal {
        match self {
            Self::Leader => Refusal::Leaderless,
            Self::CaughtUp(place) => Refusal::Behind(place),
        }
    }
}

/// Why nothing is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refusal {
    /// Too few are up for anything to be changed. Until members are started, or `rescue`.
    Quorum,
    /// Enough are up, and none of them leads. Until one does.
    Leaderless,
    /// Two processes run as this member. Until one is stopped.
    Twice(Place),
    /// Members have different data, as etcd says itself, and nothing shows whose. Until the odd one is replaced.
    Corrupt,
    /// This member has other data than the others, or older data than it had. Until it is replaced.
    Odd(Place),
    /// This member says nothing. Until it answers, or is replaced.
    Silent(Place),
    /// This member answers and does not keep up. Until it does, or is replaced.
    Behind(Place),
    /// This one is not to stay, and without it there is no quorum. Until it runs.
    Needed(Place),
    /// The only member with the data cannot leave. Until another one is there.
    Only(Place),
    /// This step would stop all writes. Until that is accepted.
    Downtime(Place),
    /// This one leaves, another one joins, and all are to get another minor. Until one of these changes is made alone.
    TwoChanges(Place),
    /// The clock of this member's machine is wrong for its certificates. Until it is right.
    Clock(Place),
    /// The place that this member is to have is another one's, which does not leave. Until it does.
    Held(Place),
}
