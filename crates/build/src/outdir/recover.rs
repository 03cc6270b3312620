//! Puts right what a build has left that was killed, or failed, on its way.

use super::commit::write_manifest;
use super::failure::Failure;
use super::folders::{Folder, Folders, parent};
use super::lock::read_manifest;
use super::stage::{Move, destination, install, temporary};
use super::{Manifest, OutPath};
use super::{disk, inspect, swap};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Completes a build that had decided, undoes one that had not; returns the folders, relative to
/// `out/`, in which it changed something.
pub(super) fn heal(root: &Path, manifest: &mut Manifest) -> Result<Vec<String>, Failure> {
    let planned = temporary(&root.join(OutPath::MANIFEST));
    if manifest.unfinished {
        let touched = complete(root, manifest, &planned)?;
        // The mark goes before anything else is staged: it must not speak for that.
        manifest.unfinished = false;
        write_manifest(root, manifest, inspect::modified(&root.join(OutPath::MANIFEST))?)?;
        Ok(touched)
    } else if inspect::look(&planned)?.is_some() {
        let staged = read_manifest(&planned)?;
        discard(root, &staged)
    } else {
        Ok(Vec::new())
    }
}

/// Removes all that was staged by a build whose manifest this is; the manifest itself last, since
/// without it nobody would know where to look.
pub(super) fn discard(root: &Path, manifest: &Manifest) -> Result<Vec<String>, Failure> {
    let planned = temporary(&root.join(OutPath::MANIFEST));
    let mut touched = Vec::new();
    for (folder, staged) in staged(root, &manifest.folders())? {
        for path in staged.iter().filter(|path| **path != planned) {
            disk::remove_all(path)?;
        }
        touched.push(folder.to_owned());
    }
    disk::remove_file(&planned)?;
    Ok(touched)
}

fn complete(root: &Path, manifest: &Manifest, planned: &Path) -> Result<Vec<String>, Failure> {
    let folders = manifest.folders();
    let mut touched = Vec::new();
    for (folder, stand_ins) in entries(root, &folders, |path| swap::original(path).is_some())? {
        stand_ins
            .iter()
            .filter_map(|path| swap::original(path))
            .try_for_each(|f| swap::settle(&f))?;
        touched.push(folder.to_owned());
    }
    let mut moves = Vec::new();
    for (folder, staged) in staged(root, &folders)? {
        let steps = staged.into_iter().filter(|path| path != planned);
        moves.extend(steps.filter_map(|from| Some(Move { to: destination(&from)?, from })));
        // Where a pair is replaced, there is a stand-in for a moment.
        touched.extend([folder.to_owned(), parent(folder).to_owned()]);
    }
    install(root, moves)?;
    disk::remove_file(planned)?;
    Ok(touched)
}

/// What is staged in each of these folders.
fn staged<'a>(
    root: &'a Path,
    names: &BTreeSet<&'a str>,
) -> Result<Vec<(&'a str, Vec<PathBuf>)>, Failure> {
    entries(root, names, |path| destination(path).is_some())
}

/// What is ours in each of these folders.
fn entries<'a>(
    root: &'a Path,
    names: &BTreeSet<&'a str>,
    ours: impl Fn(&Path) -> bool,
) -> Result<Vec<(&'a str, Vec<PathBuf>)>, Failure> {
    let mut folders = Folders::below(root);
    let mut all = Vec::new();
    for &folder in names {
        if folders.look(folder)? == Folder::Missing {
            continue;
        }
        let mut found = inspect::entries(&root.join(folder))?;
        found.retain(|path| ours(path));
        if !found.is_empty() {
            all.push((folder, found));
        }
    }
    Ok(all)
}
