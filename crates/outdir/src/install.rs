//! Puts what was decided into place.

use super::disk;
use super::folders::{Folder, look};
use super::inspect;
use super::path::OutPath;
use super::places;
use bouquet_model::diagnostic::Diagnostic;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Renames all into place, and returns the folders whose entries changed. The CA is first, and on the
/// disk before anything that it issued can be used.
///
/// It can be done again from wherever it ended.
pub(super) fn install(root: &Path) -> Result<BTreeSet<PathBuf>, Diagnostic> {
    let mut changed = BTreeSet::new();
    let decided = places::decided(root);
    let pki = decided.join(OutPath::PKI);
    if inspect::look(&pki)?.is_some() {
        put(&pki, &root.join(OutPath::PKI), &mut changed)?;
        for folder in &changed {
            // With a slash at its end, since `out/` may itself be a link.
            disk::sync_folder(&folder.join(""))?;
        }
    }
    put_all(&decided, root, &mut changed)?;
    Ok(changed)
}

/// Puts all of a folder into another one, each key right before its certificate.
fn put_all(from: &Path, to: &Path, changed: &mut BTreeSet<PathBuf>) -> Result<(), Diagnostic> {
    let mut entries = inspect::entries(from)?;
    entries.sort_by_cached_key(|path| places::in_order(path));
    for entry in entries {
        put(&entry, &to.join(entry.file_name().unwrap_or_default()), changed)?;
    }
    Ok(())
}

/// Puts a file or folder in its place. A folder goes as a whole where there is none; a link in its place is not
/// followed.
fn put(from: &Path, to: &Path, changed: &mut BTreeSet<PathBuf>) -> Result<(), Diagnostic> {
    let Some(facts) = inspect::look(from)? else { return Ok(()) };
    if !facts.is_dir() || look(to)? == Folder::Missing {
        changed.extend(to.parent().map(Path::to_owned));
        return disk::rename(from, to);
    }
    put_all(from, to, changed)?;
    disk::remove_empty(from).map(drop)
}
