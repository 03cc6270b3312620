//! The cluster that a plan begins with.

use super::next::Alarm;
use super::state::{Seat, State};
use super::step::Action;
use super::work::Work;
use crate::cluster::MemberId;
use crate::running::Running;
use std::collections::{BTreeMap, BTreeSet};

/// The cluster that a plan begins with.
#[derive(Debug, Clone, Default)]
pub(super) struct Now {
    pub(super) state: State,
    pub(super) alarm: Option<Alarm>,
    /// Members were asked: who leads is known, and who is up.
    pub(super) is_seen: bool,
    /// Steps may stop all writes for a while.
    pub(super) accepts_downtime: bool,
    /// etcd was told already of the lower minor that members are to get.
    pub(super) is_announced: bool,
    /// Members of which nothing but the last round of restarts is left.
    pub(super) in_last_round: BTreeSet<String>,
    /// Members whose databases hold space that they have no use for.
    pub(super) bloated: BTreeSet<String>,
    /// Those that nobody recorded or compiled, by their IDs.
    pub(super) strays: BTreeSet<String>,
    /// Those that have left, and are still on their machines, as far as is known.
    pub(super) departed: BTreeSet<String>,
    /// Those that new members have taken the places of since they were recorded, by the names of after.
    pub(super) replaced: BTreeSet<String>,
    /// Those that have come in the places of others since these were recorded, and their IDs: what is typed to replace a
    /// member is about the former one.
    pub(super) new_ids: BTreeMap<String, MemberId>,
    /// What was done, and is not to be seen.
    pub(super) done: Vec<Action>,
}

impl Now {
    /// Returns it as it was recorded: all run.
    pub(super) fn recorded(
        (before, after): (&Running, &Running),
        ids: &BTreeMap<String, MemberId>,
        work: &Work,
    ) -> Self {
        let mut state = State::of(before, ids);
        for name in &work.founders {
            if let Some(member) = after.members.get(name) {
                state.waits(name, Seat::of(member));
            }
        }
        Self { state, accepts_downtime: true, ..Self::default() }
    }
}
