//! A stream beside what is here.

use super::cluster::{BUILT, Cluster};
use crate::secrets::compare::{Plan, compare};
use crate::secrets::file::Files;
use crate::secrets::place::{Part, Place};
use bouquet_x509::{ParsedCertificate, Secret, pem};

fn root() -> Place {
    Place::Client("root".into())
}

/// Compares the stream of a cluster with what is here, by its own lock.
fn plan(cluster: &Cluster, here: &Files, replace: bool) -> Plan {
    compare(cluster.files.clone(), here, &cluster.lock, replace).unwrap()
}

fn refusal(cluster: &Cluster, here: &Files, replace: bool) -> Vec<String> {
    let error = compare(cluster.files.clone(), here, &cluster.lock, replace).unwrap_err();
    let notes = error.notes.into_iter().filter(|note| note != "nothing was written");
    [error.message].into_iter().chain(notes).collect()
}

const ONE: &str = "one thing here differs from what the stream holds";

#[test]
fn into_an_empty_folder_all_goes_and_into_a_full_one_nothing() {
    let cluster = Cluster::flowers();
    let new = plan(&cluster, &Files::new(), false);
    assert_eq!((new.keys, new.there, new.writes.len()), (6, 0, 14));
    let again = plan(&cluster, &cluster.files, false);
    assert_eq!((again.keys, again.there, again.writes.len()), (0, 6, 0));
}

#[test]
fn what_is_missing_of_a_pair_is_added() {
    let cluster = Cluster::flowers();
    for (path, keys) in [("clients/root/client.key", 1), ("clients/root/client.crt", 0)] {
        let mut here = Cluster::of("x");
        here.files = cluster.files.clone();
        here.remove(path);
        let plan = plan(&cluster, &here.files, false);
        assert_eq!(plan.writes.keys().collect::<Vec<_>>(), [path]);
        assert_eq!(plan.keys, keys);
    }
}

#[test]
fn the_locks_current_pair_here_stays_whatever_is_asked() {
    let mut cluster = Cluster::flowers();
    let older = cluster.files.clone();
    cluster.issue(root(), BUILT + 5);
    let newer = std::mem::replace(&mut cluster.files, older);
    let why = "`clients/root/client`: what is here is the lock's current one";
    for replace in [false, true] {
        let plan = plan(&cluster, &newer, replace);
        assert!(plan.writes.is_empty());
        assert_eq!(plan.said[0].notes, [why]);
    }
    // What is here is the current one of someone else.
    let mut here = Cluster::of("x");
    here.files = newer;
    cluster.issue(Place::Peer("pink".into()), BUILT + 6);
    here.put(root(), cluster.files[&Place::Peer("pink".into())].clone());
    cluster.files.retain(|place, _| *place == root());
    assert_eq!(refusal(&cluster, &here.files, false), [ONE, why]);
    assert!(plan(&cluster, &here.files, true).writes.is_empty());
}

#[test]
fn an_earlier_pair_here_gives_way_to_the_locks_current_one() {
    let mut cluster = Cluster::flowers();
    let earlier = cluster.files.clone();
    cluster.issue(root(), BUILT + 5);
    for replace in [false, true] {
        let plan = plan(&cluster, &earlier, replace);
        assert_eq!((plan.keys, plan.renewed, plan.there, plan.writes.len()), (1, 1, 5, 2));
        assert!(plan.said.is_empty());
    }
}

