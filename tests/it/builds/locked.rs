//! `BOUQUET_LOCKED=1`: what the spec asks for is in cluster.lock, or the build fails.

use crate::support::cluster::{Cluster, SPEC, said};
use crate::support::snapshot::{difference, snapshot};
use bouquet_build::{Asked, Built};
use bouquet_model::time::Date;
use std::fs;
use std::time::{Duration, SystemTime};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A build that issues nothing, so many days from now.
fn locked(cluster: &Cluster, days: u32) -> Built {
    let asked = Asked { locked: true, ..Asked::default() };
    cluster.build_as(asked, SystemTime::now() + DAY * days)
}

/// Holds a build to it that it fails and leaves everything as it is; what it says.
fn fails(cluster: &Cluster) -> String {
    let before = snapshot(cluster.folder.path());
    let built = locked(cluster, 0);
    let said = said(&built);
    assert!(built.report.is_none(), "it succeeds: {said}");
    let changed = difference(&before, &snapshot(cluster.folder.path()));
    assert!(changed.is_empty(), "{changed:?}: {said}");
    said
}

/// Holds a build to it that it succeeds, and issues nothing; what it says.
fn passes(cluster: &Cluster, days: u32) -> String {
    let lock = fs::read(cluster.path("cluster.lock")).unwrap();
    let before = certificates(cluster);
    let built = locked(cluster, days);
    let said = said(&built);
    assert!(built.report.is_some(), "it fails: {said}");
    assert_eq!(fs::read(cluster.path("cluster.lock")).unwrap(), lock);
    assert_eq!(certificates(cluster), before, "{said}");
    assert!(!said.contains("reissued"), "{said}");
    said
}

