//! The lock that keeps two builds from writing `out/` at once.

use super::disk;
use super::error::system;
use super::inspect;
use bouquet_model::diagnostic::Diagnostic;
use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

/// How long another build may hold the lock before that is said.
const PATIENCE: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(5);

/// Waits until nobody else holds the lock at this path. It is released when it is dropped, or with
/// the process, however that ends.
pub(super) fn lock(path: &Path, announce: impl FnOnce(&str)) -> Result<File, Diagnostic> {
    let failed = |error: io::Error| system("lock", path, &error);
    let mut announce = Some(announce);
    loop {
        let file = disk::open_lock(path).map_err(failed)?;
        wait(&file, path, &mut announce).map_err(failed)?;
        // Someone may have removed the file, and `out/` with it, while we waited for it: a lock on
        // what is no longer there would keep nobody away.
        let ours = file.metadata().map_err(failed)?;
        if inspect::look(path)?
            .is_some_and(|now| (now.dev(), now.ino()) == (ours.dev(), ours.ino()))
        {
            return Ok(file);
        }
    }
}

fn wait(file: &File, path: &Path, announce: &mut Option<impl FnOnce(&str)>) -> io::Result<()> {
    let mut waited = Duration::ZERO;
    while waited < PATIENCE {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => sleep(PAUSE),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        waited += PAUSE;
    }
    if let Some(announce) = announce.take() {
        announce(&format!("waiting for another build that holds `{}`", path.display()));
    }
    file.lock()
}