#[test]
fn a_pair_that_is_no_earlier_one_of_the_same_owner_is_replaced_only_where_that_was_asked() {
    let mut cluster = Cluster::flowers();
    let before = cluster.files.clone();
    cluster.issue(root(), BUILT + 5);
    // In the wrong place, it may be the only copy there is.
    let mut here = Cluster::of("x");
    here.files = before.clone();
    let pink = here.files[&Place::Peer("pink".into())].clone();
    here.put(root(), pink);
    let why = "`clients/root/client`: the stream's is the lock's current one";
    assert_eq!(refusal(&cluster, &here.files, false), [ONE, why]);
    let taken = plan(&cluster, &here.files, true);
    assert_eq!((taken.keys, taken.renewed), (1, 0));
    // The serial number of one is in the lock, and another certificate under it.
    here.files = before.clone();
    let serial = serial_of(&here.part("clients/root/client.crt"));
    let mut entry = cluster.lock.issued.get(&serial).unwrap().clone();
    let other = entry.facts.map(|facts| bouquet_lock::Facts { sha256: [7; 32], ..facts });
    entry.facts = other;
    cluster.lock.issued.enter(&serial, entry);
    assert_eq!(refusal(&cluster, &here.files, false), [ONE, why]);
    // Neither is the current one.
    let middle = cluster.files.clone();
    cluster.issue(root(), BUILT + 9);
    cluster.files = middle;
    let why = "`clients/root/client`: the stream's is newer by the lock";
    assert_eq!(refusal(&cluster, &before, false), [ONE, why]);
}

fn serial_of(file: &[u8]) -> String {
    let der = &pem::certificates(file).unwrap()[0];
    ParsedCertificate::parse(der).unwrap().serial()
}

#[test]
fn what_the_lock_does_not_know_and_what_is_no_pair_is_told() {
    let cluster = Cluster::flowers();
    let mut here = Cluster::of("x");
    here.issue(root(), BUILT);
    here.files.remove(&Place::Ca(1));
    let why = "`clients/root/client`: what is here is not in cluster.lock";
    assert_eq!(refusal(&cluster, &here.files, false), [ONE, why]);
    assert_eq!(plan(&cluster, &here.files, true).keys, 6);

    here.files = cluster.files.clone();
    let other = here.part("members/pink/certs/peer.key");
    here.set("clients/root/client.key", &other);
    here.set("members/orange/certs/server.key", b"damaged");
    here.remove("members/orange/certs/peer.crt");
    here.set("members/orange/certs/peer.key", &other);
    assert_eq!(
        refusal(&cluster, &here.files, false),
        [
            "3 things here differ from what the stream holds",
            "`members/orange/certs/server`: the key that is here does not fit its certificate",
            "`members/orange/certs/peer`: the key that is here has no certificate, and is another",
            "`clients/root/client`: the key that is here does not fit its certificate",
        ]
    );
    assert_eq!(plan(&cluster, &here.files, true).keys, 3);
}

#[test]
fn a_cas_key_is_never_replaced() {
    let cluster = Cluster::flowers();
    let message = "a CA's key is never replaced";
    for replace in [false, true] {
        let mut here = Cluster::of("x");
        let why = "`pki/ca.crt` here is another CA than cluster.lock's";
        assert_eq!(refusal(&cluster, &here.files, replace), [message, why]);
        here.remove("pki/ca.crt");
        let why = "`pki/ca.key` here is not the key of that CA";
        assert_eq!(refusal(&cluster, &here.files, replace), [message, why]);
    }
    // A stream has no say in the passphrase of a key here.
    let mut here = Cluster::of("x");
    here.files = cluster.files.clone();
    let key = Secret::from(here.part("pki/ca.key"));
    here.set("pki/ca.key", pem::encode("ENCRYPTED PRIVATE KEY", key.expose()).as_bytes());
    assert!(plan(&cluster, &here.files, true).writes.is_empty());
}

