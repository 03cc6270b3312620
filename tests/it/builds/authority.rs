//! A CA that is lost, damaged or another one: none is ever made where one was expected.

use crate::support::cluster::{Cluster, SPEC, with_clients};
use crate::support::programs::{shell, verify};
use crate::support::snapshot::{difference, snapshot};
use std::fs;

#[test]
fn lost_certificate_of_the_authority_is_put_back_from_the_lock() {
    let cluster = Cluster::built(SPEC);
    let (ca, path) = (cluster.ca(), cluster.path("out/pki/ca.crt"));
    for loss in [None, Some(""), Some("\n")] {
        match loss {
            None => fs::remove_file(&path).unwrap(),
            Some(text) => fs::write(&path, text).unwrap(),
        }
        let said = cluster.succeeds();
        assert!(said.contains("ca.crt` was gone, and was put back from cluster.lock on"), "{said}");
        assert_eq!(cluster.ca(), ca);
        assert_eq!(cluster.succeeds(), "");
    }
}

#[test]
fn lost_certificate_of_the_authority_is_asked_for_where_the_lock_is_gone_too() {
    let cluster = Cluster::built(SPEC);
    for file in ["out/pki/ca.crt", "out/pki/cluster.lock", "cluster.lock"] {
        fs::remove_file(cluster.path(file)).unwrap();
    }
    let said = cluster.fails();
    assert!(said.contains("ca.crt` is missing"), "{said}");
    assert!(said.contains("members/*/certs/ca.crt"), "{said}");
}

#[test]
fn lost_authority_is_asked_for_where_its_certificates_are() {
    let cluster = Cluster::built(SPEC);
    fs::remove_dir_all(cluster.path("out/pki")).unwrap();
    fs::remove_file(cluster.path("cluster.lock")).unwrap();
    let said = cluster.fails();
    assert!(said.contains("holds the work of the CA"), "{said}");
}

#[test]
fn lost_authority_is_asked_for_where_the_manifest_alone_tells_of_it() {
    let cluster = Cluster::built(SPEC);
    for folder in ["pki", "members", "clients"] {
        fs::remove_dir_all(cluster.path("out").join(folder)).unwrap();
    }
    fs::remove_file(cluster.path("cluster.lock")).unwrap();
    let said = cluster.fails();
    assert!(said.contains("are missing"), "{said}");
}

#[test]
fn lost_authority_is_missed_in_every_build_and_its_certificate_put_back() {
    let cluster = Cluster::built(SPEC);
    let ca = cluster.ca();
    fs::remove_dir_all(cluster.path("out/pki")).unwrap();
    for _ in 0..2 {
        let said = cluster.succeeds();
        assert!(said.contains("pki/ca.key` is not there: CA 1 can issue nothing more"), "{said}");
    }
    assert_eq!(cluster.ca(), ca);
}

#[test]
fn key_that_is_away_is_not_needed_where_nothing_is_issued() {
    let cluster = Cluster::built(SPEC);
    fs::remove_file(cluster.path("out/pki/ca.key")).unwrap();
    let before = snapshot(&cluster.path("out"));
    cluster.succeeds();
    let after = snapshot(&cluster.path("out"));
    let changed: Vec<_> = difference(&before, &after);
    // The key is no longer among what builds have written, and that is all.
    assert!(changed.iter().all(|p| p.ends_with("manifest") || p.ends_with("out")), "{changed:?}");
    let (before, _) = (after, cluster.succeeds());
    assert!(difference(&before, &snapshot(&cluster.path("out"))).is_empty());
}

#[test]
fn key_that_is_away_and_needed_is_named_by_its_fingerprint() {
    let cluster = Cluster::built(SPEC);
    let key = fs::read(cluster.path("out/pki/ca.key")).unwrap();
    fs::remove_file(cluster.path("out/pki/ca.key")).unwrap();
    cluster.write(with_clients(2));
    let said = cluster.fails();
    assert!(said.contains("2 certificates must be issued"), "{said}");
    assert!(said.contains("pki/ca.key` is missing"), "{said}");
    assert!(said.contains(&fingerprint(&cluster)), "{said}");
    fs::write(cluster.path("out/pki/ca.key"), key).unwrap();
    cluster.succeeds();
    verify(&cluster.path("out"));
}

#[test]
fn key_of_another_authority_is_refused() {
    let (cluster, other) = (Cluster::built(SPEC), Cluster::built(SPEC));
    fs::copy(other.path("out/pki/ca.key"), cluster.path("out/pki/ca.key")).unwrap();
    let said = cluster.fails();
    assert!(said.contains("is not the key of the CA"), "{said}");
    assert!(said.contains(&fingerprint(&cluster)), "{said}");
}

