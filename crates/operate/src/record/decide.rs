//! What the lock is to say afterwards, or why it is to stay as it is.

use super::choose::choose;
use super::listing::{changed, listing};
use super::moment::since;
use super::said::{gone, nothing, summary};
use super::work::{Action, Recording};
use super::{adopted, founders, replaced};
use crate::failure::Failure;
use crate::issued::lack;
use crate::package::lock;
use bouquet_lock::{Later, Lock, Origin, Restored};
use bouquet_model::change::Subject;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::running::Running;
use bouquet_model::time::Instant;
use bouquet_x509::fingerprint;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// The files that count, as they are.
#[derive(Debug)]
pub(super) struct Files {
    /// `cluster.toml`.
    pub(super) spec: Vec<u8>,
    /// `cluster.lock`, if it is there.
    pub(super) lock: Option<Vec<u8>>,
    /// Its copy in `out/`, if it is there.
    pub(super) copy: Option<Vec<u8>>,
    /// The place of `cluster.lock`.
    pub(super) place: PathBuf,
    /// The place of its copy.
    pub(super) copy_place: PathBuf,
    /// What the members were restored from, where they were.
    pub(super) restored: Option<Restored>,
}

/// What is to be done.
#[derive(Debug, PartialEq)]
pub(super) enum Decision {
    /// Nothing, as these words say.
    Nothing(String),
    /// The lock is to be written.
    Write {
        lock: Box<Lock>,
        /// What changes in it, for a person to agree to.
        listing: String,
        /// What is said once it is done.
        summary: String,
        /// The members of which it says something, by their names, and whether they are to be gone.
        members: BTreeMap<String, bool>,
    },
}

/// Decides what the lock is to say from that second on.
///
/// # Errors
/// If what is compiled is not what `cluster.toml` says, the lock is another cluster's or cannot be
/// understood, or a record would keep members from starting.
pub(super) fn decide(work: &Recording, files: &Files, now: i64) -> Result<Decision, Failure> {
    if matches!(work.action, Action::Record | Action::Restored) {
        built_from(work, files)?;
    }
    let origin = Origin::Package(files.copy.as_ref().map(|_| files.copy_place.as_path()));
    let why = "what runs is recorded in it";
    let mut lock = lock(files.lock.as_deref(), &files.place, origin, &work.cas, why)?;
    if lock.identity.token != work.token {
        return Err(other_token(work, &lock, files).into());
    }
    // A copy that is no lock tells nothing, as to a build; it is written again.
    let copy = files.copy.as_deref().and_then(|copy| bouquet_lock::read(copy).ok());
    let copy = copy.unwrap_or_default();
    let later = later(&lock, &copy, files)?;
    if !later.is_empty() && work.action != Action::FromLock {
        return Err(older(work, &later, files).into());
    }
    let written = lock.clone();
    lock.take_in(&copy).map_err(|serial| contradicts(&serial, files))?;
    let chosen = choose(work, &lock.recorded)?;
    let since = since(&lock.recorded, now)?;
    let before = lock.clone();
    let mut others = BTreeSet::new();
    match work.action {
        Action::Record => {
            adopted::check(work, &before)?;
            let differing = record(work, &mut lock, &chosen, since)?;
            founders::first(&before, &lock, &work.program)?;
            others = founders::with_others(&lock, &work.compiled);
            let differing = &differing | &record(work, &mut lock, &others, since)?;
            if differing.iter().any(|subject| work.unissued.contains(subject)) {
                let lacking = work.unissued.intersection(&differing);
                return Err(lack(lacking, Diagnostic::error).into());
            }
        }
        Action::Restored => {
            if let Some(restored) = files.restored.clone() {
                match work.sole() {
                    None => lock.restore(restored, &work.compiled, since),
                    Some(name) => {
                        let is = work.compiled.members.get(name).cloned();
                        let is = is.ok_or_else(|| not_compiled(name))?;
                        lock.restore_sole(restored, (name, is), since);
                    }
                }
            }
        }
        Action::Undo => {
            restored(&lock, &chosen, &work.program)?;
            undo(&mut lock, &chosen, since);
            founders::left(&before, &lock, work)?;
        }
        Action::FromLock => {
            let later: BTreeSet<_> = later.into_iter().map(|later| later.subject).collect();
            let again: BTreeSet<_> = later.intersection(&chosen).cloned().collect();
            put_back(&mut lock, &written, &again, since);
            if again == later {
                // It came with the records.
                lock.identity.cluster_id = written.identity.cluster_id;
            }
            founders::left(&before, &lock, work)?;
        }
    }
    let mut changed =
        changed(&before.recorded.running(), &lock.recorded.running(), gone(work.action));
    let is_of_ids = work.action == Action::Undo && changed.is_empty();
    if work.action == Action::Restored || !work.replaced.is_empty() || is_of_ids {
        other_ids((&before, &lock), &work.replaced, &mut changed);
    }
    if changed.is_empty() {
        return Ok(Decision::Nothing(nothing(work, &before.recorded, &chosen)));
    }
    let summary = summary(work, &before.recorded, &lock, (&others, &changed));
    let runs = |name: &str| lock.recorded.runs(name);
    let members = changed.keys().filter_map(|subject| match subject {
        Subject::Member(name) => Some((name.clone(), !runs(name))),
        Subject::Cluster | Subject::Client(_) => None,
    });
    let members = members.collect();
    Ok(Decision::Write { lock: Box::new(lock), listing: listing(&changed), summary, members })
}

