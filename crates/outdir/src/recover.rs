//! Puts right what a build has left that was killed, or failed, on its way.

use super::disk;
use super::extra;
use super::folders::{Folder, Folders, parent};
use super::inspect;
use super::install::install;
use super::journal;
use super::manifest::Manifest;
use super::moves::Move;
use super::swap;
use bouquet_model::diagnostic::Diagnostic;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Completes a build that had decided, undoes one that had not; returns the folders, relative to
/// `out/`, in which it changed something.
pub(super) fn recover(
    root: &Path,
    extras: &[PathBuf],
    manifest: &mut Manifest,
) -> Result<Vec<String>, Diagnostic> {
    if manifest.unfinished {
        let touched = complete(root, extras, manifest)?;
        // The mark goes before anything else is staged: it must not speak for that.
        manifest.unfinished = false;
        journal::write(root, manifest, inspect::modified(&journal::place(root))?)?;
        Ok(touched)
    } else if inspect::look(&journal::staged(root))?.is_some() {
        let staged = journal::read(&journal::staged(root))?;
        discard(root, extras, &staged)
    } else {
        Ok(Vec::new())
    }
}

/// Removes all that was staged by a build whose manifest this is; the manifest itself last, since
/// without it nobody would know where to look.
pub(super) fn discard(
    root: &Path,
    extras: &[PathBuf],
    manifest: &Manifest,
) -> Result<Vec<String>, Diagnostic> {
    let planned = journal::staged(root);
    let mut touched = Vec::new();
    for (folder, staged) in entries(root, &manifest.folders(), Move::of)? {
        for step in staged.iter().filter(|step| step.from != planned) {
            disk::remove_all(&step.from)?;
        }
        touched.push(folder.to_owned());
    }
    extra::discard(extras)?;
    disk::remove_file(&planned)?;
    Ok(touched)
}

fn complete(
    root: &Path,
    extras: &[PathBuf],
    manifest: &Manifest,
) -> Result<Vec<String>, Diagnostic> {
    let planned = journal::staged(root);
    let folders = manifest.folders();
    let mut touched = Vec::new();
    for (folder, originals) in entries(root, &folders, |path| swap::original(&path))? {
        originals.iter().try_for_each(|folder| swap::settle(folder))?;
        touched.push(folder.to_owned());
    }
    let mut moves = Vec::new();
    for (folder, staged) in entries(root, &folders, Move::of)? {
        moves.extend(staged.into_iter().filter(|step| step.from != planned));
        // Where a pair is replaced, there is a stand-in for a moment.
        touched.extend([folder.to_owned(), parent(folder).to_owned()]);
    }
    install(root, moves)?;
    extra::complete(root, extras)?;
    disk::remove_file(&planned)?;
    Ok(touched)
}

/// Returns what is ours in each of these folders, leaving out those where nothing is.
fn entries<'a, T>(
    root: &'a Path,
    names: &BTreeSet<&'a str>,
    ours: impl Fn(PathBuf) -> Option<T>,
) -> Result<Vec<(&'a str, Vec<T>)>, Diagnostic> {
    let mut folders = Folders::below(root);
    let mut all = Vec::new();
    for &folder in names {
        if folders.look(folder)? == Folder::Missing {
            continue;
        }
        let entries = inspect::entries(&root.join(folder))?;
        let ours: Vec<T> = entries.into_iter().filter_map(&ours).collect();
        if !ours.is_empty() {
            all.push((folder, ours));
        }
    }
    Ok(all)
}
