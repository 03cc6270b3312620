//! What is recorded and taken back by its name, and what of it is refused.

use super::scene::{
    NOW, both, client, files, lock, plain, recorded, refused, running, work, written,
};
use crate::exit::Exit;
use crate::record::decide::{Decision, decide};
use crate::record::work::{Action, Recording};
use bouquet_lock::Entry;
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::change::Subject;
use bouquet_model::digest::Digest;
use bouquet_x509::fingerprint;

#[test]
fn all_that_is_compiled_is_recorded_and_then_there_is_nothing_to_record() {
    let (all, shown, said) = written(&work(Action::Record, &[]), &files(&lock()), NOW);
    assert_eq!(all.recorded.running(), running(&["a", "b", "c"]));
    assert!(all.recorded.members.values().all(|record| record.since == NOW));
    assert_eq!(shown, "members `a`, `b`, `c`\n  to be recorded\nclient `root`\n  to be recorded\n");
    assert_eq!(
        said,
        "recorded 3 members and 1 client\nthe next build writes `initial-cluster-state=existing` for \
         `a` and 2 more: no file has to be copied for that\nnext: commit cluster.lock"
    );
    let again = decide(&work(Action::Record, &[]), &files(&all), NOW + 9);
    let words = "nothing to record: cluster.lock has what is compiled";
    assert_eq!(again.unwrap(), Decision::Nothing(words.to_owned()));
}

#[test]
fn a_name_is_a_members_or_a_clients() {
    let both = recorded(&["root"]);
    assert!(both.recorded.members.is_empty());
    assert_eq!(both.recorded.clients.keys().collect::<Vec<_>>(), ["root"]);
    let mut namesake = work(Action::Record, &["a", "b"]);
    namesake.compiled.clients.insert("a".to_owned(), client("http://a:1"));
    let (lock, ..) = written(&namesake, &files(&lock()), NOW);
    assert!(lock.recorded.clients.contains_key("a") && lock.recorded.members.contains_key("a"));
    let unknown = decide(&work(Action::Record, &["roto"]), &files(&lock), NOW).unwrap_err();
    assert_eq!(unknown.exit, Exit::Misused);
    assert!(plain(&unknown).contains("did you mean `root`?"), "{}", plain(&unknown));
}

#[test]
fn what_follows_from_others_is_no_reason_to_record_and_all_else_is() {
    let all = recorded(&[]);
    let mut later = work(Action::Record, &[]);
    for member in later.compiled.members.values_mut() {
        member.options.insert("initial-cluster-state".into(), "existing".into());
        member.options.insert("initial-cluster".into(), "a=http://a:2380".into());
    }
    assert!(matches!(decide(&later, &files(&all), NOW), Ok(Decision::Nothing(_))));
    later.compiled.members.get_mut("b").unwrap().options.insert("data-dir".into(), "/b".into());
    later.compiled.clients.clear();
    let (lock, shown, said) = written(&later, &files(&all), NOW + 5);
    assert_eq!(
        shown,
        "member `b`\n  data-dir nothing → /b\nclient `root`\n  to be recorded as gone\n"
    );
    assert_eq!(said, "recorded 1 member and 1 client\nnext: commit cluster.lock");
    assert_eq!(lock.recorded.members["a"], all.recorded.members["a"]);
    let record = &lock.recorded.members["b"];
    assert_eq!((record.since, record.before.as_ref().unwrap().0), (NOW + 5, NOW));
    assert_eq!(record.what.as_ref(), later.compiled.members.get("b"));
    let gone = &lock.recorded.clients["root"];
    assert!(gone.what.is_none() && gone.since == NOW + 5 && gone.before.is_some());
}

/// As in a clone without keys, where a member was added.
#[test]
fn what_lacks_a_certificate_is_not_recorded() {
    // The third one joins.
    let joining = |names: &[&str]| {
        let mut work = work(Action::Record, names);
        let joins = work.compiled.members.get_mut("c").unwrap();
        joins.options.insert("initial-cluster-state".into(), "existing".into());
        work
    };
    let mut known = lock();
    known.identity.members.insert("c".to_owned(), None);
    let (two, ..) = written(&joining(&["a", "b", "root"]), &files(&known), NOW);
    let lacking = |names: &[&str]| Recording {
        unissued: [Subject::Member("c".to_owned())].into(),
        ..joining(names)
    };
    for names in [&[][..], &["c"], &["a", "c"]] {
        let said = refused(&lacking(names), &files(&two));
        assert!(said.starts_with("error: no certificate was issued for member `c`\n"), "{said}");
        assert!(said.contains("build where the keys are and commit cluster.lock there"), "{said}");
    }
    // Nothing of it is asked of the others, nor of one that is recorded as it is.
    let mut changed = lacking(&["a"]);
    changed.compiled.members.get_mut("a").unwrap().options.insert("data-dir".into(), "/a".into());
    assert_eq!(written(&changed, &files(&two), NOW + 1).0.recorded.running().members.len(), 2);
    let (all, ..) = written(&joining(&[]), &files(&lock()), NOW);
    assert!(matches!(decide(&lacking(&[]), &files(&all), NOW + 1), Ok(Decision::Nothing(_))));
}

