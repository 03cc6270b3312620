//! The manifest on the disk: what builds have written, and the one file that decides a commit.

use super::disk::{self, How};
use super::inspect;
use super::manifest::Manifest;
use super::moves::temporary;
use super::path::OutPath;
use bouquet_model::diagnostic::Diagnostic;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Returns where the manifest is.
pub(super) fn place(root: &Path) -> PathBuf {
    root.join(OutPath::MANIFEST)
}

/// Returns where the manifest of a build is that has not decided yet.
pub(super) fn staged(root: &Path) -> PathBuf {
    temporary(&place(root))
}

/// Reads a manifest; an empty one if there is none.
pub(super) fn read(path: &Path) -> Result<Manifest, Diagnostic> {
    /// A hundred thousand files; a larger manifest is not ours.
    const LIMIT: u64 = 64 << 20;
    let bytes = inspect::read(path, LIMIT)?;
    Ok(bytes.map(|bytes| Manifest::parse(&String::from_utf8_lossy(&bytes))).unwrap_or_default())
}

/// Tells every folder in which something is going to be staged. It is `durable` where its decision
/// counts for other file systems too.
pub(super) fn stage(
    root: &Path,
    manifest: &Manifest,
    modified: SystemTime,
    durable: bool,
) -> Result<(), Diagnostic> {
    let how = How { durable, ..how(modified) };
    disk::create(&staged(root), &place(root), manifest.text().as_bytes(), how)
}

/// Decides that what was staged is put into place.
pub(super) fn decide(root: &Path) -> Result<(), Diagnostic> {
    disk::rename(&staged(root), &place(root))
}

/// Writes the manifest of a build that is done.
pub(super) fn write(
    root: &Path,
    manifest: &Manifest,
    modified: SystemTime,
) -> Result<(), Diagnostic> {
    disk::write(&place(root), manifest.text().as_bytes(), how(modified))
}

fn how(modified: SystemTime) -> How {
    How { mode: 0o644, modified: Some(modified), durable: false }
}
