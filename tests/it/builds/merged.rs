//! `cluster.lock` where both sides of a merge are of one cluster, and cannot both be right: a record of what runs
//! and another list of members, which git merges without a conflict, and two CAs of one number.

use crate::support::cluster::{Cluster, SPEC};
use crate::support::git::{commit, git, merges};
use crate::support::programs::shell;
use bouquet_build::Asked;
use bouquet_lock::read;
use std::fs;
use std::time::SystemTime;

const ROSE: &str = "\n[[member]]\nname = \"rose\"\nip = \"10.0.0.4\"\n";

/// Three members, of which one branch, `side`, makes another list while the other one records them; both are
/// merged, and the keys of both are here.
fn merged(changed: &str) -> Cluster {
    let cluster = Cluster::built(SPEC);
    let folder = cluster.folder.path();
    let save = || drop(commit(folder, &["cluster.toml", "cluster.lock"]));
    save();
    git(folder, &["checkout", "--quiet", "-b", "side"]);
    cluster.write(changed);
    cluster.succeeds();
    save();
    git(folder, &["checkout", "--quiet", "-"]);
    shell("cp cluster.lock out/pki", folder);
    cluster.record();
    save();
    assert!(merges(folder, "side"), "{}", git(folder, &["diff"]));
    assert_eq!(git(folder, &["status", "--short", "--untracked-files=no"]), "");
    cluster
}

/// Follows the help of the build: `cluster-id` and the IDs of the members as they are in a commit.
fn follow(cluster: &Cluster, said: &str) {
    let line = said.split('`').find(|word| word.contains(" show HEAD^1:")).expect("a line to type");
    let side = shell(line, cluster.folder.path());
    let ids = |text: &str| {
        let from = text.find("cluster-id").expect("the ID");
        let to = text.find("\n[[identity.authority]]").expect("the CA");
        text[from..to].to_owned()
    };
    let merged = cluster.read("cluster.lock");
    let by_hand = merged.replace(&ids(&merged), &ids(&side));
    assert_ne!(by_hand, merged);
    fs::write(cluster.path("cluster.lock"), by_hand).unwrap();
}

#[test]
fn a_member_that_one_side_added_does_not_found_the_cluster_that_the_other_recorded() {
    let cluster = merged(&format!("{SPEC}{ROSE}"));
    let said = cluster.fails();
    assert!(said.contains("has another `cluster-id`, or another ID of the member"), "{said}");
    assert!(said.contains("the list of members was changed"), "{said}");
    let locked = Asked { locked: true, ..Asked::default() };
    assert!(cluster.build_as(locked, SystemTime::now()).report.is_none());

    follow(&cluster, &said);
    let founded = read(&fs::read(cluster.path("cluster.lock")).unwrap()).expect("a lock").identity;
    let said = cluster.succeeds();
    assert!(said.contains("rose: added") && !said.contains("reissued"), "{said}");
    let after = read(cluster.lock().as_bytes()).expect("a lock").identity;
    assert_eq!((after.cluster_id, after.members["rose"]), (founded.cluster_id, None));
    let script = cluster.read("out/members/rose/etcd.sh");
    assert!(script.contains("--initial-cluster-state=existing"), "{script}");
}

#[test]
fn a_member_that_one_side_moved_keeps_the_id_that_etcd_has() {
    let cluster = merged(&SPEC.replace("10.0.0.2", "10.0.0.22"));
    let said = cluster.fails();
    assert!(said.contains("the list of members was changed"), "{said}");
    follow(&cluster, &said);
    let founded = read(&fs::read(cluster.path("cluster.lock")).unwrap()).expect("a lock").identity;
    cluster.succeeds();
    assert_eq!(read(cluster.lock().as_bytes()).expect("a lock").identity, founded);
}

/// The file is of before the cluster was founded with the fourth.
#[test]
fn an_older_lock_gets_the_id_back_that_the_cluster_was_founded_with() {
    let cluster = Cluster::built(SPEC);
    let older = cluster.lock();
    cluster.write(format!("{SPEC}{ROSE}"));
    cluster.succeeds();
    cluster.record();
    cluster.succeeds();
    let last = cluster.lock();
    fs::write(cluster.path("cluster.lock"), older).unwrap();
    let said = cluster.succeeds();
    assert!(said.contains("put back from there"), "{said}");
    assert_eq!(cluster.lock(), last);
}

/// Each began the same change of CA, and added a client.
#[test]
fn of_two_cas_of_one_change_one_is_kept_with_all_other_lines() {
    let cluster = Cluster::built(SPEC);
    let folder = cluster.folder.path();
    let save = || drop(commit(folder, &["cluster.toml", "cluster.lock"]));
    let with = |clients: &[&str]| {
        let clients = clients.iter().map(|name| format!("[[client]]\nname = \"{name}\"\n"));
        format!("{SPEC}{}[ca]\ntrust = [1, 2]\n", clients.collect::<String>())
    };
    save();
    shell("cp -r out target/before", folder);
    git(folder, &["checkout", "--quiet", "-b", "side"]);
    cluster.write(with(&["alder"]));
    cluster.succeeds();
    save();
    let theirs = cluster.lock();
    shell("mv out/clients/alder target; rm -r out; mv target/before out", folder);
    git(folder, &["checkout", "--quiet", "-"]);
    cluster.write(with(&["yew"]));
    cluster.succeeds();
    save();
    let ours = cluster.lock();
    assert!(!merges(folder, "side"));
    cluster.write(with(&["alder", "yew"]));
    let said = cluster.fails();
    assert!(said.contains("and no CA is the same on both, one of them began another"), "{said}");
    assert!(
        said.contains("another CA is the same on both, two people began a change of CA"),
        "{said}"
    );

    let is_lost = |line: &&str| line.starts_with("  { kind") && !ours.contains(*line);
    let lost: String = theirs.split_inclusive('\n').filter(is_lost).collect();
    assert_eq!(lost.matches("owner = \"alder\"").count(), 1, "{lost}");
    let (before, end) = ours.rsplit_once("]\n").expect("the end of a list");
    fs::write(cluster.path("cluster.lock"), format!("{before}{lost}]\n{end}")).unwrap();
    shell("mv target/alder out/clients", folder);
    assert!(!cluster.succeeds().contains("reissued"));
    let merged = cluster.lock();
    assert!(merged.contains(lost.trim_end()) && merged.contains("owner = \"yew\""), "{merged}");
}
