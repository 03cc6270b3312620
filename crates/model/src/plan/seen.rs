//! A cluster as it was seen, for a plan that begins with it.

use super::next::{Alarm, Data, Life};
use crate::cluster::MemberId;
use crate::version::EtcdVersion;

/// A cluster as it was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Those in the list that most members have.
    pub members: Vec<SeenMember>,
    /// The worst alarm.
    pub alarm: Option<Alarm>,
}

/// One that is in the list of members.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Whether its database is as large as its quota, and has no use for much of that.
    pub has_free_space: bool,
}
