//! A stream beside cluster.lock.

use super::cluster::{BUILT, Cluster, DAY};
use crate::secrets::place::{Part, Place};
use crate::secrets::verify::{Verified, verify};
use bouquet_lock::Lock;
use bouquet_model::certificate::Kind;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::{Secret, pem};

const NOW: i64 = BUILT + DAY;

fn refused(cluster: &Cluster, lock: &Lock) -> Diagnostic {
    verify(cluster.files.clone(), lock, NOW).expect_err("it is refused")
}

fn said(cluster: &Cluster, lock: &Lock) -> String {
    let error = refused(cluster, lock);
    let help = error.help.join("; ");
    let notes: Vec<_> = error.notes.iter().filter(|note| *note != "nothing was written").collect();
    assert!(notes.is_empty() && !help.is_empty(), "{error:?}");
    format!("{}: {help}", error.message)
}

const NEWER: &str = "the stream is newer than cluster.lock: `git pull` first";
const OTHER: &str = "import it in the package of its own cluster";
const AGAIN: &str = "export again where these files come from";

#[test]
fn what_the_lock_knows_is_taken() {
    let mut cluster = Cluster::flowers();
    cluster.request("pink-server");
    cluster.revoke(Place::SignedList, &[1, 2]);
    let Verified { files, said } = verify(cluster.files.clone(), &cluster.lock, NOW).unwrap();
    assert_eq!(files, cluster.files);
    assert!(said.is_empty());
}

#[test]
fn another_clusters_stream_is_refused_as_a_whole() {
    let (cluster, other) = (Cluster::flowers(), Cluster::flowers());
    let error = refused(&other, &cluster.lock);
    assert_eq!(error.message, "8 parts of the stream are refused");
    assert_eq!(error.help, [OTHER]);
    // One by one.
    for place in other.files.keys() {
        let mut one = Cluster::of("x");
        one.files = [(place.clone(), other.files[place].clone())].into();
        assert!(said(&one, &cluster.lock).ends_with(OTHER), "{place:?}");
    }
}

#[test]
fn what_is_newer_than_the_lock_is_told_as_that() {
    let mut cluster = Cluster::flowers();
    let lock = cluster.lock.clone();
    cluster.issue(Place::Client("root".into()), BUILT + 5);
    assert_eq!(
        said(&cluster, &lock),
        format!("`clients/root/client.crt` is not in cluster.lock: {NEWER}")
    );
    let mut cluster = Cluster::flowers();
    cluster.revoke(Place::List("daffodil".into()), &[1]);
    assert_eq!(
        said(&cluster, &cluster.lock),
        format!(
            "`members/daffodil/certs/revoked.crl`: cluster.lock has no member `daffodil`: {NEWER}"
        )
    );
    let mut cluster = Cluster::flowers();
    let second = Cluster::of("CA 2").files.remove(&Place::Ca(1)).unwrap();
    cluster.put(Place::Ca(2), second);
    assert_eq!(
        said(&cluster, &cluster.lock),
        format!("`pki/ca-2.crt`: cluster.lock has no CA 2: {NEWER}")
    );
}

#[test]
fn what_expired_and_was_forgotten_is_passed_over_with_a_word() {
    let mut cluster = Cluster::flowers();
    let (pair, _) = cluster.signed(Kind::Client, "old", BUILT - 400 * DAY);
    cluster.put(Place::Client("old".into()), pair);
    let Verified { files, said } = verify(cluster.files.clone(), &cluster.lock, NOW).unwrap();
    assert_eq!(files.len(), cluster.files.len() - 1);
    assert_eq!(said[0].notes, ["`clients/old/client.crt`"]);
    // Of another cluster it is no such thing.
    let (pair, _) = Cluster::of("x").signed(Kind::Client, "old", BUILT - 400 * DAY);
    cluster.put(Place::Client("old".into()), pair);
    assert!(self::said(&cluster, &cluster.lock).ends_with(OTHER));
}

#[test]
fn a_certificate_at_anothers_place_is_refused() {
    let mut cluster = Cluster::flowers();
    for (from, to) in [
        (Place::Server("pink".into()), Place::Server("orange".into())),
        (Place::Peer("orange".into()), Place::Server("orange".into())),
        (Place::Client("root".into()), Place::Peer("pink".into())),
        (Place::Server("orange".into()), Place::Client("root".into())),
    ] {
        let before = cluster.files.clone();
        cluster.put(to.clone(), before[&from].clone());
        let path = to.path(Part::Certificate);
        assert_eq!(
            said(&cluster, &cluster.lock),
            format!("`{path}` was not issued for that place: {AGAIN}")
        );
        cluster.files = before;
    }
}

#[test]
fn a_certificate_that_all_members_share_is_at_home_with_each() {
    let mut cluster = Cluster::of("flowers CA");
    let (pair, der) = cluster.signed(Kind::ServerAndPeer, "orange", BUILT);
    let facts = bouquet_x509::ParsedCertificate::parse(&der).unwrap();
    let facts = facts.facts(Kind::ServerAndPeer, None);
    cluster.lock.issued.enter(&facts.serial.clone(), bouquet_lock::Entry::of(&facts, 1, 1));
    for name in ["orange", "pink"] {
        cluster.put(Place::Server(name.into()), pair.clone());
    }
    assert_eq!(verify(cluster.files.clone(), &cluster.lock, NOW).unwrap().files.len(), 3);
    cluster.put(Place::Peer("pink".into()), pair);
    assert!(said(&cluster, &cluster.lock).contains("was not issued for that place"));
}

