//! The IDs, and the number of the list of revoked certificates, as they follow from what is recorded as running,
//! while members move, go, come again, and are renamed.

use crate::support::cluster::{Cluster, SPEC, said};
use crate::support::state::{ALL, JOINER, LATER, lock, states, with_state};
use bouquet_build::Asked;
use std::fs;
use std::time::SystemTime;

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
fn the_number_of_the_list_of_revoked_certificates_is_known_to_every_clone() {
    let cluster = Cluster::built(format!("{SPEC}\n[ca]\ncrl = true\n"));
    let number = lock(&cluster).identity.crl.expect("a number");
    let module = cluster.read("target/cluster.rs");
    assert!(module.contains(&format!("crl: Some({number})")), "{module}");
    fs::remove_dir_all(cluster.path("out")).unwrap();
    assert!(cluster.build().report.is_some());
    assert_eq!(cluster.read("target/cluster.rs"), module);
}
