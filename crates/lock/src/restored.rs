//! All members were restored from one snapshot, or one of them was, and is the cluster.

use crate::identity::Restored;
use crate::ids;
use crate::lock::Lock;
use crate::recording::Listed;
use bouquet_model::cluster::{ClusterId, MemberId};
use bouquet_model::running::{Running, RunningMember};
use bouquet_model::url::Url;
use std::collections::BTreeSet;

impl Lock {
    /// Returns what a restore is to bring back: the members as they are recorded to run, or as they are compiled where
    /// none is recorded.
    pub fn restorable(&self, compiled: &Running) -> Running {
        let recorded = self.recorded.running();
        if recorded.members.is_empty() { compiled.clone() } else { recorded }
    }

    /// Records that the members were restored, all of them from one snapshot, from that second on. The cluster has
    /// another ID then, and so has each member; what else is recorded of them stays, as a restore brings data alone.
    pub fn restore(&mut self, restored: Restored, compiled: &Running, since: i64) {
        let running = self.restorable(compiled);
        self.identity.cluster_id = Some(Restored::cluster_id(&running, &restored.token));
        for (name, member) in running.members {
            let id = id_of(&member, &restored.token);
            self.enter_member(&name, Some(member), Listed::As(id), since);
        }
        self.identity.restored = Some(restored);
    }

