//! Founders of a cluster are recorded together, and not before a quorum of them runs.
//!
//! From then on etcd has all of them in its list of members, and counts them, whether they were started or not.
//! So a founder that is not recorded while others are would be missing wherever what runs is looked at: it
//! would be dropped without a word to etcd, or be added a second time. One that is started later takes
//! `existing` as well.
//!
//! A member that is recorded starts with `initial-cluster-state=existing`. Before there was a quorum,
//! etcd then dies with `incompatible with current running cluster`: it asks the others for their members,
//! and those cannot answer yet.

use bouquet_lock::{Lock, Recorded};
use bouquet_model::change::Subject;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::quorum::quorum;
use bouquet_model::running::Running;
use std::collections::BTreeSet;

/// Refuses the first record of a cluster that is to be founded where that has fewer members than a quorum.
///
/// # Errors
/// If it has.
pub(super) fn first(
    before: &Recorded,
    after: &Recorded,
    compiled: &Running,
    program: &str,
) -> Result<(), Diagnostic> {
    let (before, after) = (members(before), members(after));
    let all = compiled.members.len();
    let is_founded = before > 0 || compiled.members.keys().any(|name| !founds(compiled, name));
    if is_founded || after == 0 || after >= quorum(all) {
        return Ok(());
    }
    let needed = quorum(all);
    Err(Diagnostic::error(format!(
        "{after} of {all} members cannot be recorded while none is: the cluster runs once {needed} of \
         them do"
    ))
    .note(
        "a member that is recorded gets `initial-cluster-state=existing`; before there is a quorum, etcd \
         then dies with `incompatible with current running cluster`",
    )
    .help(format!("start {needed} of them, then `{program} done` with all that run")))
}

/// Returns the founders that are to be recorded because others are, and were not named.
pub(super) fn with_others(recorded: &Recorded, compiled: &Running) -> BTreeSet<Subject> {
    if !recorded.has_members() {
        return BTreeSet::new();
    }
    let late =
        compiled.members.keys().filter(|name| founds(compiled, name) && !recorded.runs(name));
    late.cloned().map(Subject::Member).collect()
}

/// Tells whether a member is compiled as one that founds the cluster.
pub(super) fn founds(compiled: &Running, name: &str) -> bool {
    let member = compiled.members.get(name);
    member.is_some_and(|member| member.option("initial-cluster-state") == Some("new"))
}

/// Refuses to take back the records of some founders while others stay recorded.
///
/// # Errors
/// If that is asked.
pub(super) fn left(before: &Lock, after: &Lock, program: &str) -> Result<(), Diagnostic> {
    let (known, late) = (before.unrecorded_founders(), after.unrecorded_founders());
    let lost: Vec<String> = late.difference(&known).map(|name| quoted(name)).collect();
    if lost.is_empty() {
        return Ok(());
    }
    let all = after.identity.members.keys().filter(|name| after.id(name).is_some());
    let all: Vec<&str> = all.map(String::as_str).collect();
    Err(Diagnostic::error(format!(
        "{} would be left out, and others of those that founded the cluster as recorded",
        lost.join(", ")
    ))
    .note(
        "etcd has all that founded it in its list of members, whether they were started or not; and a member that \
         is recorded has `initial-cluster-state=existing`, with which etcd dies before there is a quorum",
    )
    .help(format!(
        "where the cluster does not run yet, take all of them back: `{program} done --undo {}`",
        all.join(" ")
    ))
    .help("where it runs: leave it recorded, and start it with the files of the next build"))
}

fn members(recorded: &Recorded) -> usize {
    recorded.members.values().filter(|record| record.what.is_some()).count()
}
