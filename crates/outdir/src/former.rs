//! What builds of earlier releases have left. They staged each file beside its destination, and let a
//! folder change places with a stand-in while a pair was replaced.

use super::disk::{self, How};
use super::extra;
use super::folders::{Folder, Folders, above};
use super::inspect;
use super::manifest::Manifest;
use super::path::OutPath;
use super::places::{self, PREFIX, temporary};
use bouquet_model::diagnostic::Diagnostic;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What is of no use: a lock, which is on the package's folder now, and a digest of all files.
const LEFT: [&str; 2] = [".lock", ".seal"];

/// Stands in a stand-in, and in the place of the folder while that is one. It is complete then.
const MARK: &str = ".bouquet-stand-in";

/// How the name begins of a stand-in, or of the folder that it stands in for.
const ASIDE: &str = ".bouquet-swap.";

/// The line in the manifest while everything is moved into place.
const UNFINISHED: &str = "# unfinished: a build is putting these into place";

/// Tells by the text of a manifest whether such a build had decided, and was not done.
pub(super) fn is_unfinished(manifest: &str) -> bool {
    manifest.lines().any(|line| line == UNFINISHED)
}

/// Completes such a build that had decided, and undoes one that had not; returns the folders in which
/// something changed.
pub(super) fn settle(
    root: &Path,
    extras: &[PathBuf],
    manifest: &str,
) -> Result<BTreeSet<PathBuf>, Diagnostic> {
    for place in LEFT.map(|name| root.join(name)) {
        if inspect::look(&place)?.is_some_and(|facts| facts.is_file()) {
            // It does no harm where it cannot be removed.
            let _ = disk::remove_file(&place);
        }
    }
    let planned = temporary(&places::manifest(root));
    let mut changed = BTreeSet::new();
    if is_unfinished(manifest) {
        let manifest = Manifest::parse(manifest);
        for (from, to) in sweep(root, &manifest, &mut changed)? {
            disk::rename(&from, &to)?;
        }
        extra::complete(root, extras)?;
        disk::remove_file(&planned)?;
        let place = places::manifest(root);
        let how = How::public(inspect::modified(&place)?);
        disk::write(&place, manifest.text().as_bytes(), how)?;
    } else if let Some(bytes) = inspect::read(&planned, u64::MAX)? {
        let listed = Manifest::parse(&String::from_utf8_lossy(&bytes));
        for (staged, _) in sweep(root, &listed, &mut changed)? {
            disk::remove_all(&staged)?;
        }
        extra::discard(extras)?;
        disk::remove_file(&planned)?;
    }
    Ok(changed)
}

/// Removes stand-ins, and returns what is staged, with its place: the CA first, each key right before
/// its certificate.
fn sweep(
    root: &Path,
    listed: &Manifest,
    changed: &mut BTreeSet<PathBuf>,
) -> Result<Vec<(PathBuf, PathBuf)>, Diagnostic> {
    let (mut staged, mut folders) = (Vec::new(), Folders::below(root));
    // Backwards, those in a folder are before it: a mark goes before the folder aside.
    for folder in above(listed.paths.iter()).into_iter().rev() {
        if folders.look(folder)? == Folder::Missing {
            continue;
        }
        for entry in inspect::entries(&root.join(folder))? {
            let name = entry.file_name().unwrap_or_default().to_string_lossy();
            if name == MARK || name.starts_with(ASIDE) {
                disk::remove_all(&entry)?;
            } else if let Some(name) =
                name.strip_prefix(PREFIX).filter(|name| *name != OutPath::MANIFEST)
            {
                staged.push((entry.clone(), entry.with_file_name(name)));
            } else {
                continue;
            }
            changed.insert(root.join(folder));
        }
    }
    let pki = root.join(OutPath::PKI);
    staged.sort_by_cached_key(|(_, to)| (!to.starts_with(&pki), places::in_order(to)));
    Ok(staged)
}