/// Adds what a restore, or a new member in the place of one, does to IDs.
fn other_ids(
    (before, after): (&Lock, &Lock),
    replaced: &BTreeSet<String>,
    changed: &mut BTreeMap<Subject, Vec<String>>,
) {
    let shown = |id: Option<String>| id.unwrap_or_else(|| "unknown".to_owned());
    let mut add = |subject: Subject, was: Option<String>, is: Option<String>| {
        if was == is {
            return;
        }
        let line = match (&subject, is) {
            (Subject::Member(name), None) if replaced.contains(name) => {
                format!("ID {} → the one that etcd gave the new member", shown(was))
            }
            (_, is) => format!("ID {} → {}", shown(was), shown(is)),
        };
        changed.entry(subject).or_default().push(line);
    };
    let cluster = |lock: &Lock| lock.identity.cluster_id.map(|id| id.to_string());
    add(Subject::Cluster, cluster(before), cluster(after));
    for name in after.identity.members.keys() {
        let member = |lock: &Lock| lock.id(name).map(|id| id.to_string());
        add(Subject::Member(name.clone()), member(before), member(after));
    }
}

fn not_compiled(name: &str) -> Diagnostic {
    Diagnostic::error(format!("{} is not in cluster.toml any more", quoted(name)))
        .help("take its edit back, and build")
}

/// Refuses to take back what a restore has recorded: the data of before is not there any more.
fn restored(lock: &Lock, chosen: &BTreeSet<Subject>, program: &str) -> Result<(), Diagnostic> {
    // Those that a sole member has left behind were recorded in the same second.
    let members = &lock.recorded.members;
    let restored = members.iter().filter(|(name, _)| lock.is_restored(name));
    let seconds: BTreeSet<i64> = restored.map(|(_, record)| record.since).collect();
    let is_gone = |name: &String| {
        members.get(name).is_some_and(|it| it.what.is_none() && seconds.contains(&it.since))
    };
    let is_restored = |subject: &Subject| match subject {
        Subject::Member(name) if lock.is_restored(name) || is_gone(name) => Some(quoted(name)),
        _ => None,
    };
    let names: Vec<String> = chosen.iter().filter_map(is_restored).collect();
    if names.is_empty() {
        return Ok(());
    }
    Err(Diagnostic::error(format!("the last record of {} is that of a restore", names.join(", ")))
        .note("the cluster has other IDs since then, and so have its members")
        .help(format!(
            "if the restore was not done: `git checkout` the cluster.lock from before it, and \
             then `{program} done --from-lock`"
        ))
        .help("if the data of before was moved back on all members: the same"))
}

fn built_from(work: &Recording, files: &Files) -> Result<(), Diagnostic> {
    let message = match work.source {
        Some(source) if source.0 == fingerprint(&files.spec) => return Ok(()),
        Some(_) => "cluster.toml is not the text that this program was built from",
        None => "this program does not know from which cluster.toml it was built",
    };
    Err(Diagnostic::error(message)
        .note("what is compiled would be recorded as what runs")
        .help(format!("build first: `cargo run -- {}`", work.line())))
}

