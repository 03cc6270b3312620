//! Those that found a cluster: recorded with a quorum of them, and taken back all together.

use super::scene::{
    NOW, both, files, lock, lock_of, member, recorded, refused, running, work, written,
};
use crate::record::work::{Action, Recording};

#[test]
fn fewer_founders_than_a_quorum_are_not_recorded_while_none_is() {
    let said = refused(&work(Action::Record, &["a"]), &files(&lock()));
    assert!(said.starts_with("error: 1 of 3 members are too few for the first record"), "{said}");
    assert!(said.contains("incompatible with current running cluster"), "{said}");
    assert!(said.contains("start 2 of them, then `bouquet done`"), "{said}");
    // A quorum can.
    assert_eq!(recorded(&["a", "b"]).recorded.members.len(), 3);
    // A client alone asks for nothing of members.
    assert_eq!(recorded(&["root"]).recorded.members.len(), 0);
    // One that described a cluster which ran already has founded nothing.
    let mut described = work(Action::Record, &["a"]);
    for member in described.compiled.members.values_mut() {
        member.options.insert("initial-cluster-state".into(), "existing".into());
    }
    let mut unknown = lock();
    unknown.identity.members.values_mut().for_each(|id| *id = None);
    let (one, _, said) = written(&described, &files(&unknown), NOW);
    assert_eq!(one.recorded.members.len(), 1);
    assert!(!said.contains("initial-cluster-state"), "{said}");
    // And one alone is its quorum.
    let mut alone = work(Action::Record, &["a"]);
    alone.compiled = running(&["a"]);
    assert_eq!(written(&alone, &files(&lock_of(&["a"])), NOW).0.recorded.members.len(), 1);
}

/// It was built when all were recorded, so that it has `existing`; what was taken back since then counts.
#[test]
fn a_program_of_before_an_undo_records_no_founder_alone_and_none_without_the_others() {
    let all = recorded(&[]);
    let (none, ..) = written(&work(Action::Undo, &[]), &files(&all), NOW + 1);
    let built = |names: &[&str]| {
        let mut work = work(Action::Record, names);
        for member in work.compiled.members.values_mut() {
            member.options.insert("initial-cluster-state".into(), "existing".into());
        }
        work
    };
    let said = refused(&built(&["a"]), &files(&none));
    assert!(said.starts_with("error: 1 of 3 members are too few for the first record"), "{said}");
    let (three, _, said) = written(&built(&["a", "b"]), &files(&none), NOW + 2);
    assert_eq!(three.recorded.running().members.len(), 3);
    assert!(said.contains("`c` too: all that founded the cluster are"), "{said}");
}

/// etcd lists all of them once a quorum runs: one that was not recorded would be counted by nobody.
#[test]
fn all_founders_are_recorded_with_a_quorum_of_them() {
    let (three, shown, said) = written(&work(Action::Record, &["a", "b"]), &files(&lock()), NOW);
    assert_eq!(three.recorded.running().members, running(&["a", "b", "c"]).members);
    assert_eq!(shown, "members `a`, `b`, `c`\n  to be recorded\n");
    assert!(
        said.starts_with("recorded 3 members\n`c` too: all that founded the cluster are"),
        "{said}"
    );
    assert!(!said.contains("``"), "{said}");
    let five = ["a", "b", "c", "d", "e"];
    let mut work = work(Action::Record, &five[..3]);
    work.compiled = running(&five);
    let (all, ..) = written(&work, &files(&lock_of(&five)), NOW);
    assert_eq!(all.recorded.running().members.len(), 5);
    // As a merge may leave it, or an earlier release: whatever is recorded next.
    let mut partly = all;
    partly.recorded.members.retain(|name, _| five[..3].contains(&name.as_str()));
    work.names = vec!["root".to_owned()];
    let (all, ..) = written(&work, &files(&partly), NOW + 1);
    assert_eq!(all.recorded.running().members.len(), 5);
    // One that joins is recorded by its own name alone.
    work.names = vec!["a".to_owned()];
    work.compiled.members.get_mut("a").unwrap().options.insert("x".into(), "1".into());
    let joins = work.compiled.members.get_mut("e").unwrap();
    joins.options.insert("initial-cluster-state".into(), "existing".into());
    let mut without = all;
    without.record_member("e", None, NOW + 2);
    let (lock, _, said) = written(&work, &files(&without), NOW + 3);
    assert!(!lock.recorded.runs("e") && !said.contains(" too: "), "{said}");
}

