//! Renames what was staged into place.

use super::disk;
use super::moves::{Move, in_order};
use super::path::OutPath;
use super::swap;
use crate::parallel::try_map;
use bouquet_model::diagnostic::Diagnostic;
use std::path::Path;

/// Renames all into place: the CA first, and it is on the disk before anything that it issued can
/// be used.
pub(super) fn install(root: &Path, moves: Vec<Move>) -> Result<(), Diagnostic> {
    let pki = root.join(OutPath::PKI);
    let (ca, others): (Vec<_>, Vec<_>) =
        in_order(moves).into_iter().partition(|step| step.to.starts_with(&pki));
    for step in &ca {
        disk::rename(&step.from, &step.to)?;
    }
    // Either `pki/` itself was moved, or files and folders into it.
    let mut folders: Vec<_> = ca.iter().filter_map(|step| step.to.parent()).collect();
    folders.dedup();
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
    try_map(&folders, 64, put).map(drop)
}
