//! Members that have the same data as one another, and other data than the rest.

use super::observed::{Doubt, Observed};
use std::collections::{BTreeMap, BTreeSet};

/// Whose data is alike, by the names of those in doubt.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sides<'a> {
    /// Nobody is seen to have other data.
    One,
    /// It could not be compared.
    Unknown,
    /// They have diverged.
    Several(Vec<Vec<&'a str>>),
}

/// Returns those who may have other data than another member, and their revisions.
pub(super) fn in_doubt(observed: &Observed) -> Vec<(&str, &Doubt, i64)> {
    let all = observed.seen.iter().filter_map(|seen| {
        Some((
            seen.target.name.as_str(),
            seen.doubt.as_ref()?,
            seen.status.as_ref().ok()?.header?.revision,
        ))
    });
    all.collect()
}

/// Parts those who may not have the same data: at each of several readings one was at a revision at which it could not
/// be by what it had applied. They have diverged if their hashes at one revision differ, or if nothing that was written
/// meanwhile could explain it.
pub(super) fn sides(observed: &Observed) -> Sides<'_> {
    let in_doubt = in_doubt(observed);
    if in_doubt.len() < 2 {
        return Sides::One;
    }
    let mut hashes: BTreeMap<(i64, u32), Vec<&str>> = BTreeMap::new();
    let mut revisions: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
    for (name, doubt, revision) in &in_doubt {
        if let Ok(hash) = &doubt.hash {
            hashes.entry((hash.compact_revision, hash.hash)).or_default().push(name);
        }
        if doubt.is_certain {
            revisions.entry(*revision).or_default().push(name);
        }
    }
    // What was compacted at different revisions has different hashes.
    let compacted: BTreeSet<i64> = hashes.keys().map(|(compacted, _)| *compacted).collect();
    let are_comparable =
        compacted.len() == 1 && in_doubt.iter().all(|(_, doubt, _)| doubt.hash.is_ok());
    match (hashes.len(), revisions.len()) {
        (2.., _) if compacted.len() == 1 => Sides::Several(hashes.into_values().collect()),
        (_, 2..) => Sides::Several(revisions.into_values().collect()),
        _ if are_comparable => Sides::One,
        _ => Sides::Unknown,
    }
}
