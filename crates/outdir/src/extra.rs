//! Single files outside `out/` that are part of the same commit, perhaps on another file system.
//!
//! Unlike the files of `out/`, each is staged beside its destination, before the commit is decided, and
//! renamed into place after it. They cannot be made again, and two file systems keep no order
//! between each other, so each step is on the disk before the next one: what was staged before the
//! decision, the decision before the first rename, and the renames before the commit counts as
//! done. Where such a file changes between a kill and the build that completes it, the change counts: what
//! must not be lost by that has to be below `out/` too, as `cluster.lock` has its copy there.

use super::disk::{self, How};
use super::error;
use super::inspect::{self, Existing};
use super::places::temporary;
use bouquet_model::diagnostic::Diagnostic;
use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A file that has to be written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extra<'a> {
    place: &'a Path,
    bytes: &'a [u8],
}

/// Finds those that do not hold yet what they shall. Reads, and changes nothing.
pub(super) fn differing(wanted: &BTreeMap<PathBuf, Vec<u8>>) -> Result<Vec<Extra<'_>>, Diagnostic> {
    let mut differing = Vec::new();
    for (place, bytes) in wanted {
        match inspect::compare(place, Some(bytes))? {
            Existing::File { same: true, .. } => {}
            Existing::Folder => return Err(error::folder("write", place)),
            Existing::File { .. } | Existing::Nothing | Existing::Other => {
                differing.push(Extra { place, bytes });
            }
        }
    }
    Ok(differing)
}

/// Stages these, and sees to it that nothing else is staged at any of the places.
pub(super) fn stage(
    places: &[PathBuf],
    differing: &[Extra<'_>],
    modified: SystemTime,
) -> Result<(), Diagnostic> {
    discard(places)?;
    let how = How { mode: 0o644, modified: Some(modified), durable: true };
    let staged = differing.iter().try_for_each(|extra| {
        disk::create(&temporary(extra.place), extra.place, extra.bytes, how)?;
        disk::sync_folder(&folder(extra.place))
    });
    staged.map_err(|error| error.help("until it can be written, `out/` stays as it is too"))
}

/// Renames into place whatever is staged at these places, once the commit is decided.
pub(super) fn install(root: &Path, places: &[PathBuf]) -> Result<(), Diagnostic> {
    let mut is_decided = false;
    for place in places {
        let staged = temporary(place);
        if inspect::look(&staged)?.is_none() {
            continue;
        }
        if !is_decided {
            // With a slash at its end, since `out/` may itself be a link.
            disk::sync_folder(&root.join(""))?;
            is_decided = true;
        }
        disk::rename(&staged, place)?;
        disk::sync_folder(&folder(place))?;
    }
    Ok(())
}

/// Completes what a build had decided that was killed; but a file that was changed since then, as by a
/// `git pull`, stays.
pub(super) fn complete(root: &Path, places: &[PathBuf]) -> Result<(), Diagnostic> {
    for place in places {
        let staged = temporary(place);
        if was_changed_after(place, &staged)? {
            disk::remove_all(&staged)?;
        }
    }
    install(root, places)
}

/// Tells whether a file was put there or written after another was staged, whose own time is set to an earlier
/// one. What comes by `cp -p`, `mv` or `rsync -t` has the time of its last change from where it was.
fn was_changed_after(place: &Path, staged: &Path) -> Result<bool, Diagnostic> {
    let (file, staged) = (inspect::look(place)?, inspect::look(staged)?);
    Ok(file.zip(staged).is_some_and(|(file, staged)| {
        let put = (file.ctime(), file.ctime_nsec());
        put.max((file.mtime(), file.mtime_nsec())) > (staged.ctime(), staged.ctime_nsec())
    }))
}

/// Removes what is staged at these places.
pub(super) fn discard(places: &[PathBuf]) -> Result<(), Diagnostic> {
    places.iter().try_for_each(|place| disk::remove_all(&temporary(place)))
}

/// Returns the folder that holds a file; with a slash at its end, since it may be a link.
fn folder(place: &Path) -> PathBuf {
    let parent = place.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new(".")).join("")
}
