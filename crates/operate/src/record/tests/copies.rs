//! Which record is the later one, of a lock and its copy and by clocks that are wrong, and locks that tell nothing.

use super::scene::{NOW, both, files, lock, member, plain, recorded, refused, work, written};
use crate::record::decide::{Decision, Files, decide};
use crate::record::work::{Action, Recording};
use bouquet_lock::{Authority, Record};
use bouquet_model::cluster::ClusterId;

/// It comes with the records of the copy, and goes with them.
#[test]
fn an_older_lock_that_is_taken_for_true_keeps_the_id_of_its_cluster() {
    let mut old = recorded(&[]);
    old.identity.cluster_id = Some(ClusterId(3));
    let mut new = old.clone();
    new.identity.cluster_id = Some(ClusterId(4));
    for name in ["a", "b", "c"] {
        new.record_member(name, Some(member(&[("data-dir", "/new")])), NOW + 5);
    }
    let (back, ..) = written(&work(Action::FromLock, &[]), &both(&old, &new), NOW + 9);
    assert_eq!(back.identity, old.identity);
}

#[test]
fn a_lock_that_is_none_or_another_clusters_is_refused() {
    let work = || work(Action::Record, &[]);
    let mut other = lock();
    other.identity.token = "trees".to_owned();
    let said = refused(&work(), &files(&other));
    assert!(said.contains("has the token `trees`, and this program `flowers`"), "{said}");
    let cas = Recording { cas: vec![[1; 32]], ..work() };
    assert!(refused(&cas, &files(&lock())).contains("is of another cluster than this program"));
    let missing = Files { lock: None, ..files(&lock()) };
    let said = refused(&work(), &missing);
    assert!(said.contains("is missing") && said.contains("what runs is recorded in it"), "{said}");
    let text = lock().text();
    let marked = text.replace("[identity]", "<<<<<<< HEAD\n[identity]");
    let conflict = Files { lock: Some(marked.into_bytes()), ..files(&lock()) };
    let said = refused(&work(), &conflict);
    assert!(said.contains("conflict markers") && said.contains("rolled out last"), "{said}");
    let cut = Files { lock: Some(text.as_bytes()[..40].to_vec()), ..files(&lock()) };
    assert!(refused(&work(), &cut).contains("cut off"));
}

#[test]
fn an_older_lock_is_refused_with_both_dates_unless_it_is_to_be_taken_for_true() {
    let old = recorded(&[]);
    let mut later = work(Action::Record, &["b"]);
    later.compiled.members.get_mut("b").unwrap().options.insert("data-dir".into(), "/b".into());
    let (new, ..) = written(&later, &files(&old), NOW + 5);
    let files = both(&old, &new);
    for action in [Action::Record, Action::Undo] {
        let said = refused(&work(action, &[]), &files);
        assert!(said.contains("has older records than `/p/out/pki/cluster.lock`"), "{said}");
        let dates = "of the member `b`: 2027-01-15T08:00:00Z, and 2027-01-15T08:00:05Z in the copy";
        assert!(said.contains(dates) && said.contains("`bouquet done --from-lock`"), "{said}");
    }
    let (back, shown, _) = written(&work(Action::FromLock, &[]), &files, NOW + 9);
    assert_eq!(back.recorded.running(), old.recorded.running());
    assert_eq!(shown, "member `b`\n  data-dir /b → nothing\n");
    let record = &back.recorded.members["b"];
    assert_eq!((record.since, record.before.as_ref().unwrap().0), (NOW + 9, NOW + 5));
    // No copy elsewhere brings the later one back.
    assert!(back.recorded.later_in(&new.recorded).is_empty());
    let words = "nothing to take back: cluster.lock is not older than its copy in out/";
    let nothing = decide(&work(Action::FromLock, &[]), &both(&new, &old), NOW).unwrap();
    assert_eq!(nothing, Decision::Nothing(words.to_owned()));
    // What was never recorded by the older one is not recorded again.
    let (none, ..) = written(&work(Action::FromLock, &[]), &both(&lock(), &new), NOW + 9);
    assert!(none.recorded.is_empty() && none.recorded.members.len() == 3);
}

#[test]
fn a_clock_that_is_behind_makes_no_earlier_record() {
    let all = recorded(&[]);
    let (none, ..) = written(&work(Action::Undo, &[]), &files(&all), NOW - 1000);
    let since: Vec<i64> =
        none.recorded.members.values().map(|record: &Record<_>| record.since).collect();
    assert_eq!(since, [NOW + 1; 3]);
    assert_eq!(none.recorded.clients["root"].since, NOW + 1);
}

/// Two people, of whom one has a clock that is behind: each takes back the own record.
#[test]
fn what_was_recorded_last_is_the_latest_whatever_the_clocks_say() {
    let change = |name: &str| {
        let mut work = work(Action::Record, &[name]);
        work.compiled.members.get_mut(name).unwrap().options.insert("x".into(), "1".into());
        work
    };
    let (one, ..) = written(&change("b"), &files(&recorded(&[])), NOW + 3600);
    let (two, ..) = written(&change("c"), &files(&one), NOW + 10);
    assert_eq!(two.recorded.members["c"].since, NOW + 3601);
    let (back, shown, _) = written(&work(Action::Undo, &[]), &files(&two), NOW + 20);
    assert_eq!(shown, "member `c`\n  x 1 → nothing\n");
    assert_eq!(back.recorded.running(), one.recorded.running());
}

#[test]
fn what_could_not_be_read_again_is_not_written() {
    const LAST: i64 = 253_402_300_799;
    let mut late = recorded(&[]);
    late.recorded.members.get_mut("b").unwrap().since = LAST;
    for action in [Action::Record, Action::Undo, Action::FromLock] {
        let said = refused(&work(action, &[]), &files(&late));
        assert!(said.contains("a record of `b` since 9999-12-31T23:59:59Z"), "{said}");
    }
    late.recorded.members.get_mut("b").unwrap().since = LAST - 1;
    written(&work(Action::Undo, &["a", "b", "c"]), &files(&late), NOW);
    let failure = decide(&work(Action::Record, &[]), &files(&lock()), LAST + 1).unwrap_err();
    assert!(plain(&failure).contains("the clock of this machine is past the year 9999"));
    written(&work(Action::Record, &[]), &files(&lock()), LAST);
}

/// The copy is of before TLS was switched on elsewhere, and has what was recorded here.
#[test]
fn a_copy_without_cas_of_the_same_token_is_of_the_same_cluster() {
    let mut with_ca = lock();
    let ca = include_str!("../../../../lock/src/tests/ca.crt");
    with_ca.identity.authorities = [(1, Authority::of(ca).unwrap())].into();
    let files = both(&with_ca, &recorded(&[]));
    let said = refused(&work(Action::Record, &[]), &files);
    assert!(said.contains("has older records than"), "{said}");
    let mut other = recorded(&[]);
    other.identity.token = "trees".to_owned();
    written(&work(Action::Record, &[]), &both(&with_ca, &other), NOW);
}

#[test]
fn a_copy_that_cannot_be_read_is_no_reason() {
    let damaged = Files { copy: Some(b"x".to_vec()), ..files(&lock()) };
    written(&work(Action::Record, &[]), &damaged, NOW);
    let none = Files { copy: None, ..files(&lock()) };
    written(&work(Action::Record, &[]), &none, NOW);
}