#[test]
fn a_record_is_taken_back_once() {
    let all = recorded(&[]);
    let mut later = work(Action::Record, &["b"]);
    later.compiled.members.get_mut("b").unwrap().options.insert("data-dir".into(), "/b".into());
    let (changed, ..) = written(&later, &files(&all), NOW + 5);
    // Without a name, that which was recorded the last time.
    let (back, shown, said) = written(&work(Action::Undo, &[]), &files(&changed), NOW + 9);
    assert_eq!(back.recorded.running(), all.recorded.running());
    assert_eq!(shown, "member `b`\n  data-dir /b → nothing\n");
    assert_eq!(said, "took back the record of 1 member\nnext: commit cluster.lock");
    assert_eq!(back.recorded.members["b"].since, NOW + 9);
    // The second time nothing is recorded again, and nobody else's record goes.
    for names in [&[][..], &["b"]] {
        let again = decide(&work(Action::Undo, names), &files(&back), NOW + 10).unwrap();
        let words = "nothing to take back: the last record was taken back already; `bouquet done` records \
                     what is compiled";
        assert_eq!(again, Decision::Nothing(words.to_owned()));
    }
    let (redone, ..) = written(&later, &files(&back), NOW + 11);
    assert_eq!(redone.recorded.running(), changed.recorded.running());
    let (back, ..) = written(&work(Action::Undo, &[]), &files(&redone), NOW + 12);
    assert_eq!(back.recorded.running(), all.recorded.running());
}

#[test]
fn the_first_record_is_taken_back_once() {
    let all = recorded(&[]);
    // Nothing is recorded then, and members found the cluster once more.
    let (none, shown, said) = written(&work(Action::Undo, &[]), &files(&all), NOW + 5);
    assert!(none.recorded.is_empty() && none.recorded.members.len() == 3);
    assert!(shown.contains("members `a`, `b`, `c`\n  to be recorded no more\n"), "{shown}");
    assert!(said.contains("`initial-cluster-state=new` for `a` and 2 more"), "{said}");
    assert!(said.contains("copy those of that build before the start"), "{said}");
    assert!(!said.contains("no file has to be copied"), "{said}");
    let again = decide(&work(Action::Undo, &[]), &files(&none), NOW + 9).unwrap();
    assert!(matches!(again, Decision::Nothing(said) if said.contains("taken back already")));
    let words = "nothing to take back: nothing is recorded";
    let nothing = decide(&work(Action::Undo, &[]), &files(&lock()), NOW).unwrap();
    assert_eq!(nothing, Decision::Nothing(words.to_owned()));
}

/// One that is added again by its name is another member to etcd.
#[test]
fn the_id_of_a_member_that_is_gone_goes_and_a_build_is_promised_nothing_for_it() {
    let all = recorded(&[]);
    let mut less = work(Action::Record, &[]);
    less.compiled = running(&["a"]);
    let (gone, _, said) = written(&less, &files(&all), NOW + 1);
    assert_eq!(gone.identity.members.keys().collect::<Vec<_>>(), ["a"]);
    assert!(!said.contains("initial-cluster-state"), "{said}");
    let undo = Recording { action: Action::Undo, ..less };
    let (back, ..) = written(&undo, &files(&gone), NOW + 2);
    assert_eq!(back.identity, all.identity);
    assert!(matches!(decide(&undo, &files(&back), NOW + 3), Ok(Decision::Nothing(_))));
    // A copy of before knows it no better.
    let (merged, ..) = written(&undo, &both(&gone, &all), NOW + 2);
    assert_eq!(merged.identity, all.identity);
    let renamed = Recording { action: Action::Record, ..undo };
    let renamed = Recording { compiled: running(&["a", "b", "tulip"]), ..renamed };
    let (_, _, said) = written(&renamed, &files(&all), NOW + 1);
    assert!(!said.contains("initial-cluster-state=new"), "{said}");
}

fn certificate(kind: Kind, owner: Option<&str>, serial: &str, not_before: i64) -> Certificate {
    Certificate {
        kind,
        owner: owner.map(|owner| owner.to_owned().into()),
        common_name: "x".into(),
        sans: Vec::new().into(),
        serial: serial.to_owned().into(),
        limits_addresses: false,
        fingerprint: [not_before.to_le_bytes()[0]; 32],
        not_before,
        not_after: NOW + 1000,
    }
}

