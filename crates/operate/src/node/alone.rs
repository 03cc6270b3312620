//! The edge: one program at a time changes a node.

#![expect(clippy::disallowed_methods, reason = "the edge that locks a node")]

use crate::exit::Exit;
use crate::failure::Failure;
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::Diagnostic;
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use std::fmt::Display;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// Where the lock is: what is there is gone after a reboot.
const PLACE: &str = "/run/bouquet-install.lock";

/// Waits for nobody: what another installation does meanwhile was not looked at.
///
/// # Errors
/// If another one runs, or the lock cannot be had.
pub(super) fn alone(root: Option<&Path>) -> Result<File, Failure> {
    // Of an image the folder itself: nothing of this is to be in it.
    let place = root.map_or_else(|| PathBuf::from(PLACE), Path::to_owned);
    let opened = match root {
        Some(root) => File::open(root),
        None => {
            OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&place)
        }
    };
    let shown = place.display().to_string();
    let typed = shell_word(&shown);
    let failed = |error: &dyn Display| {
        Diagnostic::error(format!("{shown} cannot be locked: {error}"))
            .note("nothing was changed")
            .help(format!("see what it is on: `findmnt -T {typed}`, `df -h {typed}`"))
    };
    let file = opened.map_err(|error| failed(&error))?;
    flock(&file, FlockOperation::NonBlockingLockExclusive).map_err(|error| match error {
        Errno::WOULDBLOCK => Failure {
            problem: Diagnostic::error("another installation runs on this node")
                .note("nothing was changed")
                .help("wait until it is done; `lslocks` shows which process it is"),
            exit: Exit::Busy,
        },
        other => failed(&other).into(),
    })?;
    Ok(file)
}
