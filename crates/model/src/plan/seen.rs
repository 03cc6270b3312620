//! A cluster as it was seen, for a plan that begins with it.

use super::next::{Alarm, Data, Life};
use super::step::Action;
use crate::cluster::MemberId;
use crate::version::EtcdVersion;
use std::collections::BTreeSet;

/// A cluster as it was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Those in the list that most members have.
    pub members: Vec<SeenMember>,
    /// The worst alarm.
    pub alarm: Option<Alarm>,
    /// Whether etcd was told of a lower minor that members are to get.
    pub is_announced: bool,
    /// Recorded members that are in the list no more, and whose machines say nothing.
    pub lost: BTreeSet<String>,
    /// What was done since the record was made, as those know who did it: of new files, of a restart or of what clients
    /// have no member tells.
    pub done: Vec<Action>,
}

/// Holds what an operator asks of a plan for a cluster that was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Members that new ones are to take the places of, by their names in the record.
    pub replaced: BTreeSet<String>,
    /// Whether steps may stop all writes for a while.
    pub accepts_downtime: bool,
}

/// One that is in the list of members.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct SeenMember {
    /// Its ID in the list.
    pub id: MemberId,
    /// Its name in the list; empty for one that has never run.
    pub name: String,
    /// Its peer URLs in the list.
    pub peer_urls: Vec<String>,
    /// What it has told the list that clients dial; nothing for one that has never run.
    pub client_urls: Vec<String>,
    /// Whether it has no vote.
    pub is_learner: bool,
    /// How it is.
    pub life: Life,
    /// What its data is worth.
    pub data: Data,
    /// Whether it leads, as itself or others say.
    pub leads: bool,
    /// The etcd that it runs, where it says so.
    pub version: Option<EtcdVersion>,
    /// Whether its clock lies outside the dates of the certificates that are compiled for it.
    pub has_wrong_clock: bool,
    /// Whether its database is as large as its quota, and has no use for much of that.
    pub has_free_space: bool,
}

impl SeenMember {
    /// Tells whether it is in the list and not yet in the cluster.
    pub(super) fn is_half_in(&self) -> bool {
        self.is_learner || self.life == Life::New
    }

    /// Returns its peer URLs, sorted.
    pub(super) fn peers(&self) -> Vec<String> {
        sorted(&self.peer_urls)
    }
}

/// Returns URLs in one order, so that two lists of the same are equal.
pub(super) fn sorted(urls: &[String]) -> Vec<String> {
    let mut urls = urls.to_vec();
    urls.sort();
    urls
}
