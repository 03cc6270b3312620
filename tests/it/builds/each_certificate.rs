//! What a build may do about each certificate: by what is here of it, and what the lock tells.

use crate::support::cluster::{Cluster, SPEC, said};
use crate::support::offsite::{SIGN, requests, signed};
use crate::support::programs::shell;
use bouquet_build::Asked;
use std::fs;
use std::time::{Duration, SystemTime};

const ROOT: &str = "name = \"root\"";

/// Two states of one client: the lock has both certificates, and which one is in place is for the test to
/// say. Returns the folders in which each of them is kept.
fn twice(spec: &str) -> Cluster {
    let cluster = Cluster::built(spec.replace(ROOT, "name = \"root\"\ngeneration = 1"));
    shell("cp -a out/clients/root target/older", cluster.folder.path());
    cluster.write(spec.replace(ROOT, "name = \"root\"\ngeneration = 2"));
    cluster.succeeds();
    shell("cp -a out/clients/root target/later", cluster.folder.path());
    cluster
}

/// Issued twice for one generation: by two people, as far as anyone can tell.
fn by_two() -> Cluster {
    let cluster = Cluster::built(SPEC);
    shell("mv out/clients/root target/older", cluster.folder.path());
    cluster.succeeds();
    shell("cp -a out/clients/root target/later", cluster.folder.path());
    cluster
}

fn put(cluster: &Cluster, which: &str) {
    shell(
        &format!("rm -rf out/clients/root; cp -a target/{which} out/clients/root"),
        cluster.folder.path(),
    );
}

fn serial(cluster: &Cluster, certificate: &str) -> String {
    let script =
        format!("openssl x509 -noout -serial -in {certificate} | cut -d= -f2 | tr A-F a-f");
    shell(&script, cluster.folder.path()).trim().trim_start_matches("00").to_owned()
}

fn in_place(cluster: &Cluster) -> String {
    serial(cluster, "out/clients/root/client.crt")
}

/// Whether the program is compiled with the facts of that certificate as those of the client.
fn compiles(cluster: &Cluster, serial: &str) -> bool {
    cluster.read("target/cluster.rs").contains(serial)
}

const OLDER: &str =
    "is older than cluster.lock: of `clients/root/client` there is a later certificate elsewhere";

#[test]
fn a_certificate_that_is_here_is_kept() {
    let cluster = by_two();
    let later = serial(&cluster, "target/later/client.crt");
    assert_eq!(cluster.succeeds(), "");
    assert_eq!(in_place(&cluster), later);
}

#[test]
fn an_earlier_one_that_is_valid_is_kept_and_the_later_one_compiled() {
    let cluster = by_two();
    let (older, later) =
        (serial(&cluster, "target/older/client.crt"), serial(&cluster, "target/later/client.crt"));
    put(&cluster, "older");
    let lock = cluster.lock();
    for _ in 0..2 {
        let said = cluster.succeeds();
        assert!(said.contains(OLDER), "{said}");
        assert!(!said.contains("reissued /") && said.contains(": 1 warning"), "{said}");
        assert_eq!(in_place(&cluster), older);
        assert!(compiles(&cluster, &later) && !compiles(&cluster, &older));
        assert_eq!(cluster.lock(), lock);
    }
    put(&cluster, "later");
    assert_eq!(cluster.succeeds(), "");
    assert_eq!(in_place(&cluster), later);
}

#[test]
fn an_earlier_one_is_kept_where_what_changed_was_issued_elsewhere() {
    for change in ["generation = 2", "common-name = false"] {
        let cluster = Cluster::built(SPEC);
        shell("cp -a out/clients/root target/older", cluster.folder.path());
        cluster.write(SPEC.replace(ROOT, &format!("{ROOT}\n{change}")));
        cluster.succeeds();
        let (older, later) = (serial(&cluster, "target/older/client.crt"), in_place(&cluster));
        put(&cluster, "older");
        let said = cluster.succeeds();
        assert!(said.contains(OLDER), "{change}: {said}");
        assert_eq!(in_place(&cluster), older, "{change}");
        assert!(compiles(&cluster, &later), "{change}");
    }
}

