//! A change of CA, phase by phase, and what keeps someone from taking the wrong step.

use crate::support::cluster::{Cluster, SPEC};
use crate::support::programs::issuer;
use std::fs;

/// The spec with that `[ca]`.
fn with_ca(ca: &str) -> String {
    format!("{SPEC}\n[ca]\n{ca}\n")
}

/// A cluster that has been through those phases.
fn after(phases: &[&str]) -> Cluster {
    let cluster = Cluster::built(SPEC);
    for phase in phases {
        cluster.write(with_ca(phase));
        cluster.succeeds();
    }
    cluster
}

fn read(cluster: &Cluster, path: &str) -> String {
    fs::read_to_string(cluster.path("out").join(path)).unwrap()
}

/// How many CAs a file trusts.
fn trusted(cluster: &Cluster, path: &str) -> usize {
    read(cluster, path).matches("BEGIN CERTIFICATE").count()
}

const SERVER: &str = "members/pink/certs/server.crt";
const PEER: &str = "members/pink/certs/peer.crt";
const CLIENT: &str = "clients/root/client.crt";

#[test]
fn a_ca_is_changed_in_three_phases() {
    let cluster = Cluster::built(SPEC);
    let first = read(&cluster, "pki/ca.crt");
    let leaf = read(&cluster, SERVER);

    cluster.write(with_ca("trust = [1, 2]"));
    let said = cluster.succeeds();
    let second = read(&cluster, "pki/ca-2.crt");
    for file in ["members/pink/certs/ca.crt", "clients/root/ca.crt"] {
        assert_eq!(read(&cluster, file), format!("{first}{second}"), "{file}");
    }
    assert_eq!(read(&cluster, SERVER), leaf);
    assert!(said.contains("back up `") && said.contains("pki/ca-2.key"), "{said}");
    assert!(said.contains("the trusted CAs of 3 members changed"), "{said}");
    assert!(said.contains("then write `issue = 2`, the next phase"), "{said}");

    cluster.write(with_ca("issue = 2\ntrust = [1, 2]"));
    let said = cluster.succeeds();
    for file in [SERVER, PEER, CLIENT] {
        assert_eq!(
            issuer(&cluster.path("out").join(file)),
            issuer(&cluster.path("out/pki/ca-2.crt"))
        );
    }
    assert_eq!(trusted(&cluster, "members/pink/certs/ca.crt"), 2);
    assert!(said.contains("no restart is needed"), "{said}");
    assert!(said.contains("then write `trust = [2]`, the last phase"), "{said}");

    cluster.write(with_ca("issue = 2\ntrust = [2]"));
    let said = cluster.succeeds();
    assert_eq!(read(&cluster, "members/pink/certs/ca.crt"), second);
    assert!(said.contains("the trusted CAs of 3 members changed"), "{said}");
    assert!(said.contains("CA 1 is no longer trusted, and its key still exists"), "{said}");
    assert_eq!(read(&cluster, "pki/ca.crt"), first);

    fs::remove_file(cluster.path("out/pki/ca.key")).unwrap();
    assert_eq!(cluster.succeeds(), "");
    assert_eq!(cluster.build().written(), []);
}

#[test]
fn a_ca_that_nobody_trusts_yet_does_not_issue() {
    for (before, now) in [
        ("", "issue = 2\ntrust = [1, 2]"),
        ("", "issue = 2"),
        ("trust = [1, 2]", "issue = 3\ntrust = [1, 2, 3]"),
    ] {
        let cluster = after(if before.is_empty() { &[] } else { std::slice::from_ref(&before) });
        cluster.write(with_ca(now));
        let said = cluster.fails();
        assert!(said.contains("is to issue certificates, but"), "{said}");
        assert!(said.contains("is not trusted yet by 4 files, such as"), "{said}");
    }
}

#[test]
fn one_member_that_lacks_the_new_ca_is_enough_to_refuse_it() {
    let cluster = Cluster::built(SPEC);
    let old = read(&cluster, "pki/ca.crt");
    cluster.write(with_ca("trust = [1, 2]"));
    cluster.succeeds();
    fs::write(cluster.path("out/members/orange/certs/ca.crt"), old).unwrap();
    cluster.write(with_ca("issue = 2\ntrust = [1, 2]"));
    let said = cluster.fails();
    assert!(
        said.contains("not trusted yet by `") && said.contains("out/members/orange/certs/ca.crt`"),
        "{said}"
    );
}

#[test]
fn a_ca_that_is_still_in_use_is_not_dropped() {
    let cluster = after(&["trust = [1, 2]"]);
    cluster.write(with_ca("issue = 2\ntrust = [2]"));
    let said = cluster.fails();
    assert!(said.contains("is trusted no more, but issued 7 certificates in use"), "{said}");
    assert!(said.contains("keep its number in `trust` for now"), "{said}");
}

#[test]
fn a_change_of_ca_can_be_taken_back_until_its_last_phase() {
    let cluster = after(&["trust = [1, 2]", "issue = 2\ntrust = [1, 2]", "trust = [1, 2]"]);
    let first = cluster.path("out/pki/ca.crt");
    assert_eq!(issuer(&cluster.path("out").join(SERVER)), issuer(&first));
    cluster.write(SPEC);
    cluster.succeeds();
    assert_eq!(trusted(&cluster, "members/pink/certs/ca.crt"), 1);
}

