//! The rules that decisions rest on, by name, so that a test can leave one out and see what comes of it.

/// A rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// A member gets its vote only where a quorum is up without it: etcd does not look whether it is alive.
    CountsNewAsDown,
    /// Only one member at a time is in the list and not in the cluster.
    OneAtATime,
    /// A member gets its vote only after it has answered and caught up.
    CaughtUpFirst,
    /// Members that are healthy come, move, go and are restarted only where all others are up.
    AllUpFirst,
    /// Leadership goes to a voter that is up and stays.
    LeaderFirst,
    /// Clients forget an endpoint before its member leaves.
    EndpointsFirst,
    /// A snapshot is saved before the first voter leaves, and before another minor.
    SnapshotFirst,
    /// Members neither come nor go while two minors run, but those that are dead.
    OneMinor,
    /// Data that differs, or is older than it was, counts for nothing.
    OwnData,
    /// Two processes under one ID: nothing is done.
    OneProcess,
    /// Alarms come first.
    AlarmsFirst,
    /// What stops writes is accepted first.
    Downtime,
    /// A clock is right before a certificate goes to its machine.
    ClockFirst,
}

/// Every rule.
pub(super) const ALL: Rules = Rules { without: None };

/// Holds the rules that are in force.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    /// All but this one.
    pub(super) without: Option<Rule>,
}

impl Rules {
    pub(super) fn hold(self, rule: Rule) -> bool {
        self.without != Some(rule)
    }
}
