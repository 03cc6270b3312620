//! A cluster of three members that found it, a lock and its copy, and what is decided of them.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::package::Package;
use crate::record::decide::{Decision, Files, decide};
use crate::record::work::{Action, Looking, Recording};
use bouquet_lock::{Lock, read};
use bouquet_model::cluster::MemberId;
use bouquet_model::digest::Digest;
use bouquet_model::running::{Running, RunningClient, RunningMember};
use bouquet_model::version::EtcdVersion;
use bouquet_x509::fingerprint;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const NOW: i64 = 1_800_000_000;

pub(super) const SPEC: &[u8] = b"as built";

pub(super) fn member(options: &[(&str, &str)]) -> RunningMember {
    let state = ("initial-cluster-state", "new");
    let options = [&[state], options].concat().into_iter();
    RunningMember {
        version: EtcdVersion::parse("3.5.33").unwrap(),
        options: options.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        clients: None,
        peers: None,
        certificates: BTreeMap::new(),
        crl: None,
        unit: [].into(),
        digest: Digest([0; 32]),
    }
}

pub(super) fn client(endpoint: &str) -> RunningClient {
    RunningClient {
        endpoints: vec![endpoint.to_owned()],
        common_name: true,
        certs_dir: "/etc/etcd".into(),
        trust: None,
        certificate: None,
    }
}

pub(super) fn running(members: &[&str]) -> Running {
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
        restoring: None,
        replaced: BTreeSet::new(),
        names: names.iter().map(ToString::to_string).collect(),
        of_members: false,
        yes: true,
        adopted: false,
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

/// Returns a lock of those founders.
pub(super) fn lock_of(names: &[&str]) -> Lock {
    let mut lock = Lock::default();
    lock.identity.token = "flowers".to_owned();
    let ids = names.iter().zip(1..).map(|(name, id)| ((*name).to_owned(), Some(MemberId(id))));
    lock.identity.members = ids.collect();
    lock
}

pub(super) fn files(lock: &Lock) -> Files {
    both(lock, lock)
}

pub(super) fn both(lock: &Lock, copy: &Lock) -> Files {
    Files {
        spec: SPEC.to_vec(),
        lock: Some(lock.text().into_bytes()),
        copy: Some(copy.text().into_bytes()),
        place: "/p/cluster.lock".into(),
        copy_place: "/p/out/pki/cluster.lock".into(),
        restored: None,
    }
}

/// Returns what the lock says afterwards, what was shown, and what was said.
pub(super) fn written(work: &Recording, files: &Files, now: i64) -> (Lock, String, String) {
    match decide(work, files, now).unwrap() {
        Decision::Write { lock, listing, summary, .. } => {
            let shown = anstream::adapter::strip_str(&listing).to_string();
            assert_eq!(read(lock.text().as_bytes()).as_ref(), Ok(lock.as_ref()));
            (*lock, shown, summary)
        }
        nothing @ Decision::Nothing(_) => panic!("{nothing:?}"),
    }
}

pub(super) fn refused(work: &Recording, files: &Files) -> String {
    let failure = decide(work, files, NOW).unwrap_err();
    assert_eq!(failure.exit, Exit::Failed);
    plain(&failure)
}

pub(super) fn plain(failure: &Failure) -> String {
    anstream::adapter::strip_str(&failure.to_string()).to_string()
}

pub(super) fn recorded(names: &[&str]) -> Lock {
    written(&work(Action::Record, names), &files(&lock()), NOW).0
}
