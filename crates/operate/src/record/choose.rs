//! Whose records are meant.

use super::work::{Action, Recording};
use crate::failure::Failure;
use crate::names;
use bouquet_lock::{Record, Recorded};
use bouquet_model::change::Subject;
use std::collections::{BTreeMap, BTreeSet};

/// Returns whose records are to be written, in their order: those that were named; else all, of a record
/// that is taken back those of the last time that anything was recorded.
///
/// # Errors
/// If a name is nobody's.
pub(super) fn choose(work: &Recording, recorded: &Recorded) -> Result<BTreeSet<Subject>, Failure> {
    let is_last = |since: i64| Some(since) == last(recorded);
    let Recorded { members, clients } = recorded;
    let members = known(members, work.compiled.members.keys(), Subject::Member);
    let clients = known(clients, work.compiled.clients.keys(), Subject::Client);
    let all: BTreeMap<Subject, Option<i64>> = members.chain(clients).collect();
    if work.names.is_empty() {
        let is_meant = |since: Option<i64>| match work.action {
            Action::Undo => since.is_some_and(is_last),
            Action::Record | Action::FromLock | Action::Restored => true,
        };
        return Ok(all.into_iter().filter(|(_, since)| is_meant(*since)).map(|it| it.0).collect());
    }
    let named = |subject: &Subject| name(subject).to_owned();
    let there: BTreeSet<String> = all.keys().map(named).collect();
    for name in &work.names {
        if !there.contains(name) {
            let there: Vec<&str> = there.iter().map(String::as_str).collect();
            return Err(names::unknown(name, "name", &there));
        }
    }
    let is_meant = |subject: &Subject| {
        let is_such = !work.of_members || matches!(subject, Subject::Member(_));
        is_such && work.names.contains(&named(subject))
    };
    Ok(all.into_keys().filter(is_meant).collect())
}

/// Returns the name of a member or client; nothing, of the cluster.
pub(super) fn name(subject: &Subject) -> &str {
    match subject {
        Subject::Cluster => "",
        Subject::Member(name) | Subject::Client(name) => name,
    }
}

/// Returns the latest second in which anything was recorded.
fn last(recorded: &Recorded) -> Option<i64> {
    let members = recorded.members.values().map(|record| record.since);
    members.chain(recorded.clients.values().map(|record| record.since)).max()
}

fn known<'a, T>(
    records: &'a BTreeMap<String, Record<T>>,
    compiled: impl Iterator<Item = &'a String> + 'a,
    subject: fn(String) -> Subject,
) -> impl Iterator<Item = (Subject, Option<i64>)> + 'a {
    let unrecorded = compiled.filter(|name| !records.contains_key(*name));
    let unrecorded = unrecorded.map(move |name| (subject(name.clone()), None));
    let recorded = records.iter();
    recorded
        .map(move |(name, record)| (subject(name.clone()), Some(record.since)))
        .chain(unrecorded)
}
