//! What is said of records once it is decided what becomes of them.

use super::choose::name;
use super::listing::count;
use super::work::{Action, Recording};
use bouquet_lock::{Lock, Recorded};
use bouquet_model::change::Subject;
use bouquet_model::diagnostic::quoted;
use bouquet_model::running::Running;
use std::collections::{BTreeMap, BTreeSet};

/// Returns what is said of one that has no record afterwards.
pub(super) const fn gone(action: Action) -> &'static str {
    match action {
        Action::Record | Action::Restored => "to be recorded as gone",
        Action::Undo | Action::FromLock => "to be recorded no more",
    }
}

/// Returns why nothing is written.
pub(super) fn nothing(work: &Recording, before: &Recorded, chosen: &BTreeSet<Subject>) -> String {
    let is_known = |subject: &Subject| match subject {
        Subject::Cluster => false,
        Subject::Member(name) => before.members.contains_key(name),
        Subject::Client(name) => before.clients.contains_key(name),
    };
    match work.action {
        Action::Record => "nothing to record: cluster.lock has what is compiled".to_owned(),
        Action::Restored => "nothing to record: cluster.lock has that restore".to_owned(),
        Action::Undo if chosen.iter().any(is_known) => format!(
            "nothing to take back: the last record was taken back already; `{} done` records what is \
             compiled",
            work.program
        ),
        Action::Undo => "nothing to take back: nothing is recorded".to_owned(),
        Action::FromLock => {
            "nothing to take back: cluster.lock is not older than its copy in out/".to_owned()
        }
    }
}

/// Returns what is said once it is recorded.
pub(super) fn summary(
    work: &Recording,
    before: &Recorded,
    lock: &Lock,
    (others, changed): (&BTreeSet<Subject>, &BTreeMap<Subject, Vec<String>>),
) -> String {
    let of = count(changed.keys());
    let done = match (work.action, work.sole()) {
        (Action::Record, _) => format!("recorded {of}"),
        (Action::Restored, None) => format!("recorded the restore of {of}"),
        // The others have changed, too: they are no members any more.
        (Action::Restored, Some(name)) => {
            format!("recorded the restore of {}, the only member now", quoted(name))
        }
        (Action::Undo, _) => format!("took back the record of {of}"),
        (Action::FromLock, _) => format!("took cluster.lock as true of {of}"),
    };
    let mut lines = vec![done];
    let (before, after) = (before.running(), lock.recorded.running());
    lines.extend(unnamed(others));
    let founds = |name: &String| is_new(&work.compiled, name);
    lines.extend(state(&after, &before, "existing", founds));
    // The ID of one that founds the cluster follows from its URLs. Builds write nothing of one that is gone.
    let founded =
        |name: &String| work.compiled.members.contains_key(name) && lock.id(name).is_some();
    lines.extend(state(&before, &after, "new", founded));
    if work.adopted {
        let program = &work.program;
        lines.push(format!(
            "next: `{program} plan` shows how they get what was built, and `{program} apply` does it"
        ));
        lines.push("then: commit cluster.lock".to_owned());
        return lines.join("\n");
    }
    let build = if work.action == Action::Restored {
        ", and build again: the IDs have changed"
    } else {
        ""
    };
    lines.push(format!("next: commit cluster.lock{build}"));
    lines.join("\n")
}

/// Tells whether a member is compiled as one that founds the cluster.
fn is_new(compiled: &Running, name: &str) -> bool {
    let member = compiled.members.get(name);
    member.is_some_and(|member| member.option("initial-cluster-state") == Some("new"))
}

/// Says which founders were recorded with those that were named.
fn unnamed(others: &BTreeSet<Subject>) -> Option<String> {
    let names: Vec<String> = others.iter().map(|subject| quoted(name(subject))).collect();
    (!names.is_empty()).then(|| {
        format!(
            "{} too: all that founded the cluster are in etcd's list of members, started or not",
            names.join(", ")
        )
    })
}

/// Says which members' state the next build changes: of those that are in the one, and not in the other.
fn state(
    of: &Running,
    not: &Running,
    word: &str,
    changes: impl Fn(&String) -> bool,
) -> Option<String> {
    let names = of.members.keys().filter(|name| !not.members.contains_key(*name) && changes(name));
    let names: Vec<&String> = names.collect();
    let of = match names.as_slice() {
        [] => return None,
        [one] => quoted(one),
        [first, rest @ ..] => format!("{} and {} more", quoted(first), rest.len()),
    };
    // One that runs does not read it; one that is yet to found the cluster does.
    let files = match word {
        "new" => {
            "where files with `existing` are on the machines, copy those of that build before the start"
        }
        _ => "no file has to be copied for that",
    };
    Some(format!("the next build writes `initial-cluster-state={word}` for {of}: {files}"))
}
