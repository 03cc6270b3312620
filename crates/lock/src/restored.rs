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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read;
    use bouquet_model::cluster::ClusterId;
    use bouquet_model::digest::Digest;
    use bouquet_model::version::EtcdVersion;
    use std::collections::BTreeMap;

    fn member(url: &str) -> RunningMember {
        let options = [("initial-advertise-peer-urls".to_owned(), url.to_owned())];
        RunningMember {
            version: EtcdVersion::parse("3.6").unwrap(),
            options: options.into(),
            clients: None,
            peers: None,
            certificates: BTreeMap::new(),
            crl: None,
            digest: Digest([0; 32]),
        }
    }

    /// A cluster of a and b, at these URLs.
    fn running() -> Running {
        let urls = [("a", "https://10.0.0.1:2380"), ("b", "https://10.0.0.2:2380")];
        let members = urls.map(|(name, url)| (name.to_owned(), member(url)));
        Running { members: members.into(), ..Running::default() }
    }

    fn lock() -> Lock {
        let mut lock = Lock::default();
        lock.identity.token = "flowers".to_owned();
        lock.identity.cluster_id = Some(ClusterId(7));
        for (name, is) in running().members {
            lock.identity.members.insert(name.clone(), Some(MemberId(1)));
            lock.record_member(&name, Some(is), 10);
        }
        lock
    }

    #[test]
    fn ids_follow_from_the_token_of_the_restore_and_are_kept_in_the_text() {
        let restored = Restored::of("flowers", [0xab; 32], 81204);
        assert_eq!(restored.token, "flowers.abababab");
        let mut lock = lock();
        lock.restore(restored.clone(), &running(), 20);
        let url = |text: &str| Url::parse(text).unwrap();
        let ids = ["https://10.0.0.1:2380", "https://10.0.0.2:2380"]
            .map(|text| ids::member_id(&[url(text)], "flowers.abababab"));
        assert_eq!([lock.id("a"), lock.id("b")], ids.map(Some));
        assert_eq!(lock.identity.cluster_id, Some(ids::cluster_id(&ids)));
        assert_eq!(lock.identity.token, "flowers", "cluster.toml's stays");
        assert_eq!(lock.founding_token("flowers"), "flowers.abababab");
        assert!(lock.is_restored("a") && !lock.is_restored("c"));
        assert_eq!(read(lock.text().as_bytes()), Ok(lock.clone()));
        let broken = lock.text().replace("revision = 81204", "revision = 81204, more = 1");
        assert!(read(broken.as_bytes()).is_err());
    }

    #[test]
    fn the_same_restore_again_changes_no_id_and_one_of_another_snapshot_changes_all() {
        let mut lock = lock();
        lock.restore(Restored::of("flowers", [1; 32], 5), &running(), 20);
        let (first, id) = (lock.identity.clone(), lock.id("a"));
        lock.restore(Restored::of("flowers", [1; 32], 5), &running(), 30);
        assert_eq!(lock.identity, first);
        lock.restore(Restored::of("flowers", [2; 32], 5), &running(), 40);
        assert_ne!((lock.identity.cluster_id, lock.id("a")), (first.cluster_id, id));
    }

    #[test]
    fn one_that_is_gone_meanwhile_is_recorded_as_gone() {
        let mut lock = lock();
        let mut left = running();
        left.members.remove("b");
        lock.restore(Restored::of("flowers", [1; 32], 5), &left, 20);
        assert!(!lock.recorded.runs("b") && lock.id("b").is_none());
        assert!(lock.recorded.runs("a"));
    }
}
