//! `out/.here-…`: the mark of the place that `out/` lies in.
//!
//! Two clones of one package in one target folder are the same package to cargo: after a build of the one,
//! it takes that run of the script for one of the other, and starts a program with the other's cluster.
//! But it does run a script again if a watched path is not there, and it looks for those in the clone that
//! it builds. So one of them has a name that no other clone has.

use super::disk::{self, How};
use super::inspect;
use super::out::Out;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::fingerprint;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

const PREFIX: &str = ".here-";

const TEXT: &str = "\
# Tells cargo where this folder is, so that two clones of a package can share a target folder.
";

/// Leaves the mark of this place, and removes that of any other from which `out/` was copied.
///
/// # Errors
/// If `out/` cannot be read or written.
pub fn leave(out: &Out, started: SystemTime) -> Result<(), Diagnostic> {
    let place = place(out.path())?;
    for entry in inspect::entries(out.path())? {
        if is_mark(&entry) && entry != place {
            disk::remove_file(&entry)?;
        }
    }
    if inspect::look(&place)?.is_none() {
        // As all that is watched, it is older than the script's run.
        let modified = started.checked_sub(Duration::from_secs(1));
        disk::write(&place, TEXT.as_bytes(), How { mode: 0o644, modified, durable: false })?;
    }
    Ok(())
}

/// Tells whether the folder bears the mark of this place.
pub fn is_marked(root: &Path) -> bool {
    place(root).is_ok_and(|place| place.exists())
}

/// Returns the place of the mark.
///
/// # Errors
/// If it cannot be found out where `out/` is.
pub(super) fn place(root: &Path) -> Result<PathBuf, Diagnostic> {
    Ok(root.join(format!("{PREFIX}{}", hash(root)?)))
}

/// Returns what tells the folder from those of other clones, whichever way it is named.
///
/// # Errors
/// As [`place`].
pub fn hash(root: &Path) -> Result<String, Diagnostic> {
    let real = disk::real(root)?;
    let hash = fingerprint(real.as_os_str().as_encoded_bytes());
    Ok(data_encoding::HEXLOWER.encode(&hash[..8]))
}

fn is_mark(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(PREFIX.as_bytes()))
}
