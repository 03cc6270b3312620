//! What no build does: it would lose data, the quorum or the cluster.

use super::accept::{accepted, needed, to_write, unneeded};
use super::group::{Group, groups};
use super::written::Written;
use crate::diagnostic::Diagnostic;
use bouquet_model::change::{Change, Class, Names, changes};
use bouquet_model::running::Running;
use std::collections::BTreeSet;

/// Returns an error for each change from what is recorded that is refused and not accepted, at its place;
/// and, beside them, a warning for each entry of `accept` that accepts nothing.
pub(crate) fn refused(
    recorded: &Running,
    after: &Running,
    written: Written<'_>,
) -> Vec<Diagnostic> {
    let all = changes(recorded, after);
    let accepted = accepted(written);
    let refused: Vec<&Change> = all
        .iter()
        .filter(|change| change.class == Class::Refused && !change.is_accepted(&accepted))
        .collect();
    let groups = groups(refused.iter().copied(), written);
    let needed = needed(&all, written);
    let mut errors: Vec<Diagnostic> =
        groups.iter().map(|group| error(group, &needed, written)).collect();
    if groups.len() > 1
        && let Some(last) = errors.last_mut()
    {
        let line = to_write(refused.iter().copied(), &needed, written);
        last.help.push(format!("all of these at once, {line}"));
    }
    if !errors.is_empty() {
        errors.extend(unneeded(&all, &Names::of([recorded, after]), written));
    }
    errors
}

fn error(group: &Group<'_>, needed: &BTreeSet<&str>, written: Written<'_>) -> Diagnostic {
    let change = group.first();
    let error = Diagnostic::error(format!("not safe on what runs: {}", group.message()));
    let error = match &group.place {
        Some(label) => error.at(label.span, label.text.clone()),
        None => error,
    };
    let line = to_write(group.changes.iter().copied(), needed, written);
    error
        .note(change.consequence())
        .help(change.way())
        .help(format!("where it is meant all the same, {line}"))
}
