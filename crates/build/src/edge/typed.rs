//! Paths as they are in a command that the reader of a message types.
//!
//! Cargo runs a build in the folder of its package, wherever it was called.

use super::job::Job;
use std::os::unix::process::parent_id;
use std::path::{Path, PathBuf};

/// Returns the lock and `out/` from the root of the file system; `None` where they are right as the build has
/// them: it was called in its package, and that is the root of its repository, in which people type.
pub(super) fn typed(job: Job<'_>, lock: &Path) -> Option<[PathBuf; 2]> {
    let [lock, out] = [lock, job.out].map(|path| std::path::absolute(path).ok());
    let (lock, out) = (lock?, out?);
    let package = lock.parent()?;
    let is_root = package.join(".git").exists();
    let is_it = |folder: PathBuf| package.canonicalize().is_ok_and(|package| package == folder);
    let is_here = is_root && called_in().is_none_or(is_it);
    (!is_here).then_some([lock, out])
}

/// Returns the folder that cargo runs in, which is that of the shell; `None` where the system does not tell.
fn called_in() -> Option<PathBuf> {
    Path::new("/proc").join(parent_id().to_string()).join("cwd").read_link().ok()
}
