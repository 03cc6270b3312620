//! Puts right what a build has left that was killed, or failed, on its way.

use super::disk;
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
    let mut manifest = read(root)?;
    let mut changed = former::settle(root, extras, &mut manifest)?;
    match inspect::look(&places::decided(root))? {
        Some(facts) if facts.is_dir() => {
            changed.extend(install(root)?);
            extra::complete(root, extras)?;
            finish(root)?;
            manifest = read(root)?;
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

/// Says that all that was decided is in place.
pub(super) fn finish(root: &Path) -> Result<(), Diagnostic> {
    disk::remove_all(&places::decided(root))
}

/// Tells whether a build was ended while it put files into place, so that half of them are old.
///
/// # Errors
/// If `out/` cannot be read.
pub fn is_unfinished(root: &Path) -> Result<bool, Diagnostic> {
    Ok(inspect::look(&places::decided(root))?.is_some() || read(root)?.unfinished)
}

/// Reads the manifest; an empty one if there is none.
fn read(root: &Path) -> Result<Manifest, Diagnostic> {
    /// A hundred thousand files; a larger manifest is not ours.
    const LIMIT: u64 = 64 << 20;
    let bytes = inspect::read(&places::manifest(root), LIMIT)?.unwrap_or_default();
    Ok(Manifest::parse(&String::from_utf8_lossy(&bytes)))
}
