//! Certificates that members are to refuse.

use crate::support::cluster::{Cluster, SPEC};
use crate::support::programs::shell;
use bouquet_model::time::Date;
use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

const LIST: &str = "out/members/pink/certs/revoked.crl";

/// A second client, of that generation.
fn alice(generation: u32) -> String {
    format!("{SPEC}\n[[client]]\nname = \"alice\"\ngeneration = {generation}\n")
}

/// A revocation of today.
fn revoked(which: &str) -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let today = Date(i64::try_from(seconds).unwrap());
    format!("\n[[revoked]]\n{which}\ndate = \"{today}\"\nreason = \"key-compromise\"\n")
}

fn serial(cluster: &Cluster, certificate: &str) -> String {
    let script = format!("openssl x509 -noout -serial -in {certificate} | cut -d= -f2");
    shell(&script, cluster.folder.path()).trim().to_owned()
}

/// What OpenSSL reads in a member's list, having checked its signature.
fn list(cluster: &Cluster) -> String {
    let script = format!("openssl crl -inform DER -in {LIST} -CAfile out/pki/ca.crt -noout -text");
    shell(&script, cluster.folder.path())
}

#[test]
fn a_list_can_be_there_before_anything_is_revoked() {
    let cluster = Cluster::built(format!("{SPEC}\n[ca]\ncrl = true\n"));
    assert!(list(&cluster).contains("No Revoked Certificates"));
    let command = fs::read_to_string(cluster.path("out/members/pink/etcd.sh")).unwrap();
    for option in ["client-crl-file", "peer-crl-file"] {
        assert!(command.contains(&format!("--{option}=/opt/etcd/certs/revoked.crl")), "{command}");
    }
    assert!(!cluster.path("out/members/pink/etcd.conf.yml").exists(), "YAML cannot carry it");
    assert_eq!(cluster.build().written(), []);
}

#[test]
fn a_client_is_revoked_by_name_and_gets_another_certificate() {
    let cluster = Cluster::built(alice(1));
    let old = serial(&cluster, "out/clients/alice/client.crt");
    cluster.write(alice(2) + &revoked("name = \"alice\""));
    cluster.succeeds();
    let new = serial(&cluster, "out/clients/alice/client.crt");
    let text = list(&cluster);
    assert!(text.contains(&old) && !text.contains(&new), "{text}");
    assert!(text.contains("Key Compromise"), "{text}");
    assert_eq!(cluster.build().written(), []);
    // All members have the same list, and it can be used as any other.
    let script = "
        for member in pink orange camellia; do cmp out/members/$member/certs/revoked.crl out/members/pink/certs/revoked.crl; done
        openssl crl -inform DER -in out/members/pink/certs/revoked.crl -out list.pem
        openssl verify -crl_check -CAfile out/pki/ca.crt -CRLfile list.pem out/clients/alice/client.crt";
    shell(script, cluster.folder.path());
}

#[test]
fn a_client_that_is_gone_stays_revoked() {
    let cluster = Cluster::built(alice(1));
    let old = serial(&cluster, "out/clients/alice/client.crt");
    cluster.write(SPEC.to_owned() + &revoked("name = \"alice\""));
    cluster.succeeds();
    assert!(list(&cluster).contains(&old));
    // Even where the lock is lost: the list itself tells of it.
    for file in ["cluster.lock", "out/pki/cluster.lock"] {
        fs::remove_file(cluster.path(file)).unwrap();
    }
    cluster.succeeds();
    assert!(list(&cluster).contains(&old));
}

#[test]
fn a_certificate_in_use_that_is_revoked_by_serial_is_replaced() {
    let cluster = Cluster::built(SPEC);
    let old = serial(&cluster, "out/clients/root/client.crt");
    let key = fs::read(cluster.path("out/clients/root/client.key")).unwrap();
    let colons: Vec<_> = old.as_bytes().chunks(2).map(|b| str::from_utf8(b).unwrap()).collect();
    cluster.write(SPEC.to_owned() + &revoked(&format!("serial = \"{}\"", colons.join(":"))));
    let said = cluster.succeeds();
    assert!(
        said.contains("reissued") && said.contains("client.crt on") && said.contains(": revoked"),
        "{said}"
    );
    assert_ne!(fs::read(cluster.path("out/clients/root/client.key")).unwrap(), key);
    assert!(list(&cluster).contains(&old));
    assert_eq!(cluster.build().written(), []);
}

#[test]
fn a_revocation_dated_before_the_certificate_says_that_it_misses_it() {
    let cluster = Cluster::built(alice(1));
    let early = revoked("name = \"alice\"");
    let today = early.split("date = \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    cluster.write(alice(2) + &early.replace(today, "2020-01-01"));
    let said = cluster.succeeds();
    assert!(said.contains("a certificate of `alice` came after 2020-01-01"), "{said}");
    assert!(list(&cluster).contains("No Revoked Certificates"));
}

#[test]
fn a_name_that_is_revoked_twice_is_known_twice() {
    let cluster = Cluster::built(alice(1));
    cluster.write(alice(2) + &revoked("name = \"alice\"") + &revoked("name = \"alice\""));
    let said = cluster.succeeds();
    assert!(!said.contains("no certificate of that name"), "{said}");
    assert!(said.contains("at that start only: until then, anyone who is on it gets in"), "{said}");
}

#[test]
fn a_revocation_that_stands_for_nothing_is_said() {
    let cluster = Cluster::built(SPEC.to_owned() + &revoked("name = \"alise\""));
    let said = cluster.succeeds();
    assert!(
        said.contains("`alise` is revoked, and no certificate of that name is known"),
        "{said}"
    );
}

#[test]
fn a_revocation_is_taken_back_with_its_entry() {
    let cluster = Cluster::built(SPEC);
    let serial = serial(&cluster, "out/members/pink/certs/peer.crt");
    let spec = format!("{SPEC}\n[ca]\ncrl = true\n");
    cluster.write(spec.clone() + &revoked(&format!("serial = \"{serial}\"")));
    cluster.succeeds();
    assert!(list(&cluster).contains(&serial));
    cluster.write(spec);
    cluster.succeeds();
    assert!(list(&cluster).contains("No Revoked Certificates"));
}

#[test]
fn a_list_that_changes_needs_the_key_of_the_ca() {
    let cluster = Cluster::built(alice(1));
    fs::remove_file(cluster.path("out/pki/ca.key")).unwrap();
    cluster.write(SPEC.to_owned() + &revoked("name = \"alice\""));
    let said = cluster.fails();
    assert!(said.contains("the CA's key `") && said.contains("is missing"), "{said}");
    assert!(said.contains("a new list of revoked certificates must be signed"), "{said}");
}
