//! What is recorded, what is refused, and what two copies of a lock make of it.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::package::Package;
use crate::record::decide::{Decision, Files, decide};
use crate::record::work::{Action, Recording};
use bouquet_lock::{Lock, Record, read};
use bouquet_model::change::Subject;
use bouquet_model::cluster::MemberId;
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
        names: names.iter().map(ToString::to_string).collect(),
        yes: true,
        compiled: running(&["a", "b", "c"]),
        unissued: BTreeSet::new(),
        token: "flowers".to_owned(),
        source: Some(Digest(fingerprint(SPEC))),
        cas: Vec::new(),
        program: "bouquet".to_owned(),
    }
}

pub(super) fn lock() -> Lock {
    let mut lock = Lock::default();
    lock.identity.token = "flowers".to_owned();
    let id = |name: &str| (name.to_owned(), Some(MemberId(1)));
    lock.identity.members = ["a", "b", "c"].map(id).into();
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
    }
}

/// What the lock says afterwards, what was shown, and what was said.
fn written(work: &Recording, files: &Files, now: i64) -> (Lock, String, String) {
    match decide(work, files, now).unwrap() {
        Decision::Write { lock, listing, summary } => {
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
    let both = recorded(&["a", "root", "c"]);
    assert_eq!(both.recorded.members.keys().collect::<Vec<_>>(), ["a", "c"]);
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
    // A quorum can, and then the last one, alone.
    let two = recorded(&["a", "b"]);
    let (three, ..) = written(&work(Action::Record, &["c"]), &files(&two), NOW);
    assert_eq!(three.recorded.members.len(), 3);
    // A client alone asks for nothing of members.
    assert_eq!(recorded(&["root"]).recorded.members.len(), 0);
    // One that described a cluster which ran already has founded nothing.
    let mut described = work(Action::Record, &["a"]);
    for member in described.compiled.members.values_mut() {
        member.options.insert("initial-cluster-state".into(), "existing".into());
    }
    let (one, _, said) = written(&described, &files(&lock()), NOW);
    assert_eq!(one.recorded.members.len(), 1);
    assert!(!said.contains("initial-cluster-state"), "{said}");
    // And one alone is its quorum.
    let mut alone = work(Action::Record, &["a"]);
    alone.compiled = running(&["a"]);
    assert_eq!(written(&alone, &files(&lock()), NOW).0.recorded.members.len(), 1);
}

/// As in a clone without keys, where a member was added.
#[test]
fn what_lacks_a_certificate_is_not_recorded() {
    let two = recorded(&["a", "b", "root"]);
    let lacking = |names: &[&str]| Recording {
        unissued: [Subject::Member("c".to_owned())].into(),
        ..work(Action::Record, names)
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
    let all = recorded(&[]);
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

#[test]
fn an_undo_that_leaves_fewer_than_a_quorum_is_refused() {
    let two = recorded(&["a", "b"]);
    let said = refused(&work(Action::Undo, &["a"]), &files(&two));
    assert!(said.contains("1 member would be left as recorded, and a quorum is 2"), "{said}");
    let (none, ..) = written(&work(Action::Undo, &["a", "b"]), &files(&two), NOW + 1);
    assert!(none.recorded.is_empty());
    let (two, ..) = written(&work(Action::Undo, &["c"]), &files(&recorded(&[])), NOW + 1);
    assert_eq!(two.recorded.running().members.len(), 2);
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
