//! Puts right what a build has left that was killed, or failed, on its way.

use super::disk;
use super::error;
use super::extra;
use super::former;
use super::inspect;
use super::install::install;
use super::manifest::Manifest;
use super::places;
use bouquet_model::diagnostic::Diagnostic;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Completes a build that had decided, undoes one that had not; returns what is listed then, and the
/// folders in which something changed.
pub(super) fn recover(
    root: &Path,
    extras: &[PathBuf],
) -> Result<(Manifest, BTreeSet<PathBuf>), Diagnostic> {
    let text = read(root)?;
    let mut manifest = Manifest::parse(&text);
    let mut changed = former::settle(root, extras, &text)?;
    match inspect::look(&places::decided(root))? {
        Some(facts) if facts.is_dir() => {
            changed.extend(complete(root, || extra::complete(root, extras))?);
            manifest = Manifest::parse(&read(root)?);
        }
        // What someone has put there, a link perhaps.
        Some(_) => finish(root)?,
        None => {}
    }
    if inspect::look(&places::staged(root))?.is_some() {
        discard(root, extras)?;
    }
    Ok((manifest, changed))
}

/// Removes all that was staged; the folder that tells of it goes last.
pub(super) fn discard(root: &Path, extras: &[PathBuf]) -> Result<(), Diagnostic> {
    extra::discard(extras)?;
    disk::remove_all(&places::staged(root))
}

/// Puts all that was decided into place, the files elsewhere as the caller does it, and returns the folders in which
/// something changed.
pub(super) fn complete(
    root: &Path,
    elsewhere: impl FnOnce() -> Result<(), Diagnostic>,
) -> Result<BTreeSet<PathBuf>, Diagnostic> {
    let go = || {
        let changed = install(root)?;
        elsewhere()?;
        finish(root).map(|()| changed)
    };
    go().map_err(error::decided)
}

/// Says that all that was decided is in place.
fn finish(root: &Path) -> Result<(), Diagnostic> {
    disk::remove_all(&places::decided(root))
}

/// Tells whether a build was ended while it put files into place, so that half of them are old.
///
/// # Errors
/// If `out/` cannot be read.
pub fn is_unfinished(root: &Path) -> Result<bool, Diagnostic> {
    Ok(inspect::look(&places::decided(root))?.is_some() || former::is_unfinished(&read(root)?))
}

/// Reads the text of the manifest; an empty one if there is none.
fn read(root: &Path) -> Result<String, Diagnostic> {
    /// A hundred thousand files; a larger manifest is not ours.
    const LIMIT: u64 = 64 << 20;
    let bytes = inspect::read(&places::manifest(root), LIMIT)?.unwrap_or_default();
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
