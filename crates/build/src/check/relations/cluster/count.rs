//! How many members there are.

use crate::check::relations::subject::Subject;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::spec::Spec;
use bouquet_model::quorum::quorum;

/// The most members that are compiled: every member's artifacts hold every other member, so the work grows with the
/// square, and no etcd of that size has ever served anybody.
const MOST: usize = 64;

/// etcd's advice: "an etcd cluster probably should have no more than seven nodes".
const ADVISED: usize = 7;

/// Returns an error if the spec has more members than is sensible to look at one by one.
pub(crate) fn too_many(spec: &Spec) -> Option<Diagnostic> {
    let count = spec.members.len();
    let first = spec.members.get(MOST)?;
    let message =
        format!("{count} members are more than a cluster can have; at most {MOST} are compiled");
    Some(
        Diagnostic::error(message)
            .at(first.span, "this is one too many")
            .note("every member's artifacts hold every other member, and every write waits for more than half of them")
            .help("etcd advises 3, 5 or 7 members; anyone who connects is a [[client]], not a [[member]]"),
    )
}

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    let count = subject.cluster.members.len();
    let Some(last) = subject.members().last() else { return };
    let warn = |message: String, help: &str| {
        Diagnostic::warning(message).at(subject.name_span(last), "").help(help.to_owned())
    };
    if count == 1 {
        let message = "one member alone: no write succeeds while it is down".to_owned();
        found.push(warn(message, "three members survive the loss of one"));
    } else if count > ADVISED {
        let message = format!("{count} members: every write waits for {} of them", quorum(count));
        found.push(warn(message, "etcd advises 3, 5 or 7 members"));
    } else if count.is_multiple_of(2) {
        let message =
            format!("{count} members survive the loss of {}, as {} do", (count - 1) / 2, count - 1);
        let help =
            format!("make it {} or {}: the last one adds work and no safety", count - 1, count + 1);
        found.push(warn(message, &help));
    }
}
