//! What is on the machines, as `bouquet done` recorded it.

use bouquet_model::change::Subject;
use bouquet_model::cluster::MemberId;
use bouquet_model::diagnostic::quoted;
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

/// Holds what is on one machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<T> {
    /// When it was recorded, in seconds since 1970.
    pub since: i64,
    /// What it is; `None` where it was recorded that it is gone, or where its first record was taken
    /// back. Without a word of that, an older copy of the lock would bring the record back.
    pub what: Option<T>,
    /// What was recorded before, if anything, and when; of a record that took another one back, what was
    /// recorded before that one.
    pub before: Option<(i64, Option<T>)>,
    /// Of a member: what this record did to its ID, if anything. Taking the record back undoes that too.
    pub id: Option<ChangedId>,
}

/// Says how a record changes what is known of a member's ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangedId {
    /// The ID before; `None` where it was not known, or there was no such member.
    pub from: Option<MemberId>,
    /// The ID since then; `None` where it is not known, or the member is gone.
    pub to: Option<MemberId>,
}

/// A record that is later in another lock than in this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Later {
    /// Whose.
    pub subject: Subject,
    /// When this lock's was recorded, in seconds since 1970; `None` where it has none.
    pub ours: Option<i64>,
    /// When the other one's was.
    pub theirs: i64,
}

impl Later {
    /// Returns whose record it is, in words.
    pub fn whose(&self) -> String {
        match &self.subject {
            Subject::Member(name) => format!("the member {}", quoted(name)),
            Subject::Client(name) => format!("the client {}", quoted(name)),
            Subject::Cluster => "the cluster".to_owned(),
        }
    }
}

impl<T: Clone> Record<T> {
    /// Returns what is recorded from that second on, in the place of a record, if there is one.
    pub fn after(record: Option<&Self>, what: Option<T>, since: i64) -> Self {
        // Of two records of one second, each has to be the later one of the one before it.
        let since = record.map_or(since, |record| since.max(record.since.saturating_add(1)));
        let before = record.map(|record| (record.since, record.what.clone()));
        Self { since, what, before, id: None }
    }

    /// Returns the record that takes this one back from that second on. It is of what was recorded before,
    /// and so is what it goes back to: taken back in its turn it stays what it is.
    #[must_use]
    pub fn undone(&self, since: i64) -> Self {
        let what = self.before.as_ref().and_then(|(_, what)| what.clone());
        Self { before: self.before.clone(), ..Self::after(Some(self), what, since) }
    }
}

impl Recorded {
    /// Returns what runs, without when that was recorded.
    pub fn running(&self) -> Running {
        fn what<T: Clone>(records: &BTreeMap<String, Record<T>>) -> BTreeMap<String, T> {
            let what =
                |(name, record): (&String, &Record<T>)| Some((name.clone(), record.what.clone()?));
            records.iter().filter_map(what).collect()
        }
        Running { members: what(&self.members), clients: what(&self.clients) }
    }

    /// Tells whether a member is recorded as running.
    pub fn runs(&self, name: &str) -> bool {
        self.members.get(name).is_some_and(|record| record.what.is_some())
    }

    /// Tells whether any member is recorded as running.
    pub fn has_members(&self) -> bool {
        self.members.values().any(|record| record.what.is_some())
    }

    /// Tells whether nothing is recorded as running.
    pub fn is_empty(&self) -> bool {
        !self.has_members() && self.clients.values().all(|record| record.what.is_none())
    }

    /// Returns the records that are later in another, in the order of their names; a record that only the
    /// other has is later.
    pub fn later_in(&self, other: &Self) -> Vec<Later> {
        let members = later(&self.members, &other.members, Subject::Member);
        members.into_iter().chain(later(&self.clients, &other.clients, Subject::Client)).collect()
    }

    /// Takes the later record of each member and client, and returns those that are another's.
    pub(crate) fn take_in(&mut self, other: &Self) -> Vec<Later> {
        let taken = self.later_in(other);
        for Later { subject, .. } in &taken {
            match subject {
                Subject::Member(name) => {
                    self.members.extend(other.members.get_key_value(name).map(owned));
                }
                Subject::Client(name) => {
                    self.clients.extend(other.clients.get_key_value(name).map(owned));
                }
                Subject::Cluster => {}
            }
        }
        taken
    }
}

fn later<T>(
    ours: &BTreeMap<String, Record<T>>,
    theirs: &BTreeMap<String, Record<T>>,
    subject: fn(String) -> Subject,
) -> Vec<Later> {
    let later = |(name, record): (&String, &Record<T>)| {
        let ours = ours.get(name).map(|record| record.since);
        let is_later = ours.is_none_or(|ours| ours < record.since);
        let later = Later { subject: subject(name.clone()), ours, theirs: record.since };
        is_later.then_some(later)
    };
    theirs.iter().filter_map(later).collect()
}

fn owned<T: Clone>((name, record): (&String, &Record<T>)) -> (String, Record<T>) {
    (name.clone(), record.clone())
}