fn certificates(cluster: &Cluster) -> Vec<Vec<u8>> {
    let files = crate::support::snapshot::files(&cluster.path("out"), ".crt");
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

#[test]
fn a_lock_that_a_build_left_is_what_is_asked_for() {
    for more in [
        "",
        "\n[ca]\ntrust = [1, 2]\n",
        "\n[tls]\nlayout = \"shared\"\n",
        "\n[tls]\nenabled = false\n",
    ] {
        let cluster = Cluster::built(format!("{SPEC}{more}"));
        passes(&cluster, 0);
    }
}

/// What is to be in the lock, the spec after it, and what is told.
#[test]
fn all_that_differs_is_told_at_once() {
    let cluster = Cluster::built(SPEC);
    let changed = SPEC
        .replace("token = \"faults\"", "token = \"other\"")
        .replace("name = \"pink\"", "name = \"rose\"")
        .replace("10.0.0.2", "10.0.0.9")
        .replace("name = \"root\"", "name = \"boss\"")
        + "\n[[client]]\nname = \"tulip\"\n\n[ca]\ntrust = [1, 2]\n";
    cluster.write(changed);
    let said = fails(&cluster);
    for told in [
        "cluster.lock has the token `faults`, and cluster.toml `other`",
        "cluster.lock lacks the member `rose`",
        "cluster.lock has the member `pink`, and cluster.toml has not",
        "cluster.lock has another ID for the member `orange`",
        "cluster.lock has the certificate of `members/orange/certs/server` with other names and addresses",
        "cluster.lock lacks the certificate of `members/rose/certs/server`",
        "cluster.lock lacks the certificate of `clients/boss/client`",
        "cluster.lock lacks the certificate of `clients/tulip/client`",
        "cluster.lock has a client certificate of `root`, which cluster.toml asks for no more",
        "cluster.lock lacks CA 2",
    ] {
        assert!(said.contains(told), "{told}\n{said}");
    }
    assert!(said.contains("build without `BOUQUET_LOCKED` where the secrets are"), "{said}");
}

/// As after a merge of two that each added a founder: every member is there, and the cluster's ID is of one side.
#[test]
fn an_id_of_another_cluster_fails() {
    let cluster = Cluster::built(SPEC);
    let lock = cluster.lock();
    let line = lock.lines().find(|line| line.starts_with("cluster-id")).expect("an ID");
    let other = lock.replace(line, "cluster-id = \"c0ffee\"");
    fs::write(cluster.path("cluster.lock"), other).unwrap();
    let said = fails(&cluster);
    assert!(said.contains("cluster.lock has another ID for the cluster, c0ffee"), "{said}");
    let said = cluster.succeeds();
    assert!(said.contains("the cluster's ID was c0ffee"), "{said}");
    passes(&cluster, 0);
}

#[test]
fn each_change_of_members_clients_cas_and_generations_fails() {
    let three = format!("{SPEC}\n[ca]\ntrust = [1, 2]\n");
    let root = "name = \"root\"";
    for (from, to, told) in [
        (three.clone(), format!("{SPEC}\n[ca]\ntrust = [1, 2]\nissue = 2\n"), "by another CA"),
        (three, SPEC.to_owned(), "has CA 2 as trusted, and cluster.toml has not"),
        (
            SPEC.to_owned(),
            SPEC.replace(root, "name = \"root\"\ngeneration = 2"),
            "of generation 1, and 2 is asked for",
        ),
        (
            SPEC.replace(root, "name = \"root\"\ngeneration = 2"),
            SPEC.to_owned(),
            "of generation 2, later than 1",
        ),
        (SPEC.to_owned(), SPEC.replace("[[client]]\nname = \"root\"", ""), "asks for no more"),
        (
            SPEC.to_owned(),
            SPEC.replace(root, "name = \"root\"\ncommon-name = false"),
            "with another subject",
        ),
        (
            SPEC.to_owned(),
            format!("{SPEC}\n[tls]\nlayout = \"combined\"\n"),
            "lacks the certificate of",
        ),
        (SPEC.to_owned(), format!("{SPEC}\n[tls]\nenabled = false\n"), "asks for no more"),
    ] {
        let cluster = Cluster::built(&from);
        cluster.write(&to);
        let said = fails(&cluster);
        assert!(said.contains(told), "{told}\n{said}");
        // The help leads out of it.
        cluster.succeeds();
        if !told.contains("later than") {
            passes(&cluster, 0);
        }
    }
    let cluster = Cluster::built(SPEC);
    fs::remove_file(cluster.path("cluster.lock")).unwrap();
    assert!(fails(&cluster).contains("there is no cluster.lock, and `BOUQUET_LOCKED=1` is set"));
}

#[test]
fn a_generation_that_was_lowered_is_told_with_the_way_out() {
    let second = SPEC.replace("name = \"root\"", "name = \"root\"\ngeneration = 2");
    let cluster = Cluster::built(&second);
    cluster.write(SPEC);
    cluster.succeeds();
    let said = fails(&cluster);
    assert!(said.contains("of generation 2, later than 1"), "{said}");
    assert!(
        said.contains("raise it to what it was, as no build issues for an earlier one"),
        "{said}"
    );
    cluster.write(second);
    passes(&cluster, 0);
}

#[test]
fn what_is_due_or_has_expired_is_a_warning() {
    let cluster = Cluster::built(SPEC);
    let said = passes(&cluster, 350);
    assert!(said.contains("are to be issued again") && said.contains("BOUQUET_LOCKED"), "{said}");
    assert!(!said.contains("is not here"), "{said}");
    let said = passes(&cluster, 400);
    assert!(said.contains("are to be issued again"), "{said}");
    assert!(!said.contains("is not here"), "{said}");
    // And the next build without it does what is due.
    let later = SystemTime::now() + DAY * 350;
    let built = cluster.build_as(Asked::default(), later);
    let said = crate::support::cluster::said(&built);
    assert!(said.contains("reissued") && said.contains("expires on"), "{said}");
}

#[test]
fn nothing_is_issued_in_the_place_of_what_is_revoked() {
    let cluster = Cluster::built(SPEC);
    let lock = cluster.lock();
    let root = lock.lines().find(|line| line.contains("\"root\"")).unwrap();
    let serial = root.split("serial = \"").nth(1).unwrap().split('"').next().unwrap();
    let revoked = format!("[[revoked]]\nserial = \"{serial}\"\ndate = \"{}\"\n", today());
    cluster.write(format!("{SPEC}\n[ca]\ncrl = true\n\n{revoked}"));
    let said = fails(&cluster);
    assert!(
        said.contains("lacks the certificate of `clients/root/client`: what it has is revoked"),
        "{said}"
    );
    cluster.succeeds();
    passes(&cluster, 0);
}

fn today() -> Date {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Date(i64::try_from(since.as_secs()).unwrap())
}

#[test]
fn artifacts_are_written_as_ever() {
    let cluster = Cluster::built(SPEC);
    cluster.write(SPEC.replace("[etcd]", "[etcd]\nsnapshot-count = 20000"));
    fs::remove_file(cluster.path("out/members/orange/etcd.sh")).unwrap();
    passes(&cluster, 0);
    assert!(cluster.read("out/members/orange/etcd.sh").contains("20000"));
    assert!(cluster.read("out/members/pink/etcd.sh").contains("20000"));
    cluster.lock();
}

#[test]
fn a_large_out_that_is_stamped_is_compared_all_the_same() {
    let second = crate::support::cluster::with_clients(120)
        .replace("name = \"root\"", "name = \"root\"\ngeneration = 2");
    let cluster = Cluster::built(&second);
    cluster.write(second.replace("generation = 2", ""));
    cluster.succeeds();
    cluster.succeeds();
    assert!(fails(&cluster).contains("later than 1"));
}