#[test]
fn half_pairs_and_keys_that_do_not_fit_are_refused() {
    type Change<'a> = &'a dyn Fn(&mut Cluster);
    let said_after = |change: &dyn Fn(&mut Cluster)| {
        let mut cluster = Cluster::flowers();
        cluster.request("pink-server");
        change(&mut cluster);
        said(&cluster, &cluster.lock)
    };
    let swap = |cluster: &mut Cluster, path: &str| {
        let other = cluster.part("members/pink/certs/peer.key");
        cluster.set(path, &other);
    };
    let cases: [(Change<'_>, &str); 11] = [
        (&|c| c.remove("pki/ca.key"), "`pki/ca.crt` comes without its key"),
        (&|c| c.remove("pki/ca.crt"), "`pki/ca.key` comes without its certificate"),
        (
            &|c| c.remove("clients/root/client.key"),
            "`clients/root/client.crt` comes without its key",
        ),
        (&|c| swap(c, "pki/ca.key"), "`pki/ca.key` is not the key of `pki/ca.crt`"),
        (
            &|c| swap(c, "clients/root/client.key"),
            "`clients/root/client.key` is not the key of `clients/root/client.crt`",
        ),
        (&|c| c.set("clients/root/client.key", b"x"), "`clients/root/client.key` holds no key"),
        (
            &|c| swap(c, "pki/requests/pink-server.key"),
            "`pki/requests/pink-server.key` is not the key of the request beside it",
        ),
        (
            &|c| c.remove("pki/requests/pink-server.key"),
            "`pki/requests/pink-server.key` is missing beside its request",
        ),
        (
            &|c| c.remove("pki/requests/pink-server.csr"),
            "`pki/requests/pink-server.key` comes without its request",
        ),
        (
            &|c| c.set("members/pink/certs/revoked.crl", b"x"),
            "`members/pink/certs/revoked.crl` is no list of revoked certificates",
        ),
        // A file that everybody may read holds no key.
        (
            &|c| {
                let both = [c.part("clients/root/client.crt"), c.part("clients/root/client.key")];
                c.set("clients/root/client.crt", &both.concat());
            },
            "`clients/root/client.crt` holds a private key instead of a certificate",
        ),
    ];
    for (change, message) in cases {
        assert_eq!(said_after(change), format!("{message}: {AGAIN}"));
    }
}

#[test]
fn a_key_under_a_passphrase_is_a_cas_alone() {
    let mut cluster = Cluster::flowers();
    let key = Secret::from(cluster.part("pki/ca.key"));
    let encrypted = pem::encode("ENCRYPTED PRIVATE KEY", key.expose());
    cluster.set("pki/ca.key", encrypted.as_bytes());
    assert!(verify(cluster.files.clone(), &cluster.lock, NOW).is_ok());
    cluster.set("clients/root/client.key", encrypted.as_bytes());
    let message = "`clients/root/client.key` is encrypted";
    assert_eq!(said(&cluster, &cluster.lock), format!("{message}: {AGAIN}"));
}

#[test]
fn an_answer_is_for_its_own_request_and_by_a_ca_of_the_lock() {
    let mut cluster = Cluster::flowers();
    let (mut pair, _) = cluster.signed(Kind::Server, "pink", BUILT);
    let answer = pair.remove(&Part::Certificate).unwrap();
    cluster.put(
        Place::Request("pink-server".into()),
        [(Part::Certificate, answer), (Part::Key, pair.remove(&Part::Key).unwrap())].into(),
    );
    assert!(verify(cluster.files.clone(), &cluster.lock, NOW).is_ok());
    let (foreign, _) = Cluster::of("x").signed(Kind::Server, "pink", BUILT);
    cluster.put(Place::Request("pink-server".into()), foreign);
    let message = "`pki/requests/pink-server.crt` is another cluster's";
    assert_eq!(said(&cluster, &cluster.lock), format!("{message}: {OTHER}"));
}

#[test]
fn a_ca_whose_certificate_was_renewed_gets_the_one_of_the_lock() {
    let mut cluster = Cluster::flowers();
    let renewed = cluster.renew_ca();
    let Verified { files, said } = verify(cluster.files.clone(), &cluster.lock, NOW).unwrap();
    assert!(said[0].message.starts_with("`pki/ca.crt` is as cluster.lock has it"));
    assert_eq!(files[&Place::Ca(1)][&Part::Certificate].expose(), renewed.as_bytes());
}

#[test]
fn no_key_is_in_any_message() {
    let mut cluster = Cluster::flowers();
    let marked = "-----BEGIN PRIVATE KEY-----\nTOPSECRET\n-----END PRIVATE KEY-----\n";
    for path in ["pki/ca.key", "clients/root/client.key", "clients/root/client.crt"] {
        cluster.set(path, marked.as_bytes());
    }
    let error = refused(&cluster, &cluster.lock);
    assert!(!format!("{error:?}").contains("TOPSECRET"));
    let all =
        format!("{:?} {:?}", cluster.files, verify(Cluster::flowers().files, &cluster.lock, NOW));
    assert!(!all.contains("TOPSECRET") && !all.contains("PRIVATE KEY"), "{all}");
}
