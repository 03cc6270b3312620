//! How many founders of a cluster may be recorded before all of them are.
//!
//! A member that is recorded starts with `initial-cluster-state=existing`. Before there was a quorum,
//! etcd then dies with `incompatible with current running cluster`: it asks the others for their members,
//! and those cannot answer yet.

use bouquet_lock::Recorded;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::running::Running;

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
    let is_founded = before > 0
        || compiled.members.values().any(|it| it.option("initial-cluster-state") != Some("new"));
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

/// Refuses to take back so many records that fewer members than a quorum are left, but some.
///
/// # Errors
/// If so many are left.
pub(super) fn left(
    before: &Recorded,
    after: &Recorded,
    compiled: &Running,
    program: &str,
) -> Result<(), Diagnostic> {
    let (before, after) = (members(before), members(after));
    let needed = quorum(compiled.members.len());
    if after >= before || after == 0 || after >= needed {
        return Ok(());
    }
    let member = if after == 1 { "member" } else { "members" };
    Err(Diagnostic::error(format!(
        "{after} {member} would be left as recorded, and a quorum is {needed}"
    ))
    .note(
        "a member that is recorded has `initial-cluster-state=existing`, with which etcd dies before there \
         is a quorum",
    )
    .help(format!(
        "where the cluster does not run yet, take all of them back: `{program} done --undo` with each member"
    )))
}

fn members(recorded: &Recorded) -> usize {
    recorded.members.values().filter(|record| record.what.is_some()).count()
}

/// The members that must agree, of so many.
const fn quorum(members: usize) -> usize {
    members / 2 + 1
}
