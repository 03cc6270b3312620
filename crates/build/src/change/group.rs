//! Changes that are one thing to a person: the same, of several members, from one place.

use super::place::{RUNS, Tense, place};
use super::written::Written;
use crate::diagnostic::Label;
use bouquet_model::change::{Change, Subject, What};
use std::collections::BTreeSet;

/// The most members that are named for one kind of change; more are counted.
const NAMED: usize = 3;

/// Changes of one kind.
pub(super) struct Group<'a> {
    /// At least one.
    pub(super) changes: Vec<&'a Change>,
    /// Where the spec says it, and what is to be said there.
    pub(super) place: Option<Label>,
}

/// Puts those together that say the same of several members, or of several clients, and have one place, in
/// their order; what CAs are trusted is one thing for both. They are changes of what runs.
pub(super) fn groups<'a>(
    changes: impl IntoIterator<Item = &'a Change>,
    written: Written<'_>,
) -> Vec<Group<'a>> {
    groups_of(changes, written, &RUNS)
}

/// Returns the same for changes of what is told in this tense.
pub(super) fn groups_of<'a>(
    changes: impl IntoIterator<Item = &'a Change>,
    written: Written<'_>,
    tense: &Tense,
) -> Vec<Group<'a>> {
    let mut all: Vec<Group<'a>> = Vec::new();
    for change in changes {
        let place = place(change, written, tense);
        let is_of = |group: &&mut Group<'_>| {
            let first = group.changes[0];
            group.place == place
                && first.what == change.what
                && first.class == change.class
                && (matches!(first.what, What::Trust { .. })
                    || core::mem::discriminant(&first.subject)
                        == core::mem::discriminant(&change.subject))
        };
        match all.iter_mut().find(is_of) {
            Some(group) => group.changes.push(change),
            None => all.push(Group { changes: vec![change], place }),
        }
    }
    all
}

impl Group<'_> {
    /// Returns whose change it is, and what it is: `pink and orange: data-dir /a → /b`.
    pub(super) fn message(&self) -> String {
        let what = &self.first().what;
        match whose(self.changes.iter().map(|change| &change.subject)) {
            Some(whose) => format!("{whose}: {what}"),
            None => what.to_string(),
        }
    }

    /// Returns the first of its changes, which stands for all.
    pub(super) fn first(&self) -> &Change {
        self.changes[0]
    }
}

/// Returns the names of members and clients, or how many there are; `None` for the cluster.
pub(super) fn whose<'a>(subjects: impl IntoIterator<Item = &'a Subject>) -> Option<String> {
    let (mut members, mut clients) = (BTreeSet::new(), BTreeSet::new());
    for subject in subjects {
        match subject {
            Subject::Cluster => false,
            Subject::Member(name) => members.insert(name.as_str()),
            Subject::Client(name) => clients.insert(name.as_str()),
        };
    }
    let [members, clients] = [members, clients].map(|names| names.into_iter().collect::<Vec<_>>());
    let (members, clients) = (named(&members, "member", ""), named(&clients, "client", "client "));
    match (members, clients) {
        (Some(members), Some(clients)) => Some(format!("{members}, {clients}")),
        (one, other) => one.or(other),
    }
}

fn named(names: &[&str], what: &str, before: &str) -> Option<String> {
    match names {
        [] => None,
        [one] => Some(format!("{before}{one}")),
        [most @ .., last] if names.len() <= NAMED && before.is_empty() => {
            Some(format!("{} and {last}", most.join(", ")))
        }
        _ => Some(format!("{} {what}s", names.len())),
    }
}
