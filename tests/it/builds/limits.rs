//! What a stolen CA can do: it vouches for the cluster's own names alone, and its key is sealed.

use crate::support::cluster::{Cluster, SPEC, all};
use crate::support::programs::{shell, verify};
use std::fs;
use std::process::Output;

const FOURTH: &str = "\n[[member]]\nname = \"daffodil\"\nip = \"10.0.0.4\"\nhostname = \"daffodil.zyxasr.io\"\n\
                      [[member]]\nname = \"fifth\"\nip = \"10.0.0.5\"\n";

#[test]
fn a_new_ca_vouches_for_the_names_of_the_spec_alone() {
    let cluster = Cluster::built(SPEC);
    verify(&cluster.path("out"));
    let forge = "
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout k -out bank.crt \
            -CA out/pki/ca.crt -CAkey out/pki/ca.key -subj /CN=bank -days 9 \
            -addext basicConstraints=critical,CA:FALSE -addext subjectAltName=DNS:bank.example 2>/dev/null
        openssl verify -CAfile out/pki/ca.crt bank.crt 2>&1 || true";
    let said = shell(forge, cluster.folder.path());
    assert!(said.contains("permitted subtree violation"), "{said}");
}

#[test]
fn a_member_outside_of_what_the_ca_may_vouch_for_is_explained() {
    let cluster = Cluster::built(SPEC);
    cluster.write(SPEC.to_owned() + FOURTH);
    let said = cluster.fails();
    assert!(said.contains("is limited by its name constraints and cannot vouch for"), "{said}");
    assert!(said.contains("daffodil.zyxasr.io of daffodil") && said.contains("10.0.0.4"), "{said}");
    assert!(said.contains("`trust = [1, 2]` under [ca] makes one that permits all"), "{said}");

    // The way out: the old CA goes on for the old members, until the new one may issue.
    for ca in ["trust = [1, 2]", "issue = 2\ntrust = [1, 2]"] {
        let members = if ca.starts_with("issue") { FOURTH } else { "" };
        let permit = "permit = [\"10.0.0.0/24\", \"zyxasr.io\"]";
        cluster.write(format!("{SPEC}{members}\n[ca]\n{ca}\n{permit}\n"));
        cluster.succeeds();
    }
    let script =
        "openssl verify -x509_strict -CAfile out/pki/ca-2.crt out/members/*/certs/server.crt";
    shell(script, cluster.folder.path());
}

#[test]
fn what_is_permitted_besides_lets_a_cluster_grow() {
    let ca = "\n[ca]\npermit = [\"10.0.0.0/24\", \"zyxasr.io\"]\n";
    let cluster = Cluster::built(format!("{SPEC}{ca}"));
    cluster.write(format!("{SPEC}{FOURTH}{ca}"));
    cluster.succeeds();
    verify(&cluster.path("out"));
}

#[test]
fn what_is_permitted_too_late_is_said_until_a_ca_heeds_it() {
    let late = "permit = [\"10.0.0.0/24\", \"zyxasr.io\"]";
    let cluster = Cluster::built(SPEC);
    for _ in 0..2 {
        cluster.write(format!("{SPEC}\n[ca]\n{late}\n"));
        let said = cluster.succeeds();
        assert!(said.contains("`permit` has 10.0.0.0/24, zyxasr.io, but the CA"), "{said}");
        assert!(said.contains("`trust = [1, 2]` under [ca] makes one that permits it"), "{said}");
    }
    cluster.write(format!("{SPEC}\n[ca]\ntrust = [1, 2]\n{late}\n"));
    let said = cluster.succeeds();
    assert!(!said.contains("was made without"), "{said}");

    // What is narrower than what the CA permits is heeded.
    let cluster = Cluster::built(format!("{SPEC}\n[ca]\npermit = [\"10.0.0.0/8\"]\n"));
    cluster.write(format!("{SPEC}\n[ca]\npermit = [\"10.0.0.0/24\"]\n"));
    assert_eq!(cluster.succeeds(), "");
}

