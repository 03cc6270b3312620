//! `initial-cluster-state`, as it follows from what is recorded as running.

use crate::support::cluster::{Cluster, SPEC};
use crate::support::snapshot::{difference, snapshot};
use crate::support::state::{ALL, JOINER, LATER, lock, states, with_state};
use std::fs;
use std::path::PathBuf;

#[test]
fn a_founder_is_new_until_it_is_recorded_and_that_word_alone_changes_without_a_word() {
    let cluster = Cluster::built(SPEC);
    assert_eq!(states(&cluster, &ALL), ["new"; 3]);
    let (before, module) = (lock(&cluster), cluster.read("target/cluster.rs"));
    let files = |cluster: &Cluster| snapshot(&cluster.path("out/members"));
    let as_before = files(&cluster);
    let texts: Vec<_> =
        ALL.map(|name| cluster.read(&format!("out/members/{name}/etcd.env"))).into();
    cluster.record();
    assert_eq!(cluster.succeeds(), "", "it is free");
    assert_eq!(states(&cluster, &ALL), ["existing"; 3]);
    for (name, text) in ALL.iter().zip(texts) {
        let changed = text.replace("INITIAL_CLUSTER_STATE=new", "INITIAL_CLUSTER_STATE=existing");
        let changed =
            changed.replace("INITIAL_CLUSTER_STATE='new'", "INITIAL_CLUSTER_STATE='existing'");
        assert_eq!(cluster.read(&format!("out/members/{name}/etcd.env")), changed);
        assert_ne!(text, changed);
    }
    let is_certificate = |path: &&PathBuf| path.extension().is_some_and(|it| it == "crt");
    let changed = difference(&as_before, &files(&cluster));
    assert_eq!(changed.iter().filter(is_certificate).count(), 0, "{changed:?}");
    let now = cluster.read("target/cluster.rs");
    assert_eq!(now, module.replace("State::New", "State::Existing"), "no ID, no digest");
    assert_eq!(lock(&cluster).identity, before.identity);
    let whole = snapshot(cluster.folder.path());
    assert_eq!(cluster.succeeds(), "");
    assert_eq!(difference(&whole, &snapshot(cluster.folder.path())), [] as [PathBuf; 0]);
}

#[test]
fn a_late_founder_is_new_until_it_is_recorded_too() {
    let cluster = Cluster::built(SPEC);
    cluster.record();
    cluster.recorded(|all| drop(all.members.remove("camellia")));
    cluster.succeeds();
    assert_eq!(states(&cluster, &ALL), ["existing", "existing", "new"]);
    let identity = lock(&cluster).identity;
    assert!(identity.members.values().all(Option::is_some));
    cluster.record();
    assert_eq!(cluster.succeeds(), "");
    assert_eq!(states(&cluster, &ALL), ["existing"; 3]);
    assert_eq!(lock(&cluster).identity, identity);
}

#[test]
fn a_record_that_is_taken_back_makes_founders_new_again() {
    let cluster = Cluster::built(SPEC);
    let module = cluster.read("target/cluster.rs");
    cluster.record();
    cluster.succeeds();
    cluster.locked(|lock| ALL.iter().for_each(|name| lock.undo_member(name, LATER)));
    cluster.succeeds();
    assert_eq!(states(&cluster, &ALL), ["new"; 3]);
    assert_eq!(cluster.read("target/cluster.rs"), module);
}

#[test]
fn a_member_that_is_added_is_existing_from_the_start_and_the_cluster_keeps_its_id() {
    let cluster = Cluster::built(SPEC);
    let before = lock(&cluster).identity;
    cluster.record();
    cluster.write(format!("{SPEC}{JOINER}"));
    cluster.succeeds();
    assert_eq!(states(&cluster, &["pink", "tulip"]), ["existing"; 2]);
    let after = lock(&cluster).identity;
    assert_eq!(after.cluster_id, before.cluster_id);
    assert_eq!(after.members["tulip"], None, "etcd makes its ID");
    assert!(ALL.iter().all(|name| after.members[*name] == before.members[*name]));
    // It has not become one that founds the cluster, now that the lock has it.
    cluster.succeeds();
    assert_eq!(states(&cluster, &["tulip"]), ["existing"]);
    // A clone without keys compiles the same.
    let module = cluster.read("target/cluster.rs");
    fs::remove_dir_all(cluster.path("out")).unwrap();
    assert!(cluster.build().report.is_some());
    assert_eq!(cluster.read("target/cluster.rs"), module);
}

