//! Writes everything new beside its destination, under names of our own.

use super::disk::{self, How};
use super::extra;
use super::folders::parent;
use super::inspect;
use super::moves::{Move, temporary};
use super::output::Content;
use super::path::OutPath;
use super::plan::{Entry, NewFolder, Plan};
use crate::parallel::try_map;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::Secret;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Stages all that is to be written. On a failure something may be left, for
/// `recover::discard`.
///
/// What git shall not take in is told to it before there is a key, staged or not: a build that is killed
/// between the two leaves nothing to publish.
pub(super) fn stage(
    root: &Path,
    extras: &[PathBuf],
    plan: &Plan<'_>,
    modified: SystemTime,
) -> Result<Vec<Move>, Diagnostic> {
    let (ignore, files): (Vec<Entry<'_>>, Vec<_>) =
        plan.files.iter().partition(|entry| entry.path.as_str() == OutPath::GITIGNORE);
    for entry in &ignore {
        let target = root.join(entry.path.as_str());
        write(root, entry, &temporary(&target), modified)?;
        disk::rename(&temporary(&target), &target)?;
    }
    let folders: Vec<_> =
        plan.new_folders.iter().flat_map(|new| staged_folders(root, new)).collect();
    let (inner, outer): (Vec<_>, Vec<_>) = folders.iter().partition(|folder| folder.inner);
    // Sorted, so that a folder is there before those in it; these are few.
    for folder in &inner {
        disk::create_folder(&folder.at, &folder.target, folder.mode)?;
    }
    try_map(&outer, 16, |folder| {
        disk::create_folder(&folder.at, &folder.target, folder.mode)?;
        fill(root, folder, modified)
    })?;
    for folder in inner.iter().rev() {
        fill(root, folder, modified)?;
    }
    try_map(&files, 64, |entry| {
        let target = root.join(entry.path.as_str());
        write(root, entry, &temporary(&target), modified)
    })?;
    extra::stage(extras, &plan.extras, modified)?;
    let paths = plan.new_folders.iter().map(|folder| folder.path);
    let paths = paths.chain(files.iter().map(|entry| entry.path.as_str()));
    Ok(paths.map(|path| Move::to(root.join(path))).collect())
}

/// A folder that is made under another name, or below one that is.
struct StagedFolder<'a> {
    at: PathBuf,
    target: PathBuf,
    mode: u32,
    /// Whether it holds further folders.
    inner: bool,
    entries: Vec<Entry<'a>>,
}

fn staged_folders<'a>(root: &Path, new: &NewFolder<'a>) -> Vec<StagedFolder<'a>> {
    let mut by_folder: BTreeMap<&str, Vec<Entry<'_>>> = BTreeMap::new();
    let mut inner = BTreeSet::new();
    for entry in &new.entries {
        by_folder.entry(entry.path.folder()).or_default().push(*entry);
        let mut folder = entry.path.folder();
        while folder != new.path {
            folder = parent(folder);
            by_folder.entry(folder).or_default();
            inner.insert(folder);
        }
    }
    let top = temporary(&root.join(new.path));
    let staged = |(folder, entries): (&str, Vec<Entry<'a>>)| {
        let below = folder[new.path.len()..].trim_start_matches('/');
        let private = OutPath::is_for_keys(folder);
        StagedFolder {
            at: if below.is_empty() { top.clone() } else { top.join(below) },
            target: root.join(folder),
            mode: if private { 0o700 } else { 0o755 },
            inner: inner.contains(folder),
            entries,
        }
    };
    by_folder.into_iter().map(staged).collect()
}

fn fill(root: &Path, folder: &StagedFolder<'_>, modified: SystemTime) -> Result<(), Diagnostic> {
    for entry in &folder.entries {
        write(root, entry, &folder.at.join(entry.path.name()), modified)?;
    }
    disk::set_modified(&folder.at, modified)?;
    if folder.target.starts_with(root.join(OutPath::PKI)) {
        disk::sync_folder(&folder.at)
    } else {
        Ok(())
    }
}

fn write(
    root: &Path,
    entry: &Entry<'_>,
    at: &Path,
    modified: SystemTime,
) -> Result<(), Diagnostic> {
    let target = root.join(entry.path.as_str());
    let mode = entry.content.mode(entry.path);
    let how = How { mode, modified: Some(modified), durable: entry.durable };
    let kept;
    let bytes = match entry.content {
        Content::Public { bytes, .. } => bytes.as_slice(),
        Content::Key(secret) => secret.expose(),
        // A key that had further names gets a file of its own.
        Content::Kept => {
            kept = inspect::read(&target, u64::MAX)?.map(Secret::from);
            kept.as_ref().map_or(&[][..], Secret::expose)
        }
    };
    disk::create(at, &target, bytes, how)
}