#[test]
fn a_lost_ca_in_the_midst_of_a_change_is_missed_and_its_key_asked_for() {
    let cluster = after(&["trust = [1, 2]"]);
    let second = read(&cluster, "pki/ca-2.crt");
    for file in ["out/pki/ca-2.crt", "out/pki/ca-2.key"] {
        fs::remove_file(cluster.path(file)).unwrap();
    }
    let said = cluster.succeeds();
    assert!(said.contains("pki/ca-2.crt` was gone, and was put back from cluster.lock"), "{said}");
    assert!(said.contains("pki/ca-2.key` is not there: CA 2 can issue nothing more"), "{said}");
    assert_eq!(read(&cluster, "pki/ca-2.crt"), second);
    cluster.write(with_ca("issue = 2\ntrust = [1, 2]"));
    let said = cluster.fails();
    assert!(said.contains("pki/ca-2.key` is missing"), "{said}");
}

#[test]
fn peers_get_a_ca_of_their_own_in_three_phases() {
    let cluster = Cluster::built(SPEC);
    cluster.write(with_ca("peer-issue = 2\npeer-trust = [2]"));
    let said = cluster.fails();
    assert!(
        said.contains("CA 2 is to issue") && said.contains("is not trusted yet by 3 files"),
        "{said}"
    );

    let phases = [
        "peer-issue = 1\npeer-trust = [1, 2]",
        "peer-issue = 2\npeer-trust = [1, 2]",
        "peer-issue = 2",
    ];
    for phase in phases {
        cluster.write(with_ca(phase));
        cluster.succeeds();
    }
    let [clients, peers] = ["out/pki/ca.crt", "out/pki/ca-2.crt"].map(|ca| cluster.path(ca));
    for (file, ca) in [(SERVER, &clients), (CLIENT, &clients), (PEER, &peers)] {
        assert_eq!(issuer(&cluster.path("out").join(file)), issuer(ca), "{file}");
    }
    let command = read(&cluster, "members/pink/etcd.sh");
    assert!(
        command.contains("--trusted-ca-file='/opt/etcd/certs/ca.crt'")
            || command.contains("--trusted-ca-file=/opt/etcd/certs/ca.crt"),
        "{command}"
    );
    assert!(command.contains("/opt/etcd/certs/peer-ca.crt"), "{command}");
    assert_eq!(
        read(&cluster, "members/pink/certs/peer-ca.crt"),
        fs::read_to_string(peers).unwrap()
    );
}

#[test]
fn peers_go_back_to_the_ca_of_all_in_three_phases_too() {
    let cluster = Cluster::built(with_ca("peer-issue = 2"));
    for early in ["", "trust = [1, 2]"] {
        cluster.write(with_ca(early));
        let said = cluster.fails();
        assert!(
            said.contains("CA 1, `") && said.contains("is not trusted yet by 3 files"),
            "{said}"
        );
        assert!(said.contains("write `peer-issue = 2` and `peer-trust = [1, 2]` first"), "{said}");
    }
    for phase in ["peer-issue = 2\npeer-trust = [1, 2]", "peer-issue = 1\npeer-trust = [1, 2]", ""]
    {
        cluster.write(with_ca(phase));
        cluster.succeeds();
    }
    let peer = issuer(&cluster.path("out").join(PEER));
    assert_eq!(peer, issuer(&cluster.path("out/pki/ca.crt")));
}

#[test]
fn a_generation_that_is_raised_has_certificates_reissued_once() {
    let cluster = Cluster::built(SPEC);
    let files = [SERVER, PEER, CLIENT].map(|file| read(&cluster, file));
    cluster.write(SPEC.replace("name = \"root\"", "name = \"root\"\ngeneration = 2"));
    let said = cluster.succeeds();
    assert!(
        said.contains("reissued")
            && said.contains("client.crt on")
            && said.contains("generation changed from 1 to 2"),
        "{said}"
    );
    assert_eq!(read(&cluster, SERVER), files[0]);
    assert_ne!(read(&cluster, CLIENT), files[2]);
    assert_eq!(cluster.build().written(), []);
    cluster.write(SPEC);
    assert_eq!(cluster.succeeds(), "", "an earlier generation is no reason");

    cluster.write(format!("{SPEC}\n[tls]\ngeneration = 3\n"));
    cluster.succeeds();
    for (file, before) in [SERVER, PEER].iter().zip(&files) {
        assert_ne!(&read(&cluster, file), before);
    }
}

#[test]
fn a_renewal_keeps_the_key_where_the_spec_says_so() {
    let spec = format!("{SPEC}\n[tls]\nvalid-for = \"10d\"\nrenew-before = \"5d\"\n");
    for (renew, kept) in [("keep-key", true), ("new-key", false)] {
        let cluster = Cluster::built(&spec);
        let key = read(&cluster, "members/pink/certs/server.key");
        let certificate = read(&cluster, SERVER);
        let longer = spec.replace("\"5d\"", "\"9d\"").replace("\"10d\"", "\"20d\"");
        cluster.write(format!("{longer}renew = \"{renew}\"\n").replace("\"9d\"", "\"12d\""));
        let said = cluster.succeeds();
        assert!(said.contains("expires on"), "{said}");
        assert_ne!(read(&cluster, SERVER), certificate);
        assert_eq!(read(&cluster, "members/pink/certs/server.key") == key, kept, "{renew}");
    }
}
