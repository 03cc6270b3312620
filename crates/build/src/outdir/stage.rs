//! Writes everything new beside its destination, under names of our own, and then renames it.

use super::disk::{self, How};
use super::failure::Failure;
use super::folders::parent;
use super::inspect;
use super::plan::{Entry, NewFolder, Plan};
use super::swap;
use super::threads::for_all;
use super::{Content, OutPath};
use bouquet_x509::Secret;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// How the names begin of what is not in place yet.
pub(super) const PREFIX: &str = ".bouquet-tmp.";

/// Something that was staged, and where it belongs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Move {
    pub(super) from: PathBuf,
    pub(super) to: PathBuf,
}

/// The name under which a file or folder is staged.
pub(super) fn temporary(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(PREFIX);
    name.push(path.file_name().unwrap_or_default());
    path.with_file_name(name)
}

/// Where something belongs that was staged; `None` for what was not.
pub(super) fn destination(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?.strip_prefix(PREFIX)?;
    Some(path.with_file_name(name))
}

/// Stages all that is to be written. On a failure something may be left, for `heal::discard`.
///
/// What git shall not take in is told to it before there is a key, staged or not: whoever is killed
/// between the two leaves nothing to publish.
pub(super) fn stage(
    root: &Path,
    plan: &Plan<'_>,
    modified: SystemTime,
) -> Result<Vec<Move>, Failure> {
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
    for_all(&outer, 16, |folder| {
        disk::create_folder(&folder.at, &folder.target, folder.mode)?;
        fill(root, folder, modified)
    })?;
    for folder in inner.iter().rev() {
        fill(root, folder, modified)?;
    }
    for_all(&files, 64, |entry| {
        let target = root.join(entry.path.as_str());
        write(root, entry, &temporary(&target), modified)
    })?;
    let paths = plan.new_folders.iter().map(|folder| folder.path);
    let paths = paths.chain(files.iter().map(|entry| entry.path.as_str()));
    let moves = paths.map(|path| root.join(path)).map(|to| Move { from: temporary(&to), to });
    Ok(moves.collect())
}

/// Sorts what is to be renamed by folder, each key right before its certificate.
pub(super) fn in_order(mut moves: Vec<Move>) -> Vec<Move> {
    let is_key = |path: &Path| path.extension().is_some_and(|extension| extension == "key");
    moves.sort_by_cached_key(|step| {
        let folder = step.to.parent().map(Path::to_owned);
        (folder, step.to.with_extension(""), !is_key(&step.to), step.to.clone())
    });
    moves
}

/// Renames all into place: the CA first, and it is on the disk before anything that it issued can
/// be used.
pub(super) fn install(root: &Path, moves: Vec<Move>) -> Result<(), Failure> {
    let pki = root.join("pki");
    let (ca, others): (Vec<_>, Vec<_>) =
        in_order(moves).into_iter().partition(|step| step.to.starts_with(&pki));
    for step in &ca {
        disk::rename(&step.from, &step.to)?;
    }
    // Either `pki/` itself was moved, or files and folders into it.
    let folders: BTreeSet<_> = ca.iter().filter_map(|step| step.to.parent()).collect();
    for folder in folders {
        // With a slash at its end, since `out/` may itself be a link.
        disk::sync_folder(&folder.join(""))?;
    }
    // Whole folders, so that no certificate overtakes its key on another thread.
    let folders: Vec<_> = others.chunk_by(|a, b| a.to.parent() == b.to.parent()).collect();
    let put = |steps: &&[Move]| match steps.first().and_then(|step| step.to.parent()) {
        Some(folder) => swap::put(folder, steps),
        None => Ok(()),
    };
    for_all(&folders, 64, put).map(drop)
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

fn fill(root: &Path, folder: &StagedFolder<'_>, modified: SystemTime) -> Result<(), Failure> {
    for entry in &folder.entries {
        write(root, entry, &folder.at.join(entry.path.name()), modified)?;
    }
    disk::set_modified(&folder.at, modified)?;
    if folder.target.starts_with(root.join("pki")) { disk::sync_folder(&folder.at) } else { Ok(()) }
}

fn write(root: &Path, entry: &Entry<'_>, at: &Path, modified: SystemTime) -> Result<(), Failure> {
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
