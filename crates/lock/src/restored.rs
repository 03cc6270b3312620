//! All members were restored from one snapshot.

use crate::identity::Restored;
use crate::ids;
use crate::lock::Lock;
use crate::recording::Listed;
use bouquet_model::cluster::MemberId;
use bouquet_model::running::{Running, RunningMember};
use bouquet_model::url::Url;

impl Lock {
    /// Records that the members run what was restored, all of them from one snapshot, from that second on. The
    /// cluster has another ID then, and so has each member, whatever it had before.
    pub fn restore(&mut self, restored: Restored, running: &Running, since: i64) {
        let gone: Vec<String> = self.identity.members.keys().cloned().collect();
        for name in gone.iter().filter(|name| !running.members.contains_key(*name)) {
            self.record_member(name, None, since);
        }
        let mut all = Vec::new();
        for (name, member) in &running.members {
            let id = id_of(member, &restored.token);
            all.push(id);
            self.enter_member(name, Some(member.clone()), Listed::As(id), since);
        }
        self.identity.cluster_id = Some(ids::cluster_id(&all));
        self.identity.restored = Some(restored);
    }

    /// Returns the token from which the IDs of those who founded the cluster follow: that of a restore, where it was
    /// restored.
    pub fn founding_token<'a>(&'a self, token: &'a str) -> &'a str {
        self.identity.restored.as_ref().map_or(token, |restored| &restored.token)
    }

    /// Tells whether the last record of a member is that of a restore: nothing leads back behind it.
    pub fn is_restored(&self, name: &str) -> bool {
        let Some(restored) = &self.identity.restored else { return false };
        let record = self.recorded.members.get(name);
        let Some((what, id)) = record.and_then(|record| Some((record.what.as_ref()?, record.id?)))
        else {
            return false;
        };
        id.to == Some(id_of(what, &restored.token))
    }
}

/// What is recorded was proven: each of its URLs is one.
fn id_of(member: &RunningMember, token: &str) -> MemberId {
    let urls = member.peer_urls().into_iter().filter_map(|url| Url::parse(url).ok());
    ids::member_id(&urls.collect::<Vec<_>>(), token)
}
