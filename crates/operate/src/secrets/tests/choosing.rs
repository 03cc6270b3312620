//! The choice for a stream.

use super::cluster::Cluster;
use crate::secrets::choose::{Chosen, choose};
use crate::secrets::file;
use crate::secrets::place::Place;

fn notes(chosen: &Chosen) -> Vec<&str> {
    chosen.said.iter().flat_map(|said| &said.notes).map(String::as_str).collect()
}

#[test]
fn all_that_can_be_proved_goes() {
    let mut cluster = Cluster::flowers();
    cluster.request("pink-server");
    cluster.revoke(Place::SignedList, &[1, 2]);
    let all = cluster.files.clone();
    let chosen = choose(cluster.files, &[1]);
    assert_eq!(chosen.files, all);
    assert!(chosen.said.is_empty());
    assert_eq!(file::keys(&chosen.files), 7);
}

#[test]
fn what_nobody_could_verify_stays_and_is_named() {
    let mut cluster = Cluster::flowers();
    cluster.request("pink-server");
    cluster.request("pink-peer");
    cluster.remove("members/orange/certs/server.crt");
    let other = cluster.part("clients/root/client.key");
    cluster.set("members/pink/certs/peer.key", &other);
    cluster.set("members/pink/certs/server.key", b"damaged");
    cluster.remove("pki/requests/pink-server.csr");
    cluster.set("pki/requests/pink-peer.key", &other);
    cluster.set("members/pink/certs/revoked.crl", b"no list");
    // A certificate alone is nobody's secret.
    cluster.remove("members/orange/certs/peer.key");
    let chosen = choose(cluster.files.clone(), &[1]);
    let left: Vec<_> = chosen.files.keys().map(Place::stem).collect();
    assert_eq!(left, ["pki/ca", "members/orange/certs/revoked", "clients/root/client"]);
    assert_eq!(
        notes(&chosen),
        [
            "`pki/requests/pink-peer.key` is not the key of the request beside it",
            "`pki/requests/pink-server.key` has no certificate beside it",
            "`members/orange/certs/server.key` has no certificate beside it",
            "`members/pink/certs/server.key` is no private key that can be read here",
            "`members/pink/certs/peer.key` is not the key of the certificate beside it",
            "`members/pink/certs/revoked.crl` is no list of revoked certificates",
        ]
    );
}

#[test]
fn keys_that_are_elsewhere_and_passphrases_are_named() {
    let mut cluster = Cluster::flowers();
    cluster.remove("pki/ca.key");
    let chosen = choose(cluster.files.clone(), &[1, 2]);
    let said = chosen.said[0].message.clone();
    assert_eq!(said, "not in the stream: the key of CA 1, CA 2, which is not in `out/pki/`");

    let encrypted =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    cluster.set("pki/ca.key", encrypted.as_bytes());
    let chosen = choose(cluster.files, &[1]);
    assert_eq!(chosen.said[0].message, "not in the stream: the passphrase of `pki/ca.key`");
    assert!(chosen.files.contains_key(&Place::Ca(1)));
}
