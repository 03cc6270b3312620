//! What else a build gives to cargo: the constants, and what to watch.

use super::disk::{self, How};
use super::here;
use super::inspect::{self, Existing};
use super::path::OutPath;
use bouquet_model::diagnostic::Diagnostic;
use std::path::{Path, PathBuf};

/// Writes a file of `OUT_DIR` if it does not hold this already; says whether it did.
///
/// # Errors
/// If the file can be neither read nor written.
pub fn write_if_changed(path: &Path, text: &str) -> Result<bool, Diagnostic> {
    if matches!(inspect::compare(path, Some(text.as_bytes()))?, Existing::File { same: true, .. }) {
        return Ok(false);
    }
    let how = How { mode: 0o644, modified: None, durable: false };
    disk::write(path, text.as_bytes(), how).map(|()| true)
}

/// Writes a single file all or nothing, where there is no `out/` whose commit it could be part of.
///
/// # Errors
/// If it cannot be written; it is as before then.
pub fn write_alone(path: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
    disk::write(path, bytes, How { mode: 0o644, modified: None, durable: true })?;
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    disk::sync_folder(&folder.unwrap_or(Path::new(".")).join(""))
}

/// Returns what has to make cargo run the build again when it changes, besides `cluster.toml`.
///
/// The mark of this place is among them (`here`). Cargo looks through folders with all that is in them, and runs
/// a script always if a path is not there; so only what is there is named, and not `out/` itself, where users
/// may keep notes.
///
/// # Errors
/// If `out/` cannot be read.
pub fn watch(root: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let mut all = Vec::new();
    for name in [OutPath::MANIFEST, OutPath::PKI, "members", "clients"] {
        let path = root.join(name);
        if inspect::look(&path)?.is_some() {
            all.push(path);
        }
    }
    let mark = here::place(root)?;
    all.extend(inspect::look(&mark)?.map(|_| mark));
    Ok(all)
}
