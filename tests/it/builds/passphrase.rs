//! The key of a CA under a passphrase.

use crate::support::cluster::{Cluster, SPEC, all};
use crate::support::programs::shell;
use std::fs;
use std::process::Output;

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
