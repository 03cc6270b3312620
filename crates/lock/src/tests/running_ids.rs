//! What a record does to the IDs, and what becomes of both when it is taken back.

use super::example as lock;
use super::records::{NOON, member};
use crate::{Lock, Record};
use bouquet_model::cluster::{ClusterId, MemberId};
use bouquet_model::running::RunningMember;

/// The file is of before the members that found the cluster were recorded, and the copy of after it.
#[test]
fn records_that_are_taken_in_bring_the_id_that_the_cluster_was_founded_with() {
    let mut theirs = founded();
    theirs.identity.cluster_id = Some(ClusterId(0xc4));
    let mut ours = Lock::default();
    ours.identity.cluster_id = Some(ClusterId(0xc3));
    ours.identity.members =
        [("pink".into(), Some(MemberId(1))), ("rose".into(), Some(MemberId(9)))].into();
    let mut older = ours.clone();
    older.take_in(&theirs).unwrap();
    assert_eq!(older, theirs);
    // Where a record of ours stays, the ID is of it.
    let mut recorded = ours.clone();
    recorded.record_member("rose", Some(at("https://10.0.0.9:2380")), NOON);
    recorded.take_in(&theirs).unwrap();
    assert_eq!(recorded.identity.cluster_id, Some(ClusterId(0xc3)));
    // A record that was taken back founds nothing.
    let mut undone = theirs.clone();
    for name in ["pink", "tulip"] {
        undone.undo_member(name, NOON + 1);
    }
    ours.take_in(&undone).unwrap();
    assert_eq!(ours.identity.cluster_id, Some(ClusterId(0xc3)));
}

/// Its date stays, as that of a member does.
#[test]
fn the_record_of_a_client_is_taken_back_once() {
    let mut lock = lock();
    lock.undo_client("root", NOON + 1);
    let once = lock.clone();
    lock.undo_client("root", NOON + 2);
    assert_eq!(lock, once);
    lock.undo_client("nobody", NOON + 3);
    assert_eq!(lock, once);
}

fn at(url: &str) -> RunningMember {
    let url = ("initial-advertise-peer-urls".to_owned(), url.to_owned());
    RunningMember { options: [url].into(), ..member("/d") }
}

/// Returns a lock of two that found a cluster, and are recorded.
fn founded() -> Lock {
    let mut lock = Lock::default();
    let id = |(name, id): (&str, u64)| (name.to_owned(), Some(MemberId(id)));
    lock.identity.members = [("pink", 1), ("tulip", 2)].map(id).into();
    for (name, url) in [("pink", "https://10.0.0.1:2380"), ("tulip", "https://10.0.0.2:2380")] {
        lock.record_member(name, Some(at(url)), NOON);
    }
    lock
}

#[test]
fn the_id_of_a_member_that_is_gone_goes_and_comes_back_when_that_is_taken_back() {
    let all = founded();
    assert_eq!(all.recorded.members["tulip"].id, None, "it changes no ID");
    let mut lock = all.clone();
    lock.record_member("tulip", None, NOON + 1);
    let gone = lock.clone();
    assert!(!lock.identity.members.contains_key("tulip") && lock.id("tulip").is_none());
    assert_eq!(lock.unrecorded_founders(), [].into());
    lock.undo_member("tulip", NOON + 2);
    assert_eq!(lock.identity, all.identity);
    assert_eq!(lock.recorded.running(), all.recorded.running());
    lock.undo_member("tulip", NOON + 3);
    assert_eq!(lock.identity, all.identity, "it is taken back once");
    // Added by its name, it is another member; and what was can still be taken back.
    lock.record_member("tulip", None, NOON + 4);
    lock.identity.members.insert("tulip".into(), None);
    lock.record_member("tulip", Some(at("https://10.0.0.3:2380")), NOON + 5);
    assert_eq!((lock.id("tulip"), lock.recorded.members["tulip"].id), (None, None));
    // The line of its ID is there again after a merge, and says nothing.
    let mut merged = gone;
    merged.identity.members.insert("tulip".into(), Some(MemberId(2)));
    assert_eq!((merged.id("tulip"), merged.unrecorded_founders()), (None, [].into()));
}

#[test]
fn the_id_of_a_member_at_another_address_is_unknown_once_that_is_recorded() {
    let all = founded();
    let mut lock = all.clone();
    lock.record_member("tulip", Some(at("http://10.0.0.2:2380")), NOON + 1);
    assert_eq!(lock.id("tulip"), all.id("tulip"), "another scheme is no other address");
    lock.record_member("tulip", Some(at("http://10.0.0.3:2380")), NOON + 2);
    assert_eq!(lock.identity.members["tulip"], None);
    lock.undo_member("tulip", NOON + 3);
    assert_eq!(lock.id("tulip"), all.id("tulip"));
}

#[test]
fn a_founder_whose_record_is_taken_back_is_not_gone() {
    let all = founded();
    let mut lock = all.clone();
    lock.undo_member("tulip", NOON + 1);
    assert_eq!((lock.id("tulip"), lock.unrecorded_founders()), (all.id("tulip"), ["tulip"].into()));
    lock.undo_member("tulip", NOON + 2);
    lock.undo_member("tulip", NOON + 3);
    assert_eq!(lock.unrecorded_founders(), ["tulip"].into());
    // Where nothing is recorded, nothing runs as far as is known.
    lock.undo_member("pink", NOON + 4);
    assert_eq!(lock.unrecorded_founders(), [].into());
    // A founder that was renamed is no other one.
    let mut renamed = all;
    renamed.identity.members.insert("rose".into(), Some(MemberId(2)));
    assert_eq!(renamed.unrecorded_founders(), [].into());
}

/// The ID goes with the record that says what became of it.
#[test]
fn a_later_record_brings_what_it_did_to_the_id() {
    let (mut ours, mut theirs) = (founded(), founded());
    theirs.record_member("tulip", None, NOON + 1);
    ours.take_in(&theirs).unwrap();
    assert_eq!(ours, theirs);
    let mut back = theirs.clone();
    back.undo_member("tulip", NOON + 2);
    ours.take_in(&back).unwrap();
    assert_eq!(ours, back);
    // And what was taken from an older one is put back with it.
    ours.put_back_member("tulip", &theirs, NOON + 3);
    assert_eq!((ours.id("tulip"), &ours.identity), (None, &theirs.identity));
}

#[test]
fn taking_a_record_back_is_later_than_it_and_happens_once() {
    let first = Record::after(None, Some("one"), NOON);
    assert_eq!(first, Record { since: NOON, what: Some("one"), before: None, id: None });
    // The clock stood still, or went back.
    let second = Record::after(Some(&first), Some("two"), NOON - 10);
    assert_eq!(second.since, NOON + 1);
    let undone = second.undone(NOON + 60);
    assert_eq!((undone.since, undone.what), (NOON + 60, Some("one")));
    assert_eq!(undone.before, Some((NOON, Some("one"))));
    assert_eq!(undone.undone(NOON + 61).what, Some("one"));
    let nothing = first.undone(NOON + 60);
    assert_eq!((nothing.since, nothing.what, &nothing.before), (NOON + 60, None, &None));
    assert_eq!(nothing.undone(NOON + 61).what, None);
    // One that comes later can be taken back again.
    let third = Record::after(Some(&undone), Some("three"), NOON + 70);
    assert_eq!(third.undone(NOON + 71).what, Some("one"));
}
