//! `initial-cluster-state` and the IDs, as they follow from what is recorded as running.

use crate::support::cluster::{Cluster, SPEC, said};
use crate::support::snapshot::{difference, snapshot};
use bouquet_build::Asked;
use bouquet_lock::{Lock, read};
use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

const LATER: i64 = 2_000_000_000;

const JOINER: &str = "\n[[member]]\nname = \"tulip\"\nip = \"10.0.0.4\"\n";

fn lock(cluster: &Cluster) -> Lock {
    read(cluster.lock().as_bytes()).expect("a lock")
}

/// What each member's script says, in the order of the spec.
fn states(cluster: &Cluster, members: &[&str]) -> Vec<String> {
    let state = |name: &&str| {
        let script = cluster.read(&format!("out/members/{name}/etcd.sh"));
        let (_, rest) = script.split_once("--initial-cluster-state=").expect("the option");
        rest.split_whitespace().next().unwrap_or_default().to_owned()
    };
    members.iter().map(state).collect()
}

const ALL: [&str; 3] = ["pink", "orange", "camellia"];

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

#[test]
fn the_id_of_a_founder_stays_until_it_is_recorded_at_another_address() {
    let cluster = Cluster::built(SPEC);
    let before = lock(&cluster).identity;
    let moved = SPEC.replace("10.0.0.3", "10.0.0.33");
    cluster.record();
    cluster.write(&moved);
    cluster.succeeds();
    assert_eq!(lock(&cluster).identity, before);
    // The member was told of it, or another one was added in its place: nothing tells which.
    cluster.record();
    assert_eq!(cluster.succeeds(), "");
    assert_eq!(lock(&cluster).identity.members["camellia"], None);
    assert_eq!(lock(&cluster).identity.cluster_id, before.cluster_id);
    assert_eq!(states(&cluster, &ALL), ["existing"; 3]);
    let unknown = cluster.read("target/cluster.rs");
    assert_eq!(unknown.matches("  id: None,").count(), 1);
    cluster.locked(|lock| lock.undo_member("camellia", LATER));
    cluster.succeeds();
    assert_eq!(lock(&cluster).identity, before);
    // Before it runs, its ID follows from its URLs.
    let unrecorded = Cluster::built(SPEC);
    unrecorded.write(&moved);
    unrecorded.succeeds();
    assert_ne!(lock(&unrecorded).identity.members["camellia"], before.members["camellia"]);
}

#[test]
fn a_member_that_is_removed_keeps_its_id_until_it_is_recorded_that_it_is_gone() {
    let cluster = Cluster::built(SPEC);
    let before = lock(&cluster).identity;
    cluster.record();
    let end = SPEC.find("[[member]]\nname = \"camellia\"").unwrap();
    let client = SPEC.find("[[client]]").unwrap();
    let without = format!("{}{}", &SPEC[..end], &SPEC[client..]);
    cluster.write(&without);
    cluster.succeeds();
    assert_eq!(lock(&cluster).identity, before);
    let locked = Asked { locked: true, ..Asked::default() };
    let built = cluster.build_as(locked, SystemTime::now());
    assert!(built.report.is_some(), "{}", said(&built));
    // Edited back, it is as it was.
    cluster.write(SPEC);
    cluster.succeeds();
    assert_eq!(lock(&cluster).identity, before);
    assert_eq!(states(&cluster, &ALL), ["existing"; 3]);
    // Gone, and then added once more: it joins, and etcd gives it another ID.
    cluster.write(&without);
    cluster.succeeds();
    cluster.record();
    assert!(!lock(&cluster).identity.members.contains_key("camellia"));
    cluster.write(SPEC);
    cluster.succeeds();
    assert_eq!(states(&cluster, &ALL), ["existing"; 3]);
    assert_eq!(lock(&cluster).identity.members["camellia"], None);
    assert_eq!(lock(&cluster).identity.cluster_id, before.cluster_id);
    // Taken back before that: as it was, also where a build came between.
    let cluster = Cluster::built(SPEC);
    let before = lock(&cluster).identity;
    cluster.record();
    cluster.write(&without);
    cluster.succeeds();
    cluster.record();
    cluster.succeeds();
    cluster.locked(|lock| lock.undo_member("camellia", LATER));
    cluster.write(SPEC);
    cluster.succeeds();
    assert_eq!(lock(&cluster).identity, before);
}

/// The members that a spec has besides others, of those of [`SPEC`].
fn only(names: &[&str]) -> String {
    let member =
        |(name, at): (&str, u8)| format!("[[member]]\nname = \"{name}\"\nip = \"10.0.0.{at}\"\n\n");
    let (from, to) = (SPEC.find("[[member]]").unwrap(), SPEC.find("[[client]]").unwrap());
    let members = ALL.into_iter().zip(1..).filter(|(name, _)| names.contains(name)).map(member);
    format!("{}{}{}", &SPEC[..from], members.collect::<String>(), &SPEC[to..])
}

