//! What goes missing, in `cluster.toml` or in `out/`, and the way out that a build names.

use crate::support::cluster::{Cluster, SPEC};
use crate::support::programs::shell;
use std::fs;

fn with_ca(ca: &str) -> String {
    format!("{SPEC}\n[ca]\n{ca}\n")
}

/// A cluster that has gone over to CA 2, whose first CA's key was destroyed.
fn gone_over() -> Cluster {
    let cluster = Cluster::built(SPEC);
    for phase in ["trust = [1, 2]", "issue = 2\ntrust = [1, 2]", "issue = 2"] {
        cluster.write(with_ca(phase));
        cluster.succeeds();
    }
    fs::remove_file(cluster.path("out/pki/ca.key")).unwrap();
    assert_eq!(cluster.succeeds(), "");
    cluster
}

#[test]
fn a_line_that_names_the_ca_in_use_is_asked_for() {
    let cluster = gone_over();
    for step in ["true", "rm out/pki/ca.crt"] {
        shell(step, cluster.folder.path());
        cluster.write(SPEC);
        let said = cluster.fails();
        assert!(said.contains("are of CA 2, which cluster.toml does not trust"), "{said}");
        assert!(said.contains("write `issue = 2` under [ca]"), "{said}");
        assert!(!said.contains("aside"), "{said}");
    }
    cluster.write(with_ca("issue = 2"));
    cluster.succeeds();
}

#[test]
fn one_ca_under_two_numbers_is_refused_before_a_key_of_it_is_destroyed() {
    let cluster = gone_over();
    fs::copy(cluster.path("out/members/pink/certs/ca.crt"), cluster.path("out/pki/ca.crt"))
        .unwrap();
    for (spec, what) in [
        (SPEC.to_owned(), "is another CA than CA 1 of cluster.lock"),
        (with_ca("issue = 2"), "have the same certificate"),
    ] {
        cluster.write(spec);
        let said = cluster.fails();
        assert!(said.contains(what), "{said}");
        assert!(!said.contains("shred"), "{said}");
    }
}

#[test]
fn a_later_ca_without_an_earlier_one_is_doubted() {
    let said = Cluster::new(with_ca("issue = 2")).succeeds();
    assert!(said.contains("names CA 2, and `out/` had none"), "{said}");
    let said = Cluster::new(with_ca("peer-issue = 2")).succeeds();
    assert!(!said.contains("`out/` had none"), "{said}");
}

#[test]
fn an_out_that_is_older_than_the_spec_is_told_as_that() {
    let cluster = Cluster::built(SPEC);
    cluster.write(with_ca("issue = 2\ntrust = [1, 2]"));
    let said = cluster.fails();
    assert!(said.contains("CA 2 is to issue certificates, but is not trusted yet"), "{said}");
    assert!(said.contains("is older than cluster.toml; bring the last one here"), "{said}");
}

#[test]
fn what_is_in_place_can_be_revoked_by_name_without_the_lock() {
    let alice = |rest: &str| format!("{SPEC}\n[[client]]\nname = \"alice\"\n{rest}");
    let cluster = Cluster::built(alice(""));
    let serial = "openssl x509 -noout -serial -in out/clients/alice/client.crt | cut -d= -f2";
    let serial = shell(serial, cluster.folder.path());
    let today = shell("date -u +%F", cluster.folder.path());
    for _ in 0..2 {
        shell("rm cluster.lock out/pki/cluster.lock", cluster.folder.path());
        let said = cluster.succeeds();
        assert!(said.contains("cluster.lock` was not there: begun again on"), "{said}");
    }
    shell("rm cluster.lock out/pki/cluster.lock", cluster.folder.path());
    let revoked =
        format!("generation = 2\n[[revoked]]\nname = \"alice\"\ndate = \"{}\"\n", today.trim());
    cluster.write(alice(&revoked));
    cluster.succeeds();
    let list = "openssl crl -inform DER -in out/members/pink/certs/revoked.crl -noout -text";
    let list = shell(list, cluster.folder.path());
    assert!(list.contains(serial.trim()), "{list}");
}

#[test]
fn a_certificate_whose_file_is_gone_is_not_replaced_in_silence() {
    let cluster = Cluster::built(SPEC);
    fs::remove_dir_all(cluster.path("out/members/pink")).unwrap();
    let said = cluster.succeeds();
    assert!(
        said.contains("reissued 2 certificates")
            && said.contains("members/pink/certs/server.crt: the one")
            && said.contains("the one that cluster.lock tells of is not here"),
        "{said}"
    );
}

#[test]
fn of_a_ca_and_a_key_that_do_not_fit_neither_is_called_the_right_one() {
    let (cluster, other) = (Cluster::built(SPEC), Cluster::built(SPEC));
    fs::copy(other.path("out/pki/ca.crt"), cluster.path("out/pki/ca.crt")).unwrap();
    let said = cluster.fails();
    assert!(said.contains("is another CA than CA 1 of cluster.lock"), "{said}");
    assert!(said.contains("is the key of the one in cluster.lock: move"), "{said}");
    fs::rename(cluster.path("out/pki/ca.crt"), cluster.path("ca.crt")).unwrap();
    cluster.succeeds();
    fs::rename(cluster.path("ca.crt"), cluster.path("out/pki/ca.crt")).unwrap();
    // Where no lock tells which of them is right.
    shell("rm cluster.lock out/pki/cluster.lock", cluster.folder.path());
    let said = cluster.fails();
    assert!(said.contains("is not the key of the CA in"), "{said}");
    assert!(said.contains("members/*/certs/ca.crt` hold the CA that members trust"), "{said}");
    assert!(said.contains("overwrite neither file before you have a copy of it"), "{said}");
}

#[test]
fn a_ca_of_another_cluster_is_called_that_and_not_limited() {
    let other = Cluster::built(SPEC.replace("10.0.0.", "10.9.0."));
    let cluster = Cluster::built(SPEC);
    for file in ["ca.crt", "ca.key"] {
        fs::copy(other.path("out/pki").join(file), cluster.path("out/pki").join(file)).unwrap();
    }
    for said in ["is another CA than CA 1 of cluster.lock", "signed none of the certificates"] {
        let found = cluster.fails();
        assert!(found.contains(said), "{found}");
        assert!(!found.contains("limited by its name constraints"), "{found}");
        shell("rm cluster.lock out/pki/cluster.lock || true", cluster.folder.path());
    }
}