#[test]
fn damaged_key_of_the_authority_is_refused() {
    let cluster = Cluster::built(SPEC);
    let key = fs::read(cluster.path("out/pki/ca.key")).unwrap();
    for bytes in [b"".as_slice(), b"garbage", &key[..key.len() / 2], &[0xff; 200]] {
        fs::write(cluster.path("out/pki/ca.key"), bytes).unwrap();
        let said = cluster.fails();
        assert!(said.contains("pki/ca.key`"), "{said}");
    }
}

#[test]
fn damaged_certificate_of_the_authority_is_refused() {
    let cluster = Cluster::built(SPEC);
    let certificate = cluster.ca().unwrap();
    for bytes in [b"garbage".as_slice(), &certificate[..certificate.len() / 2], &[0xff; 200]] {
        fs::write(cluster.path("out/pki/ca.crt"), bytes).unwrap();
        let said = cluster.fails();
        assert!(said.contains("pki/ca.crt`"), "{said}");
    }
    let leaf = fs::read(cluster.path("out/members/pink/certs/peer.crt")).unwrap();
    fs::write(cluster.path("out/pki/ca.crt"), leaf).unwrap();
    let said = cluster.fails();
    assert!(said.contains("is not a CA's certificate"), "{said}");
}

#[test]
fn authority_that_is_another_than_the_locks_is_refused() {
    let (cluster, other) = (Cluster::built(SPEC), Cluster::built(SPEC));
    for file in ["out/pki/ca.crt", "out/pki/ca.key"] {
        fs::copy(other.path(file), cluster.path(file)).unwrap();
    }
    let said = cluster.fails();
    assert!(said.contains("is another CA than CA 1 of cluster.lock"), "{said}");
    assert!(said.contains(&fingerprint(&cluster)) && said.contains(&fingerprint(&other)), "{said}");
    // The line that begins again.
    let line = said.split('`').find(|word| word.starts_with("mv ") && word.contains(" && rm "));
    shell(line.expect("a line to type"), cluster.folder.path());
    let said = cluster.succeeds();
    assert!(said.contains("made a certificate authority"), "{said}");
    verify(&cluster.path("out"));
}

/// As before there was a lock.
#[test]
fn authority_that_signed_nothing_of_what_is_there_is_refused_until_that_is_moved_aside() {
    let (cluster, other) = (Cluster::built(SPEC), Cluster::built(SPEC));
    for file in ["out/pki/ca.crt", "out/pki/ca.key"] {
        fs::copy(other.path(file), cluster.path(file)).unwrap();
    }
    for file in ["out/pki/cluster.lock", "cluster.lock"] {
        fs::remove_file(cluster.path(file)).unwrap();
    }
    let said = cluster.fails();
    assert!(said.contains("signed none of the certificates"), "{said}");
    // The way out that the message names.
    for folder in ["members", "clients"] {
        fs::rename(cluster.path("out").join(folder), cluster.path(folder)).unwrap();
    }
    cluster.succeeds();
    assert_eq!(cluster.ca(), other.ca());
    verify(&cluster.path("out"));
}

#[test]
fn damaged_keys_of_members_and_clients_are_replaced() {
    let cluster = Cluster::built(SPEC);
    let (ca, key) = (cluster.ca(), cluster.path("out/members/pink/certs/peer.key"));
    for bytes in [
        b"".as_slice(),
        b"garbage",
        &fs::read(cluster.path("out/clients/root/client.key")).unwrap(),
    ] {
        fs::write(&key, bytes).unwrap();
        let said = cluster.succeeds();
        assert!(
            said.contains("reissued")
                && said.contains("members/pink/certs/peer.crt on")
                && said.contains(": private key"),
            "{said}"
        );
        verify(&cluster.path("out"));
    }
    fs::remove_file(&key).unwrap();
    let said = cluster.succeeds();
    assert!(said.contains("private key is missing"), "{said}");
    assert_eq!(cluster.ca(), ca);
    verify(&cluster.path("out"));
}

/// As OpenSSL says, written as builds write it.
fn fingerprint(cluster: &Cluster) -> String {
    let output = std::process::Command::new("openssl")
        .args(["x509", "-noout", "-fingerprint", "-sha256", "-in"])
        .arg(cluster.path("out/pki/ca.crt"))
        .output()
        .expect("this test needs the command openssl: install it");
    let text = String::from_utf8(output.stdout).unwrap();
    let digits = text.trim().rsplit('=').next().expect("openssl prints `… Fingerprint=…`");
    digits.replace(':', "").to_ascii_lowercase()
}
