//! What no build does: it would lose data, the quorum or the cluster.

use super::accept::{is_accepted, line, unneeded, words};
use super::group::{Group, groups};
use super::words::Words as _;
use super::written::Written;
use crate::diagnostic::Diagnostic;
use bouquet_model::change::{Change, Class, changes};
use bouquet_model::running::Running;

/// Returns an error for each change from what is recorded that is refused and not accepted, at its place;
/// and, beside them, a warning for each entry of `accept` that accepts nothing.
pub(crate) fn refused(
    recorded: &Running,
    after: &Running,
    written: Written<'_>,
) -> Vec<Diagnostic> {
    let all = changes(recorded, after);
    let refused: Vec<&Change> = all
        .iter()
        .filter(|change| change.class == Class::Refused && !is_accepted(change, written.accept))
        .collect();
    let groups = groups(refused.iter().copied(), written);
    let mut errors: Vec<Diagnostic> = groups.iter().map(|group| error(group, written)).collect();
    if groups.len() > 1
        && let Some(last) = errors.last_mut()
    {
        let all =
            words(written.accept).into_iter().chain(refused.iter().filter_map(|c| c.accept()));
        last.help.push(format!("all of them at once: `{}`", line(once(all))));
    }
    if !errors.is_empty() {
        errors.extend(unneeded(&all, written));
    }
    errors
}

fn error(group: &Group<'_>, written: Written<'_>) -> Diagnostic {
    let change = group.first();
    let error = Diagnostic::error(format!("not safe on what runs: {}", group.message()));
    let error = match &group.place {
        Some(label) => error.at(label.span, label.text.clone()),
        None => error,
    };
    let error = change.consequence().into_iter().fold(error, Diagnostic::note);
    let error = change.way().into_iter().fold(error, Diagnostic::help);
    let own = group.changes.iter().filter_map(|change| change.accept());
    let line = line(once(words(written.accept).into_iter().chain(own)));
    let place = match written.places.accept {
        Some(_) => "in the place of `accept`",
        None => "under [cluster]",
    };
    error.help(format!("where it is meant all the same, {place}: `{line}`"))
}

fn once(words: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut all = Vec::new();
    for word in words {
        if !all.contains(&word) {
            all.push(word);
        }
    }
    all
}
