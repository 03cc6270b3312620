//! `out/log/`: what was done, line by line. No build reads it, replaces it or removes it, and nothing watches
//! it.

use super::disk;
use super::error::refused;
use super::inspect;
use super::out::Out;
use bouquet_model::diagnostic::Diagnostic;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// The folder, below `out/`.
pub const FOLDER: &str = "log";

/// Adds lines to a file of the folder. Once it returns, they are on the disk.
///
/// # Errors
/// If the file cannot be written, or something else is in its place or the folder's.
pub fn append(out: &Out, name: &str, lines: &str) -> Result<(), Diagnostic> {
    let (file, is_there) = place(out.path(), name)?;
    disk::append(&file, lines.as_bytes())?;
    if is_there { Ok(()) } else { disk::sync_folder(&out.path().join(FOLDER)) }
}

/// A file of the folder that one process alone adds lines to.
#[derive(Debug)]
pub struct Log {
    file: File,
    path: PathBuf,
}

impl Log {
    /// Takes the file, and keeps it until the end of this process; `None` where another one has it. A file system that
    /// knows no locks keeps nobody away.
    ///
    /// # Errors
    /// As of [`append`].
    pub fn take(root: &Path, name: &str) -> Result<Option<Self>, Diagnostic> {
        let (path, is_there) = place(root, name)?;
        let file = disk::open_to_append(&path)?;
        if !is_there {
            disk::sync_folder(&root.join(FOLDER))?;
        }
        let is_free = !matches!(file.try_lock(), Err(TryLockError::WouldBlock));
        Ok(is_free.then_some(Self { file, path }))
    }

    /// Adds lines. Once it returns, they are on the disk.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn add(&mut self, lines: &str) -> Result<(), Diagnostic> {
        disk::add(&mut self.file, &self.path, lines.as_bytes())
    }
}

/// Returns where a file of the folder is, which is made if it is not there, and whether the file is.
fn place(root: &Path, name: &str) -> Result<(PathBuf, bool), Diagnostic> {
    let folder = root.join(FOLDER);
    let is_new = match inspect::look(&folder)? {
        Some(facts) if facts.is_dir() => false,
        Some(_) => {
            let help = "move it away, then build again";
            return Err(refused("write into", &folder, "it is not a folder", help));
        }
        None => true,
    };
    if is_new {
        disk::create_folder(&folder, &folder, 0o755)?;
        disk::sync_folder(root)?;
    }
    let file = folder.join(name);
    let is_there = inspect::look(&file)?.is_some();
    Ok((file, is_there))
}
