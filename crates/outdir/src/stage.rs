//! Writes everything new into one folder, each file at its path below it.

use super::disk::{self, How};
use super::extra;
use super::folders::above;
use super::inspect;
use super::manifest::Manifest;
use super::output::Content;
use super::path::OutPath;
use super::places;
use super::plan::{Entry, Plan};
use crate::parallel::try_map;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::Secret;
use std::collections::BTreeSet;
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
    manifest: &Manifest,
    modified: SystemTime,
) -> Result<(), Diagnostic> {
    let (ignore, files): (Vec<Entry<'_>>, Vec<_>) =
        plan.files.iter().partition(|entry| entry.path.as_str() == OutPath::GITIGNORE);
    let staged = places::staged(root);
    for entry in &ignore {
        let target = root.join(entry.path.as_str());
        write(&target, entry, &staged, modified)?;
        disk::rename(&staged, &target)?;
    }
    let manifest_place = places::manifest(root);
    disk::create_folder(&staged, &manifest_place, 0o700)?;
    // Sorted, so that a folder is there before those in it.
    for folder in above(files.iter().map(|entry| entry.path)).into_iter().skip(1) {
        let mode = if OutPath::is_for_keys(folder) { 0o700 } else { 0o755 };
        disk::create_folder(&staged.join(folder), &root.join(folder), mode)?;
    }
    try_map(&files, 64, |entry| {
        let path = entry.path.as_str();
        write(&root.join(path), entry, &staged.join(path), modified)
    })?;
    let precious = files.iter().filter(|entry| entry.durable);
    for folder in precious.map(|entry| entry.path.folder()).collect::<BTreeSet<_>>() {
        disk::sync_folder(&staged.join(folder))?;
    }
    // It has to outlive a power cut where what is decided with it does, on another file system.
    let how = How { mode: 0o644, modified: Some(modified), durable: !plan.extras.is_empty() };
    let text = manifest.text();
    disk::create(&staged.join(OutPath::MANIFEST), &manifest_place, text.as_bytes(), how)?;
    extra::stage(extras, &plan.extras, modified)
}

fn write(
    target: &Path,
    entry: &Entry<'_>,
    at: &Path,
    modified: SystemTime,
) -> Result<(), Diagnostic> {
    let mode = entry.content.mode(entry.path);
    let how = How { mode, modified: Some(modified), durable: entry.durable };
    let kept;
    let bytes = match entry.content {
        Content::Public { bytes, .. } => bytes.as_slice(),
        Content::Key(secret) => secret.expose(),
        // A key that had further names gets a file of its own.
        Content::Kept => {
            kept = inspect::read(target, u64::MAX)?.map(Secret::from);
            kept.as_ref().map_or(&[][..], Secret::expose)
        }
    };
    disk::create(at, target, bytes, how)
}