/// As by the binary of before a renewal: `cluster.toml` is the same.
#[test]
fn a_program_with_a_certificate_that_was_replaced_records_nothing_of_its_owner() {
    for (kind, owner, whose) in [
        (Kind::Server, Some("b"), "a later server certificate of `b`"),
        (Kind::ServerAndPeer, None, "a later server+peer certificate of all members"),
        (Kind::Client, Some("root"), "a later client certificate of `root`"),
    ] {
        let (old, new) = (certificate(kind, owner, "0a", 10), certificate(kind, owner, "0b", 20));
        let mut lock = lock();
        lock.issued.enter("0b", Entry { facts: None, ..Entry::of(&new, 1, 1) });
        let former = Recording { certificates: vec![old], ..work(Action::Record, &[]) };
        let said = refused(&former, &files(&lock));
        assert!(said.contains(whose) && said.contains("`cargo run -- done`"), "{said}");
        let built = Recording { certificates: vec![new], ..work(Action::Record, &[]) };
        let (recorded, ..) = written(&built, &files(&lock), NOW);
        // What is recorded already, or of another, or taken back, records no certificate.
        assert!(matches!(decide(&former, &files(&recorded), NOW), Ok(Decision::Nothing(_))));
        let undo = Recording { action: Action::Undo, ..former };
        written(&undo, &files(&recorded), NOW + 1);
        let other = Recording { action: Action::Record, names: vec!["root".into()], ..undo };
        assert_eq!(decide(&other, &files(&lock), NOW).is_err(), kind == Kind::Client);
    }
}

#[test]
fn what_is_compiled_has_to_be_what_the_spec_says() {
    for (source, word) in [
        (Some(Digest(fingerprint(b"other"))), "is not the text that this program was built from"),
        (None, "does not know from which cluster.toml it was built"),
    ] {
        let work = Recording { source, ..work(Action::Record, &["a", "b"]) };
        let said = refused(&work, &files(&lock()));
        assert!(said.contains(word) && said.contains("`cargo run -- done a b`"), "{said}");
        // Taking back records nothing that is compiled.
        let undo = Recording { action: Action::Undo, names: Vec::new(), ..work };
        written(&undo, &files(&recorded(&[])), NOW + 1);
    }
}

#[test]
fn many_clients_are_counted() {
    let mut many = work(Action::Record, &[]);
    many.compiled.clients =
        (0..10_000).map(|at| (format!("client-{at:05}"), client("http://a:2379"))).collect();
    let (lock, shown, said) = written(&many, &files(&lock()), NOW);
    assert_eq!(lock.recorded.clients.len(), 10_000);
    assert!(shown.contains("`client-00011` and 9988 more\n  to be recorded\n"), "{shown}");
    assert!(said.starts_with("recorded 3 members and 10000 clients\n"), "{said}");
}

/// etcd gave the new one another ID, also where all else is as before.
#[test]
fn a_new_member_in_the_place_of_one_has_an_id_that_is_not_known() {
    let before = recorded(&[]);
    let replaced = Recording { replaced: ["b".to_owned()].into(), ..work(Action::Record, &[]) };
    let (lock, shown, _) = written(&replaced, &files(&before), NOW + 1);
    assert_eq!((lock.id("a"), lock.id("b")), (before.id("a"), None));
    assert!(
        shown.contains("ID ") && shown.contains("→ the one that etcd gave the new member"),
        "{shown}"
    );
    assert_eq!(lock.recorded.running(), before.recorded.running());
    let (back, ..) = written(&work(Action::Undo, &[]), &files(&lock), NOW + 2);
    assert_eq!(back.id("b"), before.id("b"));
    let again = decide(&work(Action::Undo, &[]), &files(&back), NOW + 3);
    assert!(matches!(again, Ok(Decision::Nothing(_))), "{again:?}");
    // Of others nothing is said.
    let other = Recording { names: vec!["a".to_owned()], ..replaced };
    assert!(matches!(decide(&other, &files(&before), NOW), Ok(Decision::Nothing(_))));
}

/// With all else that differs, in one record.
#[test]
fn a_new_member_with_other_options_is_taken_back_as_a_whole() {
    let before = recorded(&[]);
    let mut replaced = Recording { replaced: ["b".to_owned()].into(), ..work(Action::Record, &[]) };
    for member in replaced.compiled.members.values_mut() {
        member.options.insert("snapshot-count".to_owned(), "5000".to_owned());
    }
    let (lock, ..) = written(&replaced, &files(&before), NOW + 1);
    assert_eq!(lock.id("b"), None);
    let (back, ..) = written(&work(Action::Undo, &[]), &files(&lock), NOW + 2);
    assert_eq!(back.recorded.running(), before.recorded.running());
    assert_eq!(back.id("b"), before.id("b"));
}
