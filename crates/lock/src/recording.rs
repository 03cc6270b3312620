//! What a member runs with is recorded, or taken back; and what becomes of its ID.
//!
//! etcd gives an ID to each entry of its list of members, for good: one that is removed and added again has
//! another. Who founds the cluster has an ID that follows from its first URLs, so that a name with an ID is a
//! founder's, or one that a founder was renamed to.

use crate::lock::Lock;
use crate::recorded::{ChangedId, Record};
use bouquet_model::cluster::MemberId;
use bouquet_model::running::{RunningClient, RunningMember};
use std::collections::BTreeSet;

impl Lock {
    /// Records what a member runs with from that second on; `None` where it is gone.
    ///
    /// Of one that is gone, the ID goes too: one that is added by its name gets another. At another address it
    /// is not known any more: the same member was told of it, or another one was added in its place, and
    /// nothing tells which.
    pub fn record_member(&mut self, name: &str, what: Option<RunningMember>, since: i64) {
        let known = self.id(name);
        let was = self.recorded.members.get(name).and_then(|record| record.what.as_ref());
        let stays =
            |is: &RunningMember| was.is_none_or(|was| was.peer_addresses() == is.peer_addresses());
        let id = match &what {
            Some(is) => Listed::of(known.filter(|_| stays(is))),
            None => Listed::No,
        };
        self.enter_member(name, what, id, since);
    }

    /// Records that a new member has taken the place of one: etcd made its ID, which is not known.
    pub fn record_replaced(&mut self, name: &str, what: RunningMember, since: i64) {
        self.enter_member(name, Some(what), Listed::Unknown, since);
    }

    /// Takes back what is recorded of a member, with what that did to its ID; nothing, where nothing is.
    pub fn undo_member(&mut self, name: &str, since: i64) {
        let Some(record) = self.recorded.members.get(name) else { return };
        let undone = record.undone(since);
        if undone.what == record.what && record.id.is_none() {
            // It was taken back already.
            return;
        }
        let is_there = undone.what.is_some();
        let id = match (record.id, self.listed(name)) {
            (Some(ChangedId { from: None, .. }), _) if !is_there => Listed::No,
            (Some(changed), _) => Listed::of(changed.from),
            (None, Listed::No) if is_there => Listed::Unknown,
            (None, listed) => listed,
        };
        self.recorded.members.insert(name.to_owned(), undone);
        self.list(name, id);
    }

    /// Records of a member what an earlier lock has of it, its ID too.
    pub fn put_back_member(&mut self, name: &str, earlier: &Self, since: i64) {
        let record = earlier.recorded.members.get(name);
        let what = record.and_then(|record| record.what.clone());
        self.enter_member(name, what, earlier.listed(name), since);
    }

    /// Records what a client has from that second on; `None` where it is gone.
    pub fn record_client(&mut self, name: &str, what: Option<RunningClient>, since: i64) {
        let record = Record::after(self.recorded.clients.get(name), what, since);
        self.recorded.clients.insert(name.to_owned(), record);
    }

    /// Takes back what is recorded of a client; nothing, where nothing is.
    pub fn undo_client(&mut self, name: &str, since: i64) {
        let Some(record) = self.recorded.clients.get_mut(name) else { return };
        let undone = record.undone(since);
        // Else it was taken back already.
        if undone.what != record.what {
            *record = undone;
        }
    }

    /// Records of a client what an earlier lock has of it.
    pub fn put_back_client(&mut self, name: &str, earlier: &Self, since: i64) {
        let record = earlier.recorded.clients.get(name);
        self.record_client(name, record.and_then(|record| record.what.clone()), since);
    }

    /// Returns a member's ID, where it is known. One that is recorded as gone has none: the line of its ID may be
    /// there again after a merge.
    pub fn id(&self, name: &str) -> Option<MemberId> {
        let record = self.recorded.members.get(name);
        let is_gone = record.is_some_and(|record| {
            record.what.is_none() && record.id.is_some_and(|id| id.to.is_none())
        });
        self.identity.members.get(name).copied().flatten().filter(|_| !is_gone)
    }

    /// Returns the founders that are not recorded although others are: etcd has them in its list all the same.
    pub fn unrecorded_founders(&self) -> BTreeSet<&str> {
        let (running, others): (Vec<&String>, Vec<&String>) =
            self.identity.members.keys().partition(|name| self.recorded.runs(name));
        if !self.recorded.has_members() {
            return BTreeSet::new();
        }
        // One that was renamed, and is not recorded by its new name, has its ID twice.
        let of_running: BTreeSet<_> = running.iter().filter_map(|name| self.id(name)).collect();
        let is_founder = |name: &&String| self.id(name).is_some_and(|id| !of_running.contains(&id));
        others.into_iter().filter(is_founder).map(String::as_str).collect()
    }

    pub(crate) fn enter_member(
        &mut self,
        name: &str,
        what: Option<RunningMember>,
        id: Listed,
        since: i64,
    ) {
        let (from, to) = (self.id(name), id.id());
        let mut record = Record::after(self.recorded.members.get(name), what, since);
        record.id = (from != to).then_some(ChangedId { from, to });
        self.recorded.members.insert(name.to_owned(), record);
        self.list(name, id);
    }

    /// Returns a member's entry in the list of IDs.
    pub(crate) fn listed(&self, name: &str) -> Listed {
        self.identity.members.get(name).map_or(Listed::No, |id| Listed::of(*id))
    }

    /// Makes that its entry in the list of IDs.
    pub(crate) fn list(&mut self, name: &str, listed: Listed) {
        match listed {
            Listed::No => self.identity.members.remove(name),
            Listed::Unknown | Listed::As(_) => {
                self.identity.members.insert(name.to_owned(), listed.id())
            }
        };
    }
}

/// A member's entry in the list of IDs.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Listed {
    /// There is none.
    No,
    /// etcd made its ID, which is not known.
    Unknown,
    /// That ID.
    As(MemberId),
}

impl Listed {
    fn of(id: Option<MemberId>) -> Self {
        id.map_or(Self::Unknown, Self::As)
    }

    fn id(self) -> Option<MemberId> {
        match self {
            Self::No | Self::Unknown => None,
            Self::As(id) => Some(id),
        }
    }
}
