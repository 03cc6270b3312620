//! States and IDs of odd records, which no build leaves in one step.

use super::{Settled, after, compare, settle};
use crate::check::Proven;
use bouquet_lock::Lock;
use bouquet_model::cluster::{MemberId, State};
use bouquet_model::running::Running;
use std::collections::BTreeSet;

const SPEC: &str = "[cluster]\ntoken = 'berlin'\netcd = '3.5'\n[tls]\nenabled = false\n\
                    [etcd]\ndata-dir = '/data/etcd'\n\
                    [[member]]\nname = 'pink'\nip = '10.0.0.1'\n\
                    [[member]]\nname = 'orange'\nip = '10.0.0.2'\n\
                    [[member]]\nname = 'camellia'\nip = '10.0.0.3'\n";

fn proven(spec: &str) -> Proven {
    crate::prove(spec.as_bytes()).0.expect("a cluster")
}

/// Returns the lock after a build of that spec, in which nobody is recorded.
fn built(spec: &str) -> Lock {
    let known = Lock::default();
    let Settled { proven, .. } = settle(&proven(spec), None, 0).expect("states");
    after(known.identity, &proven.cluster, &[], known.issued, known.recorded, 0)
}

/// Returns the lock after the next build, and the cluster that is compiled.
fn rebuilt(lock: &Lock, spec: &str) -> (Lock, Settled) {
    let settled = settle(&proven(spec), Some(lock), 0).expect("states");
    let Lock { identity, issued, recorded } = lock.clone();
    let next = after(identity, &settled.proven.cluster, &[], issued, recorded, 0);
    (next, settled)
}

fn record(lock: &mut Lock, spec: &str) {
    for (name, what) in Running::of(&proven(spec).cluster, &[]).members {
        lock.record_member(&name, Some(what), 1);
    }
}

fn id(settled: &Settled, name: &str) -> Option<MemberId> {
    settled.proven.cluster.member(name).expect("a member").id
}

/// etcd knows a member by its URLs, whatever it is called.
#[test]
fn members_that_exchange_their_names_keep_the_ids_of_their_urls() {
    let mut lock = built(SPEC);
    record(&mut lock, SPEC);
    let swapped =
        SPEC.replace("'pink'", "'x'").replace("'orange'", "'pink'").replace("'x'", "'orange'");
    let mut before = lock.clone();
    for _ in 0..2 {
        let (next, settled) = rebuilt(&before, &swapped);
        assert_eq!(id(&settled, "pink"), lock.id("orange"));
        assert_eq!(id(&settled, "orange"), lock.id("pink"));
        assert_eq!(
            next.identity, lock.identity,
            "what runs, runs by its name until that is recorded"
        );
        assert!(compare(&settled.proven.cluster, Some(&next), &BTreeSet::new()).is_empty());
        before = next;
    }
}

/// As `docs/changes.md` tells of one that takes another one's address, and so its place.
#[test]
fn a_member_that_takes_the_address_of_another_is_that_one_to_etcd() {
    let mut lock = built(SPEC);
    record(&mut lock, SPEC);
    let spec =
        SPEC.replace("10.0.0.2", "10.0.0.22") + "[[member]]\nname = 'rose'\nip = '10.0.0.2'\n";
    let mut before = lock.clone();
    for _ in 0..2 {
        let (next, settled) = rebuilt(&before, &spec);
        assert_eq!((id(&settled, "rose"), id(&settled, "orange")), (lock.id("orange"), None));
        assert_eq!(next.id("orange"), lock.id("orange"), "it runs by that name");
        before = next;
    }
}

/// A release without a lock left no IDs; what it was built for is recorded as running.
#[test]
fn the_ids_of_a_release_without_a_lock_are_those_of_the_urls_that_it_had() {
    let founded = built(SPEC).identity;
    let mut lock = Lock::default();
    record(&mut lock, SPEC);
    lock.identity.members.clear();
    let moved = SPEC.replace("10.0.0.2", "10.0.0.22");
    let added = format!("{moved}[[member]]\nname = 'rose'\nip = '10.0.0.4'\n");
    for spec in [SPEC, &moved, &added] {
        let (next, settled) = rebuilt(&lock, spec);
        assert_eq!(next.identity.cluster_id, founded.cluster_id, "{spec}");
        for (name, known) in &founded.members {
            assert_eq!(next.identity.members[name], *known, "{name}");
        }
        assert!(settled.proven.cluster.members.iter().all(|it| it.state == State::Existing));
    }
    // One that joined has an ID that etcd made, and so has the cluster.
    for record in lock.recorded.members.values_mut() {
        let what = record.what.as_mut().expect("a record");
        what.options.insert("initial-cluster-state".into(), "existing".into());
    }
    let (next, _) = rebuilt(&lock, SPEC);
    assert_eq!(next.identity.cluster_id, None);
    assert!(next.identity.members.values().all(Option::is_none));
}

#[test]
fn a_cluster_that_was_described_as_running_does_not_become_new_without_a_word() {
    let described = SPEC.replace("etcd = '3.5'", "etcd = '3.5'\nstate = 'existing'");
    let lock = built(&described);
    let (next, settled) = rebuilt(&lock, SPEC);
    let [said] = settled.said.as_slice() else { panic!("{:?}", settled.said) };
    assert!(said.message.contains("was to join a cluster that runs, and founds one from now on"));
    assert!(said.help[0].contains("write `state = \"existing\"` again"), "{said:?}");
    assert!(rebuilt(&next, SPEC).1.said.is_empty(), "it is said once");
    // The help works: nothing of it stays.
    let (back, settled) = rebuilt(&next, &described);
    assert!(settled.said.is_empty(), "{:?}", settled.said);
    assert_eq!(back.identity.members, lock.identity.members);
    // One that is recorded, and one that joins, are no matter of it.
    let mut recorded = lock;
    record(&mut recorded, &described);
    assert!(rebuilt(&recorded, SPEC).1.said.is_empty());
}