#[test]
fn a_wish_of_one_s_own_is_issued_although_a_later_one_is_elsewhere() {
    let cluster = twice(SPEC);
    put(&cluster, "older");
    cluster.write(SPEC.replace(ROOT, "name = \"root\"\ngeneration = 3"));
    let said = cluster.succeeds();
    assert!(said.contains("reissued") && said.contains("generation changed from 1 to 3"), "{said}");
    assert!(compiles(&cluster, &in_place(&cluster)));
    assert_eq!(cluster.succeeds(), "");
}

#[test]
fn what_is_due_is_issued_whichever_is_here() {
    let cluster = by_two();
    put(&cluster, "older");
    let later = SystemTime::now() + Duration::from_secs(350 * 24 * 60 * 60);
    let built = cluster.build_as(Asked::default(), later);
    let said = said(&built);
    assert!(said.contains("reissued") && !said.contains("is older than cluster.lock"), "{said}");
    assert!(compiles(&cluster, &in_place(&cluster)));
}

#[test]
fn none_here_is_issued_where_the_ca_s_key_is() {
    let cluster = by_two();
    let later = serial(&cluster, "target/later/client.crt");
    fs::remove_dir_all(cluster.path("out/clients")).unwrap();
    cluster.succeeds();
    assert_ne!(in_place(&cluster), later);
    assert!(compiles(&cluster, &in_place(&cluster)), "it began last");
    assert_eq!(cluster.succeeds(), "");
}

#[test]
fn none_here_without_the_ca_s_key_is_compiled_from_the_lock() {
    let cluster = by_two();
    let later = serial(&cluster, "target/later/client.crt");
    fs::remove_dir_all(cluster.path("out/clients")).unwrap();
    fs::remove_file(cluster.path("out/pki/ca.key")).unwrap();
    let lock = cluster.lock();
    let said = cluster.succeeds();
    assert!(
        said.contains("`clients/root/client` is not here, and neither is the CA's key"),
        "{said}"
    );
    assert!(compiles(&cluster, &later));
    assert_eq!(cluster.lock(), lock);
    assert!(!cluster.path("out/clients/root/client.crt").exists());
    // What the lock does not have cannot be compiled from it.
    cluster.write(format!("{SPEC}\n[[client]]\nname = \"tulip\"\n"));
    let said = cluster.fails();
    assert!(said.contains("clients/tulip/client"), "{said}");
    // An earlier one is here and valid.
    cluster.write(SPEC);
    shell("mkdir -p out/clients", cluster.folder.path());
    put(&cluster, "older");
    let said = cluster.succeeds();
    assert!(said.contains(OLDER), "{said}");
    assert!(compiles(&cluster, &later));
}

#[test]
fn none_here_is_no_word_on_the_ca_s_key_where_nothing_is_to_be_issued() {
    let cluster = by_two();
    fs::remove_dir_all(cluster.path("out/clients")).unwrap();
    let asked = Asked { locked: true, ..Asked::default() };
    let said = said(&cluster.build_as(asked, SystemTime::now()));
    assert!(
        said.contains("`clients/root/client` is not here, and `BOUQUET_LOCKED=1` is set"),
        "{said}"
    );
}

#[test]
fn none_here_is_asked_for_once_where_the_ca_is_external() {
    let cluster = signed(SPEC);
    let last = in_place(&cluster);
    assert!(compiles(&cluster, &last));
    fs::remove_dir_all(cluster.path("out/clients")).unwrap();
    let said = cluster.succeeds();
    assert!(said.contains("root-client.csr` waits for the signature"), "{said}");
    assert!(said.contains("cluster.lock tells of is not here; it ends on"), "{said}");
    assert!(
        said.contains("before anything is signed, look for those that another clone has"),
        "{said}"
    );
    assert_eq!(requests(&cluster), ["root-client.csr", "root-client.key"]);
    assert!(compiles(&cluster, &last), "it goes on elsewhere until then");
    let key = cluster.read("out/pki/requests/root-client.key");
    cluster.succeeds();
    assert!(cluster.read("out/pki/requests/root-client.key") == key, "it is asked for twice");
    shell(SIGN, cluster.folder.path());
    cluster.succeeds();
    let new = in_place(&cluster);
    assert!(new != last && compiles(&cluster, &new));
    assert_eq!(requests(&cluster), [""; 0]);
    assert_eq!(cluster.lock().matches("owner = \"root\"").count(), 2);
}