    /// Records that this member was restored with that token, and is all of a new cluster: the others are none of its, and
    /// are recorded as gone. It runs with what is compiled, which was brought to its node with the data.
    pub fn restore_sole(
        &mut self,
        restored: Restored,
        (name, is): (&str, RunningMember),
        since: i64,
    ) {
        let id = id_of(&is, &restored.token);
        self.identity.cluster_id = Some(ids::cluster_id(&[id]));
        let known = self.recorded.members.keys().chain(self.identity.members.keys());
        let others: BTreeSet<String> = known.filter(|other| *other != name).cloned().collect();
        for other in &others {
            self.enter_member(other, None, Listed::No, since);
        }
        self.enter_member(name, Some(is), Listed::As(id), since);
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

impl Restored {
    /// Returns the ID of one of those members after it.
    pub fn member_id(running: &Running, name: &str, token: &str) -> Option<MemberId> {
        running.members.get(name).map(|member| id_of(member, token))
    }

    /// Returns the ID of the cluster that those members are after a restore with such a token.
    pub fn cluster_id(running: &Running, token: &str) -> ClusterId {
        let ids = running.members.values().map(|member| id_of(member, token));
        ids::cluster_id(&ids.collect::<Vec<_>>())
    }
}

/// Returns a member's ID. What is recorded was proven: each of its URLs is one.
fn id_of(member: &RunningMember, token: &str) -> MemberId {
    let urls = member.peer_urls().into_iter().filter_map(|url| Url::parse(url).ok());
    ids::member_id(&urls.collect::<Vec<_>>(), token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read;
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
            unit: BTreeMap::new(),
            digest: Digest([0; 32]),
        }
    }

    /// Returns a cluster of a and b, at these URLs.
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

    fn restored(byte: u8, now: i64) -> Restored {
        let sha256 = [byte; 32];
        Restored::of("flowers", sha256, 5, &Restored::token_of("flowers", &sha256, now)).unwrap()
    }

    #[test]
    fn a_token_tells_of_which_file_and_of_when_a_restore_is() {
        let token = Restored::token_of("flowers", &[0xab; 32], 1_795_873_610);
        assert_eq!(token, "flowers.abababab.20261128T134650Z");
        let of = |token: &str, byte| Restored::of("flowers", [byte; 32], 5, token);
        assert_eq!(of(&token, 0xab).unwrap().token, token);
        assert_eq!(of(&token, 0xac), None);
        for other in
            ["flowers.abababab", "flowers.abababab.", "trees.abababab.20261128T134650Z", ""]
        {
            assert_eq!(of(other, 0xab), None, "{other}");
        }
    }

    #[test]
    fn ids_follow_from_the_token_of_the_restore_and_are_kept_in_the_text() {
        let restored = restored(0xab, 0);
        let token = restored.token.clone();
        let mut lock = lock();
        lock.restore(restored, &running(), 20);
        let url = |text: &str| Url::parse(text).unwrap();
        let ids = ["https://10.0.0.1:2380", "https://10.0.0.2:2380"]
            .map(|text| ids::member_id(&[url(text)], &token));
        assert_eq!([lock.id("a"), lock.id("b")], ids.map(Some));
        assert_eq!(lock.identity.cluster_id, Some(ids::cluster_id(&ids)));
        assert_eq!(lock.identity.token, "flowers", "cluster.toml's stays");
        assert_eq!(lock.founding_token("flowers"), token);
        assert!(lock.is_restored("a") && !lock.is_restored("c"));
        assert_eq!(read(lock.text().as_bytes()), Ok(lock.clone()));
        let broken = lock.text().replace("revision = 5", "revision = 5, more = 1");
        assert!(read(broken.as_bytes()).is_err());
    }

    #[test]
    fn each_restore_changes_all_ids_and_one_that_is_recorded_twice_none() {
        let mut lock = lock();
        lock.restore(restored(1, 60), &running(), 20);
        let (first, id) = (lock.identity.clone(), lock.id("a"));
        lock.restore(restored(1, 60), &running(), 30);
        assert_eq!(lock.identity, first);
        for other in [restored(2, 60), restored(1, 61)] {
            lock.restore(other, &running(), 40);
            assert_ne!((lock.identity.cluster_id, lock.id("a")), (first.cluster_id, id));
        }
    }

    #[test]
    fn a_sole_member_is_all_of_its_cluster_and_the_others_are_gone() {
        let mut lock = lock();
        let restored = restored(1, 60);
        let (token, mut is) = (restored.token.clone(), member("https://10.0.0.1:2380"));
        is.options.insert("quota-backend-bytes".to_owned(), "4294967296".to_owned());
        lock.restore_sole(restored, ("a", is.clone()), 20);
        let id = ids::member_id(&[Url::parse("https://10.0.0.1:2380").unwrap()], &token);
        assert_eq!((lock.id("a"), lock.id("b")), (Some(id), None));
        assert_eq!(lock.identity.cluster_id, Some(ids::cluster_id(&[id])));
        let running = lock.recorded.running();
        assert_eq!(running.members, BTreeMap::from([("a".to_owned(), is)]));
        assert!(lock.is_restored("a") && lock.unrecorded_founders().is_empty());
        assert_eq!(read(lock.text().as_bytes()), Ok(lock.clone()));
        // Another one that is added has an ID that etcd makes.
        lock.record_member("b", Some(member("https://10.0.0.2:2380")), 30);
        assert_eq!(lock.id("b"), None);
    }

    /// Units stay as they were, and so does what is compiled and not rolled out.
    #[test]
    fn what_is_recorded_of_members_stays_but_for_their_ids() {
        let mut compiled = running();
        compiled.members.remove("b");
        compiled.members.insert("c".to_owned(), member("https://10.0.0.3:2380"));
        let mut changed = member("https://10.0.0.1:2380");
        changed.options.insert("data-dir".to_owned(), "/new".to_owned());
        compiled.members.insert("a".to_owned(), changed);
        let mut lock = lock();
        let before = lock.recorded.running();
        lock.restore(restored(1, 0), &compiled, 20);
        assert_eq!(lock.recorded.running(), before);
        assert!(lock.id("b").is_some() && lock.id("c").is_none());

        let mut fresh = Lock::default();
        fresh.identity.token = "flowers".to_owned();
        fresh.restore(restored(1, 0), &compiled, 20);
        assert_eq!(fresh.recorded.running().members, compiled.members);
    }
}
