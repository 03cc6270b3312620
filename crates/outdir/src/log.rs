//! `out/log/`: what was done, line by line. No build reads it, replaces it or removes it, and nothing watches
//! it.

use super::disk;
use super::error::refused;
use super::inspect;
use super::out::Out;
use bouquet_model::diagnostic::Diagnostic;

/// The folder, below `out/`.
pub const FOLDER: &str = "log";

/// Adds lines to a file of the folder. Once it returns, they are on the disk.
///
/// # Errors
/// If the file cannot be written, or something else is in its place or the folder's.
pub fn append(out: &Out, name: &str, lines: &str) -> Result<(), Diagnostic> {
    let folder = out.path().join(FOLDER);
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
        disk::sync_folder(out.path())?;
    }
    let file = folder.join(name);
    let is_there = inspect::look(&file)?.is_some();
    disk::append(&file, lines.as_bytes())?;
    if is_there { Ok(()) } else { disk::sync_folder(&folder) }
}
