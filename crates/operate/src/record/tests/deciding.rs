//! What is recorded, what is refused, and what two copies of a lock make of it.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::package::Package;
use crate::record::decide::{Decision, Files, decide};
use crate::record::work::{Action, Looking, Recording};
use bouquet_lock::{Authority, Entry, Lock, Record, read};
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::change::Subject;
use bouquet_model::cluster::{ClusterId, MemberId};
use bouquet_model::digest::Digest;
use bouquet_model::running::{Running, RunningClient, RunningMember};
use bouquet_model::version::EtcdVersion;
use bouquet_x509::fingerprint;
use std::collections::{BTreeMap, BTreeSet};

const NOW: i64 = 1_800_000_000;

pub(super) const SPEC: &[u8] = b"as built";

fn member(options: &[(&str, &str)]) -> RunningMember {
    let state = ("initial-cluster-state", "new");
    let options = [&[state], options].concat().into_iter();
    RunningMember {
        version: EtcdVersion::parse("3.5.33").unwrap(),
        options: options.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        clients: None,
        peers: None,
        certificates: BTreeMap::new(),
        crl: None,
        digest: Digest([0; 32]),
    }
}

fn client(endpoint: &str) -> RunningClient {
    RunningClient {
        endpoints: vec![endpoint.to_owned()],
        common_name: true,
        certs_dir: "/etc/etcd".into(),
        trust: None,
        certificate: None,
    }
}

fn running(members: &[&str]) -> Running {
    Running {
        members: members.iter().map(|name| ((*name).to_owned(), member(&[]))).collect(),
        clients: [("root".to_owned(), client("http://a:2379"))].into(),
    }
}

pub(super) fn work(action: Action, names: &[&str]) -> Recording {
    let (folder, out) = ("/p".into(), "/p/out".into());
    Recording {
        action,
        package: Package { folder, out },
        snapshot: None,
        names: names.iter().map(ToString::to_string).collect(),
        yes: true,
        looking: Looking::Not,
        compiled: running(&["a", "b", "c"]),
        unissued: BTreeSet::new(),
        certificates: Vec::new(),
        token: "flowers".to_owned(),
        source: Some(Digest(fingerprint(SPEC))),
        cas: Vec::new(),
        program: "bouquet".to_owned(),
    }
}

pub(super) fn lock() -> Lock {
    lock_of(&["a", "b", "c"])
}

/// A lock of those founders.
fn lock_of(names: &[&str]) -> Lock {
    let mut lock = Lock::default();
    lock.identity.token = "flowers".to_owned();
    let ids = names.iter().zip(1..).map(|(name, id)| ((*name).to_owned(), Some(MemberId(id))));
    lock.identity.members = ids.collect();
    lock
}

fn files(lock: &Lock) -> Files {
    both(lock, lock)
}

fn both(lock: &Lock, copy: &Lock) -> Files {
    Files {
        spec: SPEC.to_vec(),
        lock: Some(lock.text().into_bytes()),
        copy: Some(copy.text().into_bytes()),
        place: "/p/cluster.lock".into(),
        copy_place: "/p/out/pki/cluster.lock".into(),
        restored: None,
    }
}

/// What the lock says afterwards, what was shown, and what was said.
fn written(work: &Recording, files: &Files, now: i64) -> (Lock, String, String) {
    match decide(work, files, now).unwrap() {
        Decision::Write { lock, listing, summary, .. } => {
            let shown = anstream::adapter::strip_str(&listing).to_string();
            assert_eq!(read(lock.text().as_bytes()).as_ref(), Ok(lock.as_ref()));
            (*lock, shown, summary)
        }
        nothing @ Decision::Nothing(_) => panic!("{nothing:?}"),
    }
}

fn refused(work: &Recording, files: &Files) -> String {
    let failure = decide(work, files, NOW).unwrap_err();
    assert_eq!(failure.exit, Exit::Failed);
    plain(&failure)
}

fn plain(failure: &Failure) -> String {
    anstream::adapter::strip_str(&failure.to_string()).to_string()
}

fn recorded(names: &[&str]) -> Lock {
    written(&work(Action::Record, names), &files(&lock()), NOW).0
}

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

#[test]
fn fewer_founders_than_a_quorum_are_not_recorded_while_none_is() {
    let said = refused(&work(Action::Record, &["a"]), &files(&lock()));
    assert!(said.starts_with("error: 1 of 3 members cannot be recorded while none is"), "{said}");
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
    assert!(said.starts_with("error: 1 of 3 members cannot be recorded while none is"), "{said}");
    let (three, _, said) = written(&built(&["a", "b"]), &files(&none), NOW + 2);
    assert_eq!(three.recorded.running().members.len(), 3);
    assert!(said.contains("`c` too: etcd has all"), "{said}");
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

/// etcd lists all of them once a quorum runs: one that was not recorded would be counted by nobody.
#[test]
fn all_founders_are_recorded_with_a_quorum_of_them() {
    let (three, shown, said) = written(&work(Action::Record, &["a", "b"]), &files(&lock()), NOW);
    assert_eq!(three.recorded.running().members, running(&["a", "b", "c"]).members);
    assert_eq!(shown, "members `a`, `b`, `c`\n  to be recorded\n");
    assert!(said.starts_with("recorded 3 members\n`c` too: etcd has all that founded"), "{said}");
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
        assert!(said.contains("would be left out, and others of those that founded"), "{said}");
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
    assert!(said.contains("would be left out") && !said.contains("--undo"), "{said}");
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
        assert!(said.contains("would be left out"), "{said}");
        assert!(!said.contains("--undo a b c"), "{said}");
        let twice =
            "`b` was recorded twice: `--undo` goes back to its record of 2027-01-15T08:00:00Z";
        assert!(said.contains(twice), "{said}");
        assert!(said.contains("`bouquet done --undo b`"), "{said}");
        assert!(said.contains("of before anything was recorded"), "{said}");
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
