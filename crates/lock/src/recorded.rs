//! What is on the machines, as `bouquet done` recorded it.

use bouquet_model::running::{Running, RunningClient, RunningMember};
use std::collections::BTreeMap;

/// What is on the machines. A member or client that is not in it is unknown, and perhaps in use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recorded {
    /// The members, by name.
    pub members: BTreeMap<String, Record<RunningMember>>,
    /// The clients, by name.
    pub clients: BTreeMap<String, Record<RunningClient>>,
}

/// What is on one machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<T> {
    /// When it was recorded, in seconds since 1970.
    pub since: i64,
    /// What it is.
    pub what: T,
    /// What was recorded before, if anything, and when.
    pub before: Option<(i64, T)>,
}

impl Recorded {
    /// Returns what runs, without when that was recorded.
    pub fn running(&self) -> Running {
        fn what<T: Clone>(records: &BTreeMap<String, Record<T>>) -> BTreeMap<String, T> {
            records.iter().map(|(name, record)| (name.clone(), record.what.clone())).collect()
        }
        Running { members: what(&self.members), clients: what(&self.clients) }
    }

    /// Tells whether nothing is recorded.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty() && self.clients.is_empty()
    }
}