fn other_token(work: &Recording, lock: &Lock, files: &Files) -> Diagnostic {
    let place = files.place.display();
    Diagnostic::error(format!(
        "`{place}` has the token {}, and this program {}",
        quoted(&lock.identity.token),
        quoted(&work.token)
    ))
    .help("if it is another cluster's: use the program of that package, as by `cargo run`")
    .help("if the token was changed in cluster.toml: build where the secrets are, and commit cluster.lock")
}

/// Returns the records that are later in the copy.
fn later(lock: &Lock, copy: &Lock, files: &Files) -> Result<Vec<Later>, Diagnostic> {
    if lock.is_same_cluster(copy) {
        return Ok(lock.recorded.later_in(&copy.recorded));
    }
    let knows_cas = |lock: &Lock| !lock.identity.authorities.is_empty();
    if knows_cas(lock) && knows_cas(copy) {
        let (place, copy) = (files.place.display(), files.copy_place.display());
        return Err(Diagnostic::error(format!("`{place}` is another cluster's than `{copy}`"))
            .help("`cargo build` says which of them is to be put aside"));
    }
    Ok(Vec::new())
}

fn older(work: &Recording, later: &[Later], files: &Files) -> Diagnostic {
    let (place, copy) = (files.place.display(), files.copy_place.display());
    let mut error = Diagnostic::error(format!("`{place}` has older records than `{copy}`"));
    for one in later.iter().take(5) {
        let (whose, Later { ours, theirs, .. }) = (one.whose(), one);
        let ours = ours.map_or_else(|| "none".to_owned(), |ours| Instant(ours).to_string());
        error = error.note(format!("of {whose}: {ours}, and {} in the copy", Instant(*theirs)));
    }
    error.help("`cargo build` takes the later ones, then commit cluster.lock").help(format!(
        "if the machines went back to what `{place}` tells: `{}`",
        work.line_from_lock()
    ))
}

fn contradicts(serial: &str, files: &Files) -> Diagnostic {
    let (place, copy) = (files.place.display(), files.copy_place.display());
    Diagnostic::error(format!(
        "`{place}` and its copy, `{copy}`, tell different things of the serial number {serial}"
    ))
    .help("`cargo build` says what to do")
}

/// Records what is compiled of those that differ, and returns them.
fn record(
    work: &Recording,
    lock: &mut Lock,
    chosen: &BTreeSet<Subject>,
    since: i64,
) -> Result<BTreeSet<Subject>, Diagnostic> {
    let Running { members, clients } = &work.compiled;
    let differing =
        changed(&lock.recorded.running(), &work.compiled, gone(work.action)).into_keys();
    let replaced = work.replaced.iter().cloned().map(Subject::Member);
    let differing: BTreeSet<Subject> =
        differing.chain(replaced).filter(|it| chosen.contains(it)).collect();
    replaced::check(work, lock, &differing, &work.line())?;
    for subject in &differing {
        match subject {
            Subject::Cluster => {}
            Subject::Member(name) => match members.get(name) {
                Some(is) if work.replaced.contains(name) => {
                    lock.record_replaced(name, is.clone(), since);
                }
                is => lock.record_member(name, is.cloned(), since),
            },
            Subject::Client(name) => lock.record_client(name, clients.get(name).cloned(), since),
        }
    }
    Ok(differing)
}

fn undo(lock: &mut Lock, chosen: &BTreeSet<Subject>, since: i64) {
    for subject in chosen {
        match subject {
            Subject::Cluster => {}
            Subject::Member(name) => lock.undo_member(name, since),
            Subject::Client(name) => lock.undo_client(name, since),
        }
    }
}

/// Puts earlier records in the place of later ones, and makes them the latest.
fn put_back(lock: &mut Lock, earlier: &Lock, subjects: &BTreeSet<Subject>, since: i64) {
    for subject in subjects {
        match subject {
            Subject::Cluster => {}
            Subject::Member(name) => lock.put_back_member(name, earlier, since),
            Subject::Client(name) => lock.put_back_client(name, earlier, since),
        }
    }
}
