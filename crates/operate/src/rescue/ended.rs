//! What is said once etcd has ended on nodes: how it goes on, or back.

use super::word::{Told, Word};
use super::work::Rescue;
use crate::node::rescue::Remains;
use crate::show::{HEAD, HINT, WARN, paint};
use crate::units::{on_nodes, units};
use bouquet_model::Cluster;
use bouquet_model::diagnostic::Diagnostic;
use std::fmt::Write as _;

const UNCHANGED: &str = "no data was changed";

/// Checks that every node that has said something has ended etcd; what one that did not says, is said.
pub(super) fn are_ended(all: &[Told]) -> Result<(), Diagnostic> {
    let failed = all.iter().filter_map(|told| match &told.word {
        Word::Nothing(why) | Word::Unfit(why) => Some(why.as_ref().clone()),
        _ => None,
    });
    let failed: Vec<Diagnostic> = failed.collect();
    let Some(first) = failed.first() else { return Ok(()) };
    let mut problem = first.clone();
    for other in &failed[1..] {
        problem.notes.push(other.message.clone());
        problem.notes.extend(other.notes.clone());
    }
    Err(problem.help("once that is put right, do the same again: nothing is done twice"))
}

/// Adds to a problem on which nodes etcd was ended, and how it starts again.
pub(super) fn is_ended_on(
    cluster: &Cluster,
    told: (&[Told], &[Told]),
    problem: Diagnostic,
) -> Diagnostic {
    match ended(cluster, told) {
        None => problem.note(UNCHANGED),
        Some((note, help)) => problem.note(note).help(help),
    }
}

/// Says the same before the question whether to go on: a person who interrupts it there, or later, has read it.
pub(super) fn says_ended(cluster: &Cluster, told: (&[Told], &[Told])) -> String {
    let words = |(note, help)| {
        format!("{} {note}\n{} {help}\n", paint(HINT, "note:"), paint(HINT, "help:"))
    };
    ended(cluster, told).map(words).unwrap_or_default()
}

/// Returns on which nodes etcd was ended, and how it starts again.
fn ended(cluster: &Cluster, (before, after): (&[Told], &[Told])) -> Option<(String, String)> {
    let was_on = |told: &&Told| {
        let before = before.iter().find(|before| before.name == told.name);
        let before = before.and_then(|told| told.remains());
        before.is_some_and(|remains| remains.up || remains.enabled)
            && told.remains().is_none_or(Remains::is_ended)
    };
    let names: Vec<&str> = after.iter().filter(was_on).map(|told| told.name.as_str()).collect();
    if names.is_empty() {
        return None;
    }
    let start = on_nodes(&units(cluster), "systemctl enable --now --no-block", &names);
    Some((
        format!("etcd was ended on {}; {UNCHANGED}", names.join(", ")),
        format!("to start it there again: {start}"),
    ))
}

/// Returns what is said at the end, where the new cluster is one of `former`'s members alone.
pub(super) fn summary((former, new): (&Cluster, &Cluster), name: &str, work: &Rescue) -> String {
    let id = new.id.map(|id| id.to_string()).unwrap_or_default();
    let others = work.basis.recorded.running.members.keys().filter(|other| *other != name);
    let others: Vec<&str> = others.map(String::as_str).collect();
    let mut text = format!(
        "{} {id}: {name} is its only member, and takes writes\n\
         next: build, as the IDs have changed; then `{} apply` adds the others\n\
         clients that watch or hold leases still rely on the former cluster: restart them\n\
         once all is well, remove `/root/rescue-{name}.db` on its node, which has all that was in etcd; what it had before is \
         beside its data, as `member.DATE`\n",
        paint(HEAD, &new.token),
        work.basis.program
    );
    if !others.is_empty() {
        let _ = writeln!(
            text,
            "{} if {} ever start with their former data, they are the former cluster again, and \
             take writes that are lost: before they have a network, {}",
            paint(WARN, "watch out:"),
            others.join(" or "),
            on_nodes(&units(former), "systemctl disable --now", &others)
        );
    }
    text
}