#[test]
fn what_is_revoked_is_issued_again_whoever_has_it() {
    let cluster = by_two();
    let (older, later) =
        (serial(&cluster, "target/older/client.crt"), serial(&cluster, "target/later/client.crt"));
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let today = bouquet_model::time::Date(i64::try_from(since).unwrap());
    let spec = |serials: &[&String]| {
        let revoked = |serial: &&String| {
            format!("\n[[revoked]]\nserial = \"{serial}\"\ndate = \"{today}\"\n")
        };
        format!("{SPEC}\n[ca]\ncrl = true\n") + &serials.iter().map(revoked).collect::<String>()
    };
    // The later one, which is elsewhere: the one that is here goes on, and is the current one.
    put(&cluster, "older");
    cluster.write(spec(&[&later]));
    let said = cluster.succeeds();
    assert!(!said.contains("reissued") && !said.contains("is older than"), "{said}");
    assert_eq!(in_place(&cluster), older);
    assert!(compiles(&cluster, &older) && !compiles(&cluster, &later));
    let module = cluster.read("target/cluster.rs");
    // A clone compiles the same, and is asked for no more.
    fs::rename(cluster.path("out"), cluster.path("target/out")).unwrap();
    let said = cluster.succeeds();
    assert!(!said.contains("cluster.lock has not"), "{said}");
    assert!(cluster.read("target/cluster.rs") == module, "another program: {said}");
    fs::rename(cluster.path("target/out"), cluster.path("out")).unwrap();
    let locked = Asked { locked: true, ..Asked::default() };
    let built = cluster.build_as(locked, SystemTime::now());
    assert!(built.report.is_some(), "{}", crate::support::cluster::said(&built));
    // Both.
    cluster.write(spec(&[&older, &later]));
    let said = cluster.succeeds();
    assert!(said.contains("reissued") && said.contains("revoked"), "{said}");
    let new = in_place(&cluster);
    assert!(new != older && new != later && compiles(&cluster, &new));
    cluster.succeeds();
    assert_eq!(in_place(&cluster), new);
}

/// The lock does not tell of which kind a key is.
#[test]
fn another_kind_of_key_is_issued_once() {
    let cluster = Cluster::built(SPEC);
    cluster.write(format!("{SPEC}\n[tls]\nkey = \"ed25519\"\n"));
    let said = cluster.succeeds();
    assert!(said.contains("key kind changed from ecdsa-p256 to ed25519"), "{said}");
    let new = in_place(&cluster);
    assert_eq!(cluster.succeeds(), "");
    assert_eq!(in_place(&cluster), new);
}

#[test]
fn another_layout_keeps_what_says_the_same() {
    let cluster = Cluster::built(SPEC);
    let server = serial(&cluster, "out/members/pink/certs/server.crt");
    let peer = serial(&cluster, "out/members/pink/certs/peer.crt");
    let lock = cluster.lock();
    cluster.write(format!("{SPEC}\n[tls]\nlayout = \"combined\"\n"));
    let said = cluster.succeeds();
    assert!(!said.contains("reissued"), "{said}");
    assert_eq!(serial(&cluster, "out/members/pink/certs/server.crt"), server);
    let combined = cluster.lock();
    assert!(combined.contains("kind = \"server+peer\", owner = \"pink\""), "{combined}");
    // A lock from before is put right, and no certificate is reissued.
    fs::write(cluster.path("cluster.lock"), &lock).unwrap();
    assert!(!cluster.succeeds().contains("reissued"));
    assert_eq!(cluster.lock(), combined);
    cluster.write(SPEC);
    let said = cluster.succeeds();
    assert!(!said.contains("reissued"), "{said}");
    assert_eq!(serial(&cluster, "out/members/pink/certs/server.crt"), server);
    assert_eq!(serial(&cluster, "out/members/pink/certs/peer.crt"), peer);
    assert_eq!(cluster.lock(), lock);
    cluster.write(format!("{SPEC}\n[tls]\nlayout = \"shared\"\n"));
    cluster.succeeds();
    let said = cluster.succeeds();
    assert!(!said.contains("issued") && !said.contains("cluster.lock"), "{said}");
}