#[test]
fn an_undo_that_leaves_some_founders_recorded_is_refused() {
    let all = recorded(&[]);
    for names in [&["a"][..], &["a", "b"]] {
        let said = refused(&work(Action::Undo, names), &files(&all));
        assert!(said.contains("would not be recorded, while others that founded"), "{said}");
        assert!(said.contains("`bouquet done --undo a b c`"), "{said}");
    }
    let (none, ..) = written(&work(Action::Undo, &["a", "b", "c"]), &files(&all), NOW + 1);
    assert!(none.recorded.running().members.is_empty());
    // A later record of one is taken back alone.
    let mut later = work(Action::Record, &["b"]);
    later.compiled.members.get_mut("b").unwrap().options.insert("data-dir".into(), "/b".into());
    let (changed, ..) = written(&later, &files(&all), NOW + 5);
    let (back, ..) = written(&work(Action::Undo, &["b"]), &files(&changed), NOW + 9);
    assert_eq!(back.recorded.running(), all.recorded.running());
    // As is one that joined.
    let mut four = work(Action::Record, &["d"]);
    four.compiled = running(&["a", "b", "c", "d"]);
    let joins = four.compiled.members.get_mut("d").unwrap();
    joins.options.insert("initial-cluster-state".into(), "existing".into());
    let (joined, ..) = written(&four, &files(&all), NOW + 5);
    let undo = Recording { action: Action::Undo, ..four };
    assert!(!written(&undo, &files(&joined), NOW + 9).0.recorded.runs("d"));
    // An older lock is taken for true of all of them, or of none.
    let said = refused(&work(Action::FromLock, &["a"]), &both(&lock(), &all));
    assert!(said.contains("would not be recorded") && !said.contains("--undo"), "{said}");
    assert!(said.contains("of all: `bouquet done --from-lock`"), "{said}");
    let (none, ..) = written(&work(Action::FromLock, &[]), &both(&lock(), &all), NOW + 9);
    assert!(none.recorded.running().members.is_empty());
    // Also where the lock itself has some of them alone.
    let mut some = lock();
    for name in ["a", "b"] {
        some.record_member(name, Some(member(&[])), NOW - 9);
    }
    let said = refused(&work(Action::FromLock, &[]), &both(&some, &all));
    assert!(said.contains("from git in which all of them are recorded, or none"), "{said}");
}

/// What it goes back to is a record too, and a record is taken back once.
#[test]
fn a_founder_that_was_recorded_twice_is_named_with_a_way_that_works() {
    let all = recorded(&[]);
    let mut later = work(Action::Record, &["b"]);
    later.compiled.members.get_mut("b").unwrap().options.insert("data-dir".into(), "/b".into());
    let (changed, ..) = written(&later, &files(&all), NOW + 5);
    for names in [&["a", "b", "c"][..], &["a"]] {
        let said = refused(&work(Action::Undo, names), &files(&changed));
        assert!(said.contains("would not be recorded"), "{said}");
        assert!(!said.contains("--undo a b c"), "{said}");
        let twice =
            "`b` was recorded twice: `--undo` goes back to its record of 2027-01-15T08:00:00Z";
        assert!(said.contains(twice), "{said}");
        assert!(said.contains("`bouquet done --undo b`"), "{said}");
        assert!(said.contains("from before anything was recorded"), "{said}");
        assert!(said.contains("then `bouquet done --from-lock`"), "{said}");
    }
    let (back, ..) = written(&work(Action::Undo, &["b"]), &files(&changed), NOW + 9);
    assert_eq!(back.recorded.running(), all.recorded.running());
    // After that alone, nothing else is said.
    let said = refused(&work(Action::Undo, &["a", "b", "c"]), &files(&back));
    assert!(said.contains("`b` was recorded twice") && !said.contains("--undo b`"), "{said}");
    for copy in [&changed, &back] {
        let (none, ..) = written(&work(Action::FromLock, &[]), &both(&lock(), copy), NOW + 19);
        assert!(none.recorded.is_empty());
        assert_eq!(none.identity, lock().identity);
    }
}
