//! The certificates in a file, compared with those that the build has for it.

use super::place::{Place, file_of};
use crate::compiled::Compiled;
use bouquet_model::certificate::Certificate;
use bouquet_model::trust_file::trusted;
use std::fmt;
use std::path::{Path, PathBuf};

/// A certificate that a file holds.
pub(crate) struct Deployed {
    pub(crate) file: PathBuf,
    pub(crate) certificate: Certificate,
    pub(crate) difference: Option<Difference>,
}

/// The way in which a file differs from what the build has for its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Difference {
    /// The build has another, and did not make this one later.
    Older,
    /// It was issued after the build's.
    Newer,
    /// The build has none for such a place and name.
    Foreign,
    /// The build has it for another place: the file of this name.
    Misplaced(&'static str),
}

impl Difference {
    /// Returns the word for it in JSON.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Older => "older",
            Self::Newer => "newer",
            Self::Foreign => "foreign",
            Self::Misplaced(_) => "misplaced",
        }
    }
}

/// Reads on after the file's name.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Older => "differs from the build: not rolled out?",
            Self::Newer => "is newer than the build of this program: is the program out of date?",
            Self::Foreign => "is not of this build: is it another machine's, or another cluster's?",
            Self::Misplaced(file) => {
                return write!(f, "is the build's, but belongs into `{file}`");
            }
        })
    }
}

/// Compares the certificates in a file with those that the build has for it.
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
    let elsewhere = |c: &Certificate| {
        let mut theirs = compiled.certificates.iter().filter(|b| is_theirs(b));
        let same = theirs.find(|b| b.fingerprint == c.fingerprint)?;
        Some(deployed(same.clone(), Some(Difference::Misplaced(file_of(compiled, same)))))
    };
    if matches!(place, Place::Ca(_)) {
        // All that the build trusts must be there; what is trusted besides is not ours to judge.
        let complete = built.iter().all(|b| there.iter().any(|c| c.fingerprint == b.fingerprint));
        if complete && !built.is_empty() {
            return built.iter().map(|b| deployed((*b).clone(), None)).collect();
        }
        let differs = |c: Certificate| {
            // One that is trusted here too is part of a file that is not complete.
            if let (None, Some(misplaced)) = (same(&c), elsewhere(&c)) {
                return misplaced;
            }
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
    if let Some(misplaced) = elsewhere(&leaf) {
        return vec![misplaced];
    }
    let meant = built.iter().find(|b| b.name() == leaf.name()).copied();
    if let Some(meant) = meant {
        (leaf.kind, leaf.owner) = (meant.kind, meant.owner.clone());
    }
    // A file of another name may be anybody's.
    let differs = (meant.is_some() || place != Place::Other).then(|| difference(&leaf, meant));
    vec![deployed(leaf, differs)]
}

fn difference(there: &Certificate, built: Option<&Certificate>) -> Difference {
    match built {
        None => Difference::Foreign,
        Some(built) if there.not_before > built.not_before => Difference::Newer,
        Some(_) => Difference::Older,
    }
}
