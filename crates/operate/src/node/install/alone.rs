//! The edge: one installation at a time on a node.

#![expect(clippy::disallowed_methods, reason = "the edge that locks a node")]

use super::work::Install;
use bouquet_model::diagnostic::Diagnostic;
use rustix::fs::{FlockOperation, flock};
use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// Where it is kept: what is there is gone after a reboot.
const FOLDER: &str = "/run";

/// Waits for nobody: what another installation does meanwhile was not looked at.
///
/// # Errors
/// If another one runs, or the lock cannot be had.
pub(super) fn alone(work: &Install) -> Result<File, Diagnostic> {
    let root = work.root.as_deref().unwrap_or(Path::new("/"));
    let folder = root.join(FOLDER.trim_start_matches('/'));
    let place = folder.join("bouquet-install.lock");
    let opened = fs::create_dir_all(&folder).and_then(|()| {
        OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&place)
    });
    let file = opened.map_err(|error| {
        Diagnostic::error(format!("{} cannot be locked: {error}", place.display()))
            .note("nothing was changed")
            .help(format!("see what it is on: `df -h {}`", folder.display()))
    })?;
    flock(&file, FlockOperation::NonBlockingLockExclusive).map_err(|_| {
        Diagnostic::error("another installation runs on this node")
            .note("nothing was changed")
            .help(format!(
                "wait until it is done; `fuser {}` says which process it is",
                place.display()
            ))
    })?;
    Ok(file)
}
