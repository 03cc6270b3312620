//! Removes what builds have written and `cluster.toml` no longer wants; but a key only where it was
//! moved to another place.

use super::disk;
use super::folders::{Folder, Folders, parent};
use super::inspect;
use super::manifest::Manifest;
use super::notice;
use super::output::Output;
use super::path::OutPath;
use bouquet_model::diagnostic::Diagnostic;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Names what is no longer wanted.
#[derive(Debug, Default)]
pub(super) struct Stale {
    /// Files to remove, keys last: as long as one is there, the next build knows what to remove.
    pub(super) files: Vec<OutPath>,
    /// Folders that hold what was moved, and have to be on the disk before it is removed.
    pub(super) first: BTreeSet<String>,
    /// Folders that held listed files, the innermost first; each goes if it is empty.
    pub(super) folders: Vec<String>,
    /// Keys, and the certificates that belong to them: they stay, and stay listed.
    ///
    /// The certificate stays because a key alone says nothing, because it names the serial number
    /// that a revocation needs, and because a member that comes back can go on with the pair.
    pub(super) left: BTreeSet<OutPath>,
    pub(super) notices: Vec<Diagnostic>,
}

/// Finds what is stale. Reads, and changes nothing.
pub(super) fn find(root: &Path, old: &Manifest, output: &Output) -> Result<Stale, Diagnostic> {
    let mut stale = Stale::default();
    let mut emptied = BTreeSet::new();
    let mut folders = Folders::below(root);
    let moves = output.moves();
    let unlisted = moves.keys().filter(|path| !old.paths.contains(path));
    for path in old.paths.iter().chain(unlisted).filter(|path| !output.contains(path)) {
        // A link in the place of a folder is not ours to follow, nor to complain of.
        if !matches!(folders.look(path.folder()), Ok(Folder::There { .. })) {
            continue;
        }
        emptied.insert(path.folder());
        if is_file(root, path)? {
            if let Some(to) = moves.get(path) {
                stale.first.insert(to.folder().to_owned());
                stale.files.push(path.clone());
            } else if stays(root, path, output)? {
                stale.left.insert(path.clone());
            } else {
                stale.files.push(path.clone());
            }
        }
    }
    let mut all = BTreeSet::new();
    for mut folder in emptied {
        while !folder.is_empty() && all.insert(folder.to_owned()) {
            folder = parent(folder);
        }
    }
    let (keys, others): (Vec<_>, Vec<_>) = stale.files.into_iter().partition(OutPath::is_key);
    stale.files = [others, keys].concat();
    // Backwards, a folder comes after those in it.
    stale.folders = all.into_iter().rev().collect();
    stale.notices = notices(root, output, &stale)?;
    Ok(stale)
}

/// Removes it, and returns the folders whose entries changed.
pub(super) fn remove(root: &Path, stale: &Stale) -> Result<BTreeSet<PathBuf>, Diagnostic> {
    let mut changed = BTreeSet::new();
    for folder in &stale.first {
        disk::sync_folder(&root.join(folder))?;
    }
    for path in &stale.files {
        disk::remove_file(&root.join(path.as_str()))?;
        changed.insert(root.join(path.folder()));
    }
    for folder in &stale.folders {
        if disk::remove_empty(&root.join(folder))? {
            changed.remove(&root.join(folder));
            changed.insert(root.join(parent(folder)));
        }
    }
    Ok(changed)
}

/// Tells whether a file stays: keys do, with their certificates; so does all of `pki/`, which cannot be had again,
/// but for requests.
fn stays(root: &Path, path: &OutPath, output: &Output) -> Result<bool, Diagnostic> {
    if path.is_key() || (path.is_pki() && !path.is_request()) {
        return Ok(true);
    }
    let Some(key) = path.key() else { return Ok(false) };
    Ok(!output.contains(&key) && is_file(root, &key)?)
}

fn is_file(root: &Path, path: &OutPath) -> Result<bool, Diagnostic> {
    Ok(inspect::look(&root.join(path.as_str()))?.is_some_and(|facts| facts.is_file()))
}

/// Returns one notice for each member's or client's folder in which something is left that no machine uses.
fn notices(root: &Path, output: &Output, stale: &Stale) -> Result<Vec<Diagnostic>, Diagnostic> {
    let mut by_owner: BTreeMap<&str, Vec<PathBuf>> = BTreeMap::new();
    let used = stale.left.iter().filter(|path| output.is_used(path));
    let used: BTreeSet<&str> = used.map(owner).collect();
    for path in stale.left.iter().filter(|path| !used.contains(owner(path))) {
        by_owner.entry(owner(path)).or_default().push(root.join(path.as_str()));
    }
    // A CA's certificate whose key is elsewhere is nothing to speak of.
    by_owner.retain(|_, files| files.iter().any(|path| path.extension() == Some("key".as_ref())));
    if by_owner.is_empty() {
        return Ok(Vec::new());
    }
    let wanted: BTreeSet<_> = output.files().map(|(path, _)| owner(path)).collect();
    let gone: BTreeSet<_> = stale.files.iter().map(|path| root.join(path.as_str())).collect();
    let left = |(owner, files): (&str, Vec<PathBuf>)| {
        let folder = root.join(owner);
        let ours = |path: &PathBuf| files.contains(path) || gone.contains(path);
        let whole = !wanted.contains(owner) && everything(&folder, 3)?.iter().all(ours);
        let remove = if whole { vec![folder.clone()] } else { files };
        Ok(notice::left(&folder, &remove))
    };
    by_owner.into_iter().map(left).collect()
}

/// Returns `members/orange` of `members/orange/certs/server.key`.
fn owner(path: &OutPath) -> &str {
    let folder = path.folder();
    let mut slashes = folder.match_indices('/').map(|(at, _)| at);
    slashes.nth(1).map_or(folder, |end| &folder[..end])
}

/// Lists all files below a folder.
fn everything(folder: &Path, depth: u32) -> Result<Vec<PathBuf>, Diagnostic> {
    let mut all = Vec::new();
    for entry in inspect::entries(folder)? {
        match inspect::look(&entry)? {
            Some(facts) if facts.is_dir() && depth > 0 => {
                all.extend(everything(&entry, depth - 1)?);
            }
            Some(_) => all.push(entry),
            None => {}
        }
    }
    Ok(all)
}
