//! What could not be asked, and why.

use crate::live::found::Found;
use crate::live::members::{State, words};
use crate::live::observed::Seen;
use bouquet_etcd::Error;
use std::collections::BTreeMap;

/// Returns what could not be asked of members that answer, and why: once for each reason.
pub(in crate::live) fn unasked(found: &Found<'_>) -> Vec<String> {
    // That a member refuses its status, `reach` tells.
    let up = found.members.iter().filter(|it| matches!(it.state, State::Up | State::Refusing));
    let seen: Vec<&Seen> = up.filter_map(|member| member.seen).collect();
    let mut reasons: BTreeMap<(&str, String), Vec<&str>> = BTreeMap::new();
    for one in seen {
        let parts = [
            ("mesh, clock and, before 3.6, quota", one.metrics.as_ref().err()),
            ("list of members", one.list.as_ref().err()),
            ("served certificate", one.client_certificate.as_ref().and_then(|r| r.as_ref().err())),
            (
                "served peer certificate",
                one.peer_certificate.as_ref().and_then(|r| r.as_ref().err()),
            ),
            ("hash of keys", one.doubt.as_ref().and_then(|doubt| doubt.hash.as_ref().err())),
        ];
        for (what, error) in parts {
            if let Some(error) = error.filter(|error| !is_of_learners(error)) {
                reasons.entry((what, words(error))).or_default().push(&one.target.name);
            }
        }
    }
    reasons
        .into_iter()
        .map(|((what, why), names)| format!("{what} of {}: {why}", names.join(", ")))
        .collect()
}

/// Tells whether the error is that of a learner, which answers this in no release, so that nothing
/// is missing.
fn is_of_learners(error: &Error) -> bool {
    error.to_string().contains("not supported for learner")
}
