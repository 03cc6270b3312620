//! A look at the members before they are recorded: one that is seen to run something else does not run this.

use super::work::{Action, Looking, Recording};
use crate::client::Speaker;
use crate::live::Evidence;
use crate::package::DONE_RESTORED;
use crate::show::{HINT, paint};
use bouquet_lock::Lock;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use std::collections::BTreeMap;

/// Asks the members as someone; whether they have the IDs of this lock, or else those
/// that are compiled.
pub(crate) type Asked<'a> = dyn Fn(&Speaker, Option<&Lock>) -> Result<Evidence, Diagnostic> + 'a;

/// Looks whether the recorded cluster is the one that runs, where there is nothing to record. What single members run is
/// for `status` to say.
///
/// # Errors
/// If all members that answer are of another cluster.
pub(super) fn is_it(work: &Recording, ask: &Asked<'_>) -> Result<(), Diagnostic> {
    let (Action::Record, Looking::As(speaker)) = (work.action, &work.looking) else {
        return Ok(());
    };
    // Who cannot be asked is evidence of nothing.
    let evidence = ask(speaker, None).unwrap_or_default();
    let answering = &evidence.answering;
    if answering.is_empty() || *answering != evidence.elsewhere {
        return Ok(());
    }
    let names: Vec<String> = answering.iter().map(|name| quoted(name)).collect();
    let (names, program) = (names.join(", "), &work.program);
    let is = if answering.len() > 1 { "are members" } else { "is a member" };
    Err(Diagnostic::error(format!("{names} {is} of another cluster than cluster.lock records"))
        .note("all that answer are, as after a restore")
        .help(format!(
            "where all members were restored from one snapshot: record it, `{program} {DONE_RESTORED}`, then build"
        ))
        .help(format!("else see what runs at those addresses: `{program} status` shows it")))
}

/// Looks at members of which something is to be recorded, by their names, and whether they are to be gone. Returns
/// what is to be said where they could not be asked.
///
/// # Errors
/// If one of them answers, and is seen to run something else.
pub(super) fn looked(
    work: &Recording,
    (members, lock): (&BTreeMap<String, bool>, &Lock),
    ask: &Asked<'_>,
) -> Result<Option<String>, Diagnostic> {
    let speaker = match &work.looking {
        _ if members.is_empty() => return Ok(None),
        Looking::Not => return Ok(None),
        Looking::Cannot(why) => return Ok(Some(nobody(why))),
        Looking::As(speaker) => speaker,
    };
    // A restore gave them other IDs than the build knows.
    let restored = (work.action == Action::Restored).then_some(lock);
    let evidence = match ask(speaker, restored) {
        Ok(evidence) => evidence,
        Err(problem) => return Ok(Some(nobody(&problem.message))),
    };
    if evidence.answering.is_empty() && restored.is_some() {
        return Err(Diagnostic::error("no member answers: a restore is recorded once they run")
            .note("a build has their new IDs from then on")
            .help("restore and start what is left first, as `restore` prints it, then record it")
            .help(offline(work, "if they are known to run with the data of this file")));
    }
    if evidence.answering.is_empty() {
        let never =
            "do not record a member whose etcd has never started: it would not start afterwards";
        return Ok(Some(nobody(&format!("no member answers; {never}"))));
    }
    let against: Vec<String> =
        members.iter().flat_map(|(name, is_gone)| clauses(&evidence, name, *is_gone)).collect();
    if against.is_empty() {
        return Ok(silent(&evidence, members));
    }
    let mut problem =
        Diagnostic::error("members were seen to run something else than what would be recorded");
    problem.notes = against;
    let first = match restored {
        None if work.adopted => {
            "write into cluster.toml what runs, build, and do the same again: members are taken over as they are"
        }
        None => "roll it out first, then record it: `done` with names records those members alone",
        Some(_) if work.sole().is_some() => {
            "see what that member runs: `status` shows it, and `rescue` on its node"
        }
        Some(_) => {
            "restore every member from this file first, as `restore` prints it, then record it"
        }
    };
    Err(problem.help(first).help(offline(work, "if what was seen is known to be wrong")))
}

/// Returns the way around what members say.
fn offline(work: &Recording, when: &str) -> String {
    format!("{when}: `{} {} --offline`", work.program, work.line())
}

fn clauses(evidence: &Evidence, name: &str, is_gone: bool) -> Vec<String> {
    if is_gone {
        let is_there = evidence.still_listed.contains(name);
        let text = || format!("{} would be recorded as gone, and is still a member", quoted(name));
        return is_there.then(text).into_iter().collect();
    }
    let against = evidence.against.get(name).map(Vec::as_slice).unwrap_or_default();
    against.iter().map(|clause| format!("{} {clause}", quoted(name))).collect()
}

fn nobody(why: &str) -> String {
    format!("{} what runs was not seen: {why}", paint(HINT, "note:"))
}

/// Says who did not answer, and is recorded on a person's word.
fn silent(evidence: &Evidence, members: &BTreeMap<String, bool>) -> Option<String> {
    let names =
        members.iter().filter(|(name, is_gone)| !**is_gone && !evidence.answering.contains(*name));
    let names: Vec<String> = names.map(|(name, _)| quoted(name)).collect();
    let note = paint(HINT, "note:");
    (!names.is_empty()).then(|| {
        format!("{note} {} did not answer, and what runs there was not seen", names.join(", "))
    })
}