/// As today, before anyone recorded anything: it is taken as not yet running.
#[test]
fn where_nothing_is_recorded_a_member_that_is_added_founds_the_cluster_too() {
    let cluster = Cluster::built(SPEC);
    let before = lock(&cluster).identity;
    cluster.write(format!("{SPEC}{JOINER}"));
    let said = cluster.succeeds();
    let was = before.cluster_id.unwrap();
    assert!(said.contains(&format!("the cluster's ID was {was}, and is ")), "{said}");
    assert!(said.contains("taken as not yet running") && said.contains("`cargo run -- done`"));
    assert!(!cluster.succeeds().contains("the cluster's ID was"), "it is said once");
    assert_eq!(states(&cluster, &["pink", "tulip"]), ["new"; 2]);
    assert_ne!(lock(&cluster).identity.cluster_id, before.cluster_id);
}

/// The file is older than its copy, and would refuse what the copy allows.
#[test]
fn a_build_is_judged_by_the_later_records_of_the_copy() {
    let cluster = Cluster::built(SPEC);
    cluster.record();
    let recorded = cluster.lock();
    cluster.locked(|lock| ALL.iter().for_each(|name| lock.undo_member(name, LATER)));
    fs::write(cluster.path("cluster.lock"), &recorded).unwrap();
    cluster.write(format!("{}{JOINER}", with_state("new")));
    let said = cluster.succeeds();
    assert!(said.contains("put back from there"), "{said}");
    assert_eq!(states(&cluster, &["pink", "tulip"]), ["new"; 2]);
}

#[test]
fn a_cluster_that_ran_before_it_was_described_is_existing_with_and_without_a_record() {
    let cluster = Cluster::built(with_state("existing"));
    assert_eq!(states(&cluster, &ALL), ["existing"; 3]);
    let identity = lock(&cluster).identity;
    assert!(identity.cluster_id.is_none() && identity.members.values().all(Option::is_none));
    cluster.record();
    assert_eq!(cluster.succeeds(), "");
    // What it was written for follows from the record.
    cluster.write(SPEC);
    assert_eq!(cluster.succeeds(), "");
    assert_eq!(states(&cluster, &ALL), ["existing"; 3]);
    assert_eq!(lock(&cluster).identity, identity);
}

#[test]
fn a_member_that_joins_cannot_be_new() {
    let own = format!("{SPEC}{JOINER}state = \"new\"\n");
    let cluster = Cluster::built(SPEC);
    cluster.record();
    for (spec, place) in
        [(own, "cluster.toml:27:9"), (format!("{}{JOINER}", with_state("new")), "cluster.toml:6:9")]
    {
        cluster.write(&spec);
        let said = cluster.fails();
        assert!(said.contains("the member `tulip` joins a cluster that runs"), "{said}");
        assert!(said.contains(place), "{said}");
        assert!(said.contains("request cluster ID mismatch"), "{said}");
        fs::rename(cluster.path("out"), cluster.path("aside")).unwrap();
        let built = cluster.build();
        assert!(built.report.is_none(), "a clone without keys says so too");
        fs::rename(cluster.path("aside"), cluster.path("out")).unwrap();
    }
}

#[test]
fn new_that_is_written_for_members_that_run_stays_and_is_said_every_time() {
    let cluster = Cluster::built(with_state("new"));
    cluster.record();
    for _ in 0..2 {
        let said = cluster.succeeds();
        assert!(
            said.contains("`state` is `new` for `pink` and 2 more, recorded as running"),
            "{said}"
        );
        assert!(said.contains("take `state` out"), "{said}");
        assert_eq!(states(&cluster, &ALL), ["new"; 3]);
    }
}

/// Two clones: what the one recorded, the other has by git.
#[test]
fn a_record_that_came_by_git_counts_although_the_copy_in_out_is_older() {
    let cluster = Cluster::built(SPEC);
    let before = cluster.lock();
    cluster.record();
    let recorded = cluster.lock();
    fs::write(cluster.path("out/pki/cluster.lock"), &before).unwrap();
    assert_eq!(cluster.succeeds(), "");
    assert_eq!(states(&cluster, &ALL), ["existing"; 3]);
    assert_eq!(cluster.lock(), recorded);
}

#[test]
fn an_older_lock_is_put_right_and_said_with_both_dates() {
    let cluster = Cluster::built(SPEC);
    let before = cluster.lock();
    cluster.record();
    let recorded = cluster.lock();
    cluster.succeeds();
    fs::write(cluster.path("cluster.lock"), &before).unwrap();
    let said = cluster.succeeds();
    assert!(said.contains("no record of the member `camellia`"), "{said}");
    assert!(said.contains("has one of 1970-01-01T00:00:01Z: put back from there"), "{said}");
    assert!(said.contains("and so of 3 more") && said.contains("done --from-lock"), "{said}");
    assert_eq!(cluster.lock(), recorded);
    assert_eq!(states(&cluster, &ALL), ["existing"; 3]);
    assert_eq!(cluster.succeeds(), "");
}
