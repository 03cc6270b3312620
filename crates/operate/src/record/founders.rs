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

use super::work::{Action, Recording};
use bouquet_lock::Lock;
use bouquet_model::change::Subject;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::quorum::quorum;
use bouquet_model::running::Running;
use bouquet_model::time::Instant;
use std::collections::BTreeSet;

/// Refuses the first record of a cluster that is to be founded where that has fewer members than a quorum.
///
/// Who founds it, the lock knows: their IDs follow from their URLs. A program may be of a build when they were
/// recorded, and that was taken back.
///
/// # Errors
/// If it has.
pub(super) fn first(before: &Lock, after: &Lock, program: &str) -> Result<(), Diagnostic> {
    let founders = founders(before);
    let all = founders.len();
    let recorded = founders.iter().filter(|name| after.recorded.runs(name)).count();
    let needed = quorum(all);
    if before.recorded.has_members() || recorded == 0 || recorded >= needed {
        return Ok(());
    }
    Err(Diagnostic::error(format!(
        "{recorded} of {all} members are too few for the first record: the cluster runs once \
         {needed} of them do"
    ))
    .note(
        "a member that is recorded gets `initial-cluster-state=existing`; before there is a quorum, etcd \
         then dies with `incompatible with current running cluster`",
    )
    .help(format!("start {needed} of them, then `{program} done` with all that run")))
}

/// Returns the founders that are to be recorded because others are, and were not named.
pub(super) fn with_others(after: &Lock, compiled: &Running) -> BTreeSet<Subject> {
    let late = after.unrecorded_founders().into_iter();
    let late = late.filter(|name| compiled.members.contains_key(*name));
    late.map(|name| Subject::Member(name.to_owned())).collect()
}

/// Refuses to take back the records of some founders while others stay recorded.
///
/// # Errors
/// If that is asked.
pub(super) fn left(before: &Lock, after: &Lock, work: &Recording) -> Result<(), Diagnostic> {
    let (known, late) = (before.unrecorded_founders(), after.unrecorded_founders());
    let lost: Vec<String> = late.difference(&known).map(|name| quoted(name)).collect();
    if lost.is_empty() {
        return Ok(());
    }
    let error = Diagnostic::error(format!(
        "{} would not be recorded, while others that founded the cluster are",
        lost.join(", ")
    ))
    .note(
        "all that founded the cluster are in etcd's list of members, started or not; and a member \
         that is recorded has `initial-cluster-state=existing`, with which etcd dies before there \
         is a quorum",
    );
    let program = &work.program;
    Err(match work.action {
        Action::Record | Action::Restored => error,
        Action::FromLock if work.names.is_empty() => error.help(format!(
            "take a cluster.lock from git in which all of them are recorded, or none, then `{}`",
            work.line_from_lock()
        )),
        Action::FromLock => {
            error.help(format!("take cluster.lock as true of all: `{}`", work.line_from_lock()))
        }
        Action::Undo => {
            let founders = founders(before);
            let earlier = earlier(before, &founders);
            let error = match earlier.first() {
                None => error.help(format!(
                    "if the cluster does not run yet, take all of them back: `{program} done \
                     --undo {}`",
                    founders.join(" ")
                )),
                Some(Earlier { name, since, is_back }) => {
                    let error = error.note(format!(
                        "{} was recorded twice: `--undo` goes back to its record of {}, and no further",
                        quoted(name),
                        Instant(*since)
                    ));
                    let error = match is_back {
                        true => error,
                        false => error.help(format!(
                            "to go back to that record alone: `{program} done --undo {name}`"
                        )),
                    };
                    error.help(format!(
                        "if the cluster does not run yet, take from git a cluster.lock from \
                         before anything was recorded, which `git log cluster.lock` lists, then \
                         `{}`",
                        work.line_from_lock()
                    ))
                }
            };
            error.help(
                "where it runs: leave it recorded, and start it with the files of the next build",
            )
        }
    })
}

/// Returns those that found the cluster, or founded it, as the lock has them.
fn founders(lock: &Lock) -> Vec<&str> {
    let names = lock.identity.members.keys().map(String::as_str);
    names.filter(|name| lock.id(name).is_some()).collect()
}

/// A founder with a record before its last one.
struct Earlier<'a> {
    name: &'a str,
    since: i64,
    /// Whether the last one was taken back already.
    is_back: bool,
}

/// Returns the founders that stay recorded where the records of all are taken back.
fn earlier<'a>(lock: &Lock, founders: &[&'a str]) -> Vec<Earlier<'a>> {
    let earlier = |name: &&'a str| {
        let record = lock.recorded.members.get(*name)?;
        let (since, what) = record.before.as_ref().filter(|(_, what)| what.is_some())?;
        Some(Earlier { name, since: *since, is_back: *what == record.what })
    };
    founders.iter().filter_map(earlier).collect()
}