#[test]
fn constraints_can_be_left_out_and_are_for_an_etcd_that_misreads_them() {
    for (spec, limited) in [
        (SPEC.to_owned(), true),
        (format!("{SPEC}\n[ca]\nname-constraints = false\n"), false),
        (SPEC.replace("3.5.30", "3.4.18"), false),
        (SPEC.replace("3.5.30", "3.4.19"), true),
    ] {
        let cluster = Cluster::built(&spec);
        let text = shell("openssl x509 -noout -text -in out/pki/ca.crt", cluster.folder.path());
        assert_eq!(text.contains("X509v3 Name Constraints: critical"), limited, "{spec}\n{text}");
    }
}

/// A build with that passphrase, or none.
fn with_passphrase(cluster: &Cluster, passphrase: Option<&str>) -> Output {
    let mut command = cluster.command();
    command.env_remove("CA_PASSPHRASE");
    if let Some(passphrase) = passphrase {
        command.env("CA_PASSPHRASE", passphrase);
    }
    command.output().unwrap()
}

#[test]
fn the_key_of_a_ca_is_sealed_under_a_passphrase() {
    let spec = format!("{SPEC}\n[ca]\npassphrase-env = \"CA_PASSPHRASE\"\n");
    let cluster = Cluster::new(&spec);
    let output = with_passphrase(&cluster, None);
    let said = all(&output);
    assert!(
        !output.status.success()
            && said.contains(
                "is to be encrypted, and the environment variable `CA_PASSPHRASE` is not set"
            ),
        "{said}"
    );

    let output = with_passphrase(&cluster, Some("rosebud"));
    assert!(output.status.success(), "{}", all(&output));
    assert!(all(&output).contains("cargo::rerun-if-env-changed=CA_PASSPHRASE"));
    let key = fs::read_to_string(cluster.path("out/pki/ca.key")).unwrap();
    assert!(key.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"), "{key}");
    shell("openssl pkey -in out/pki/ca.key -passin pass:rosebud -noout", cluster.folder.path());

    // What issues nothing needs no passphrase.
    assert!(with_passphrase(&cluster, None).status.success());
    cluster.write(format!("{spec}\n[[client]]\nname = \"new\"\n"));
    let said = all(&with_passphrase(&cluster, None));
    assert!(
        said.contains("is encrypted, and the environment variable `CA_PASSPHRASE` is not set"),
        "{said}"
    );
    let said = all(&with_passphrase(&cluster, Some("rosebut")));
    assert!(said.contains("ca.key`") && said.contains("passphrase"), "{said}");
    assert!(!said.contains("rosebut"), "{said}");
    assert!(with_passphrase(&cluster, Some("rosebud")).status.success());
    assert!(cluster.path("out/clients/new/client.key").exists());
    assert_eq!(fs::read_to_string(cluster.path("out/pki/ca.key")).unwrap(), key);
}

#[test]
fn a_key_that_stays_in_clear_for_want_of_the_passphrase_is_said_by_each_build() {
    let cluster = Cluster::built(SPEC);
    cluster.write(format!("{SPEC}\n[ca]\npassphrase-env = \"CA_PASSPHRASE\"\n"));
    for _ in 0..2 {
        let output = with_passphrase(&cluster, None);
        let said = all(&output);
        assert!(output.status.success(), "{said}");
        for words in [
            "out/pki/ca.key` is in clear, and is to be encrypted: build once with the passphrase",
            "the environment variable `CA_PASSPHRASE` is not set",
        ] {
            assert!(said.contains(words), "{said}");
        }
    }
    let said = all(&with_passphrase(&cluster, Some("rosebud")));
    assert!(said.contains("encrypted `") && !said.contains("is to be encrypted"), "{said}");
    let said = all(&with_passphrase(&cluster, None));
    assert!(!said.contains("in clear"), "{said}");
}

#[test]
fn a_key_in_clear_is_sealed_once_there_is_a_passphrase() {
    let cluster = Cluster::built(SPEC);
    let ca = cluster.ca();
    fs::write(cluster.path("passphrase"), "rosebud\n").unwrap();
    cluster.write(format!("{SPEC}\n[ca]\npassphrase-file = \"passphrase\"\n"));
    let said = cluster.succeeds();
    assert!(
        said.contains("encrypted `") && said.contains("its backups are still in clear"),
        "{said}"
    );
    let key = fs::read_to_string(cluster.path("out/pki/ca.key")).unwrap();
    assert!(key.contains("ENCRYPTED"), "{key}");
    assert_eq!(cluster.ca(), ca);
    assert_eq!(cluster.build().written(), []);
}