/// Three become one, that is done, and they become three again: without a build in between, which had hidden it.
#[test]
fn members_that_are_gone_and_added_again_join_at_the_same_addresses_and_at_others() {
    for moved in [SPEC.to_owned(), SPEC.replace("10.0.0.2", "10.0.1.2").replace("0.0.3", "0.1.3")] {
        let cluster = Cluster::built(SPEC);
        let before = lock(&cluster).identity;
        cluster.record();
        let accept = "accept = [\"remove camellia orange\"]\n";
        cluster.write(only(&["pink"]).replace("[cluster]\n", &format!("[cluster]\n{accept}")));
        cluster.succeeds();
        cluster.record();
        cluster.write(&moved);
        let said = cluster.succeeds();
        assert!(said.contains("camellia: added") && said.contains("orange: added"), "{said}");
        assert_eq!(states(&cluster, &ALL), ["existing"; 3]);
        let after = lock(&cluster).identity;
        assert_eq!((after.members["camellia"], after.members["orange"]), (None, None));
        assert_eq!(
            (after.members["pink"], after.cluster_id),
            (before.members["pink"], before.cluster_id)
        );
        // A lock of before the removal, with the copy of now: the copy knows.
        let copy = cluster.read("out/pki/cluster.lock");
        let mut older = lock(&cluster);
        older.identity = before;
        older.recorded.members.values_mut().for_each(|record| record.since = 0);
        fs::write(cluster.path("cluster.lock"), older.text()).unwrap();
        cluster.succeeds();
        assert_eq!(cluster.lock(), copy);
    }
}

/// As a merge of two people's records may leave it. etcd has had all three in its list from the start.
#[test]
fn where_a_founder_is_not_recorded_the_members_cannot_change() {
    let partly = || {
        let cluster = Cluster::built(SPEC);
        cluster.record();
        cluster.recorded(|all| drop(all.members.remove("camellia")));
        cluster
    };
    let moved = SPEC.replace("10.0.0.3", "10.0.0.33");
    for (spec, place) in [
        (format!("{SPEC}{JOINER}"), ":18:8"),
        (moved.clone(), ":18:8"),
        (only(&["pink", "orange"]), ":2:1"),
        (SPEC.replace("10.0.0.2", "10.0.0.22"), ":18:8"),
    ] {
        let cluster = partly();
        let before = cluster.lock();
        cluster.write(&spec);
        let said = cluster.fails();
        assert!(
            said.contains("`camellia` founded the cluster, and cluster.lock does not"),
            "{said}"
        );
        assert!(said.contains(&format!("cluster.toml{place}")), "{said}");
        assert_eq!(cluster.lock(), before);
        // The help works as it is typed.
        cluster.write(SPEC);
        cluster.succeeds();
        assert_eq!(states(&cluster, &ALL), ["existing", "existing", "new"]);
        cluster.record();
        cluster.write(&spec);
        assert!(cluster.succeeds().contains("to be rolled out"));
    }
    // What is no list of members may change.
    let cluster = partly();
    cluster.write(SPEC.replace("[etcd]", "[etcd]\nsnapshot-count = 20000"));
    cluster.succeeds();
    assert_eq!(states(&cluster, &ALL), ["existing", "existing", "new"]);
}

#[test]
fn a_member_that_was_renamed_with_leave_keeps_its_id_and_is_no_founder() {
    let cluster = Cluster::built(SPEC);
    let before = lock(&cluster).identity;
    cluster.record();
    let renamed = SPEC.replace("\"camellia\"", "\"rose\"");
    let accepted = renamed.replace("[cluster]", "[cluster]\naccept = [\"rename camellia rose\"]");
    cluster.write(&accepted);
    for _ in 0..2 {
        assert!(cluster.succeeds().contains("camellia: renamed to rose"));
        assert_eq!(states(&cluster, &["pink", "orange", "rose"]), ["existing"; 3]);
        let after = lock(&cluster).identity;
        assert_eq!(after.members["rose"], before.members["camellia"]);
        assert_eq!(after.members["camellia"], before.members["camellia"], "it runs by that name");
    }
    // Beside one that joins, before it is recorded.
    cluster.write(format!("{accepted}{JOINER}"));
    cluster.succeeds();
    assert_eq!(states(&cluster, &["rose", "tulip"]), ["existing"; 2]);
    cluster.write(&accepted);
    cluster.record();
    cluster.succeeds();
    let after = lock(&cluster).identity;
    assert_eq!(after.members["rose"], before.members["camellia"]);
    assert!(!after.members.contains_key("camellia"));
    assert_eq!(states(&cluster, &["rose"]), ["existing"]);
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

fn with_state(state: &str) -> String {
    SPEC.replace("[etcd]", &format!("state = \"{state}\"\n\n[etcd]"))
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
fn the_ids_of_a_cluster_that_is_recorded_stay_where_existing_is_written() {
    let cluster = Cluster::built(SPEC);
    let before = lock(&cluster).identity;
    cluster.record();
    cluster.write(with_state("existing"));
    assert_eq!(cluster.succeeds(), "");
    assert_eq!(lock(&cluster).identity, before);
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

#[test]
fn the_number_of_the_list_of_revoked_certificates_is_known_to_every_clone() {
    let cluster = Cluster::built(format!("{SPEC}\n[ca]\ncrl = true\n"));
    let number = lock(&cluster).identity.crl.expect("a number");
    let module = cluster.read("target/cluster.rs");
    assert!(module.contains(&format!("crl: Some({number})")), "{module}");
    fs::remove_dir_all(cluster.path("out")).unwrap();
    assert!(cluster.build().report.is_some());
    assert_eq!(cluster.read("target/cluster.rs"), module);
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
