//! The edge: the folder of a trial, which is gone when it ends.

#![expect(clippy::disallowed_methods, reason = "the files' edge of a trial")]

use super::pki::File;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::node_path::NodePath;
use bouquet_x509::random_digits;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

/// A folder of the trial's own, for its owner alone. It is removed when it is dropped.
pub(super) struct Folder(NodePath);

impl Folder {
    /// Makes it where the system has temporary files.
    ///
    /// # Errors
    /// If it cannot be made, or its path is none that etcd takes.
    pub(super) fn new() -> Result<Self, Diagnostic> {
        let temporary = std::env::temp_dir();
        let failed = |what: String| {
            Diagnostic::error(what).help("another place for temporary files is set by `TMPDIR`")
        };
        let shown = temporary.display().to_string();
        // The path has to be one that leads there however it is written.
        let real = fs::canonicalize(&temporary)
            .map_err(|error| failed(format!("`{shown}` cannot be used: {error}")))?;
        let parent = real.to_str().and_then(|text| NodePath::parse(text).ok());
        let parent = parent.filter(|path| !path.as_str().contains(UNFIT));
        let parent = parent
            .ok_or_else(|| failed(format!("etcd cannot be told of a path below `{shown}`")))?;
        let digits = random_digits().map_err(|error| Diagnostic::error(error.to_string()))?;
        let folder = parent.join(&format!("bouquet-try-{digits}"));
        fs::DirBuilder::new()
            .mode(0o700)
            .create(folder.as_str())
            .map_err(|error| failed(format!("`{folder}` cannot be made: {error}")))?;
        Ok(Self(folder))
    }

    /// Returns its path.
    pub(super) const fn path(&self) -> &NodePath {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed now is left to what cleans the system's temporary files.
        let _ = fs::remove_dir_all(self.0.as_str());
    }
}

/// Lists of paths are joined by commas, and logs' paths are read as URLs.
const UNFIT: [char; 4] = [',', '?', '#', '%'];

/// Writes files of a trial, with the folders that they are in.
///
/// # Errors
/// If one cannot be written.
pub(super) fn write(files: &[File]) -> Result<(), Diagnostic> {
    files.iter().try_for_each(|file| {
        one(file).map_err(|error| {
            Diagnostic::error(format!("`{}` cannot be written: {error}", file.path))
        })
    })
}

/// Makes a folder of a trial.
///
/// # Errors
/// If it cannot be made.
pub(super) fn make(path: &NodePath) -> Result<(), Diagnostic> {
    folders(path.as_str().as_ref())
        .map_err(|error| Diagnostic::error(format!("`{path}` cannot be made: {error}")))
}

fn folders(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

fn one(file: &File) -> io::Result<()> {
    folders(file.path.parent().as_str().as_ref())?;
    let mode = if file.secret { 0o600 } else { 0o644 };
    let mut new = fs::OpenOptions::new();
    let mut open = new.write(true).create_new(true).mode(mode).open(file.path.as_str())?;
    open.write_all(file.content.expose())
}