#[test]
fn another_certificate_of_the_same_ca_gives_way_and_its_key_stays() {
    let mut cluster = Cluster::of("flowers CA");
    let mut here = Cluster::of("x");
    here.files = cluster.files.clone();
    let key = Secret::from(here.part("pki/ca.key"));
    here.set("pki/ca.key", pem::encode("ENCRYPTED PRIVATE KEY", key.expose()).as_bytes());
    let renewed = cluster.renew_ca();
    cluster.set("pki/ca.crt", renewed.as_bytes());
    let why = "`pki/ca`: cluster.lock has another certificate of the same CA";
    assert_eq!(refusal(&cluster, &here.files, false), [ONE, why]);
    let taken =
        |here: &Cluster| plan(&cluster, &here.files, true).writes.into_keys().collect::<Vec<_>>();
    assert_eq!(taken(&here), ["pki/ca.crt"]);
    here.remove("pki/ca.key");
    assert_eq!(taken(&here), ["pki/ca.crt", "pki/ca.key"]);
}

#[test]
fn a_list_never_gives_way_to_one_that_revokes_less() {
    let mut cluster = Cluster::flowers();
    let place = Place::List("pink".into());
    let mut here = Cluster::of("x");
    // The same, signed by another CA at another time.
    here.revoke(place.clone(), &[7]);
    here.files.remove(&Place::Ca(1));
    assert!(
        !plan(&cluster, &here.files, false).writes.contains_key("members/pink/certs/revoked.crl")
    );

    cluster.revoke(place.clone(), &[7, 8]);
    let why = "`members/pink/certs/revoked`: the stream's list revokes more";
    assert_eq!(refusal(&cluster, &here.files, false), [ONE, why]);
    assert!(
        plan(&cluster, &here.files, true).writes.contains_key("members/pink/certs/revoked.crl")
    );

    here.revoke(place, &[9]);
    let why =
        "`members/pink/certs/revoked`: the list that is here revokes what the stream's does not";
    assert_eq!(refusal(&cluster, &here.files, false), [ONE, why]);
    let plan = plan(&cluster, &here.files, true);
    assert!(!plan.writes.contains_key("members/pink/certs/revoked.crl"));
    assert_eq!(plan.said[0].notes, [why]);
}

#[test]
fn a_request_that_is_pending_here_is_not_lost_in_silence() {
    let mut cluster = Cluster::of("flowers CA");
    cluster.request("pink-server");
    let new = plan(&cluster, &Files::new(), false);
    assert_eq!(new.writes.len(), 4);
    let again = plan(&cluster, &cluster.files, false);
    assert!(again.writes.is_empty() && again.said.is_empty());
    // Anyone who can seal a stream can have a key of theirs signed for pink.
    let said = "a request came with its key, of which cluster.lock knows nothing: anyone can have made that";
    assert_eq!(
        (new.said[0].message.as_str(), new.said[0].notes.as_slice()),
        (said, &["`pki/requests/pink-server`".to_owned()][..])
    );
    let mut here = Cluster::of("x");
    here.request("pink-server");
    here.files.remove(&Place::Ca(1));
    let why = "`pki/requests/pink-server`: another request is pending here";
    assert_eq!(refusal(&cluster, &here.files, false), [ONE, why]);
    let replaced = plan(&cluster, &here.files, true);
    assert_eq!((replaced.writes.len(), replaced.said[0].message.as_str()), (4, said));
    // It was answered and taken in.
    let key = cluster.part("pki/requests/pink-server.key");
    here.files = cluster.files.clone();
    here.files.remove(&Place::Request("pink-server".into()));
    here.set("members/pink/certs/server.key", &key);
    assert!(plan(&cluster, &here.files, false).writes.is_empty());
    // An answer came meanwhile.
    here.files = cluster.files.clone();
    cluster.set("pki/requests/pink-server.crt", b"answer");
    let found = plan(&cluster, &here.files, false);
    assert_eq!(found.writes.keys().collect::<Vec<_>>(), ["pki/requests/pink-server.crt"]);
    here.set("pki/requests/pink-server.crt", b"another");
    let why = "`pki/requests/pink-server`: another answer is here";
    assert_eq!(refusal(&cluster, &here.files, false), [ONE, why]);
    assert_eq!(Part::Certificate, found.writes["pki/requests/pink-server.crt"].0);
}
