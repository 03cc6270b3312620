//! What a file holds, beside what the build has for it.

use super::Deployed;
use super::place::Place;
use crate::Compiled;
use bouquet_model::certificate::Certificate;
use bouquet_model::trust::trusted;
use serde::Serialize;
use std::fmt;
use std::path::Path;

/// How a file is not what the build has for its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Difference {
    /// The build has another, and did not make this one later.
    Older,
    /// It was issued after the build's.
    Newer,
    /// The build has none for such a place and name.
    Stranger,
}

/// Reads on after the file's name.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Older => "differs from the build: not rolled out?",
            Self::Newer => "is newer than the build of this program: is the program out of date?",
            Self::Stranger => {
                "is not of this build: is it another machine's, or another cluster's?"
            }
        })
    }
}

/// What a file holds, beside what the build has for it.
pub(super) fn compare(
    compiled: &Compiled<'_>,
    is_theirs: &dyn Fn(&Certificate) -> bool,
    file: &Path,
    there: Vec<Certificate>,
) -> Vec<Deployed> {
    let place = Place::of(file);
    let wanted = |c: &&Certificate| place.takes(c.kind) && is_theirs(c);
    let built: Vec<&Certificate> = match (place, &compiled.cluster.tls) {
        (Place::Ca(side), Some(tls)) => trusted(tls, compiled.certificates, side),
        _ => compiled.certificates.iter().filter(wanted).collect(),
    };
    let deployed = |certificate: Certificate, difference| Deployed {
        file: file.to_owned(),
        certificate,
        difference,
    };
    let same = |c: &Certificate| built.iter().find(|b| b.fingerprint == c.fingerprint).copied();
    if matches!(place, Place::Ca(_)) {
        // All that the build trusts must be there; what is trusted besides is not ours to judge.
        let complete = built.iter().all(|b| there.iter().any(|c| c.fingerprint == b.fingerprint));
        if complete && !built.is_empty() {
            return built.iter().map(|b| deployed((*b).clone(), None)).collect();
        }
        let differs = |c: Certificate| {
            let difference = difference(&c, built.first().copied());
            deployed(c, Some(difference))
        };
        return there.into_iter().map(differs).collect();
    }
    // What follows a leaf is its chain, which is none of the build's.
    let Some(mut leaf) = there.into_iter().next() else { return Vec::new() };
    if let Some(same) = same(&leaf) {
        return vec![deployed(same.clone(), None)];
    }
    let meant = built.iter().find(|b| b.common_name == leaf.common_name).copied();
    if let Some(meant) = meant {
        (leaf.kind, leaf.owner) = (meant.kind, meant.owner.clone());
    }
    // A file of another name may be anybody's.
    let differs = (meant.is_some() || place != Place::Other).then(|| difference(&leaf, meant));
    vec![deployed(leaf, differs)]
}

fn difference(there: &Certificate, built: Option<&Certificate>) -> Difference {
    match built {
        None => Difference::Stranger,
        Some(built) if there.not_before > built.not_before => Difference::Newer,
        Some(_) => Difference::Older,
    }
}
