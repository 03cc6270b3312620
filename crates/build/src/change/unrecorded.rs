//! Members and clients of which nothing is recorded: they may run, or not.

use super::accept::accepted;
use super::group::{Group, groups_of};
use super::place::WAS;
use super::written::Written;
use crate::diagnostic::Diagnostic;
use bouquet_model::change::{Change, Class, What, changes};
use bouquet_model::running::Running;
use bouquet_model::time::Date;

/// Warns once of each change since the last build that would be refused, or of another etcd, if they ran.
///
/// The day is there because cargo repeats the words of a build until the next one. CAs are no matter of it:
/// what the last build gave out of them is held against its files.
pub(crate) fn unrecorded(
    last: &Running,
    recorded: &Running,
    after: &Running,
    written: Written<'_>,
    day: Date,
) -> Vec<Diagnostic> {
    let all = since(last, recorded, after);
    let accepted = accepted(written);
    let is_told = |change: &&Change| {
        let is_unsafe = change.class == Class::Refused && !change.is_accepted(&accepted);
        let is_of_cas = matches!(change.what, What::Trust { .. });
        let is_upgrade =
            matches!(change.what, What::Version { .. }) && change.class == Class::AskEtcd;
        // A quorum is one of all members that run: those that are recorded are not counted here.
        let is_no_quorum =
            matches!(change.what, What::Quorum { .. }) && !recorded.members.is_empty();
        (is_unsafe && !is_of_cas && !is_no_quorum) || is_upgrade
    };
    let groups = groups_of(all.iter().filter(is_told), written, &WAS);
    groups.iter().map(|group| warning(group, day)).collect()
}

/// Returns the changes of those that are not recorded, since the last build.
pub(super) fn since(last: &Running, recorded: &Running, after: &Running) -> Vec<Change> {
    let only = |all: &Running| {
        let mut others = all.clone();
        others.members.retain(|name, _| !recorded.members.contains_key(name));
        others.clients.retain(|name, _| !recorded.clients.contains_key(name));
        others
    };
    changes(&only(last), &only(after))
}

fn warning(group: &Group<'_>, day: Date) -> Diagnostic {
    let change = group.first();
    let message = format!("{}: taken as not yet running ({day})", group.message());
    let said = Diagnostic::warning(message);
    let said = match &group.place {
        Some(label) => said.at(label.span, label.text.clone()),
        None => said,
    };
    let said = said.help(
        "if it runs: take this change back, build, and `cargo run -- done`, which records what runs; then \
         make it again",
    );
    said.note(change.consequence()).help(change.way())
}
