//! The names under which something waits for its place.

use super::path::OutPath;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// How the name begins of a file that is staged beside its destination.
pub(super) const PREFIX: &str = ".bouquet-tmp.";

/// Returns the name under which a single file is staged beside its destination.
pub(super) fn temporary(place: &Path) -> PathBuf {
    let mut name = OsString::from(PREFIX);
    name.push(place.file_name().unwrap_or_default());
    place.with_file_name(name)
}

/// Returns the folder of what a build stages that has not decided yet.
pub(super) fn staged(root: &Path) -> PathBuf {
    root.join(".bouquet-staged")
}

/// Returns the folder of what was decided and is being put into place.
pub(super) fn decided(root: &Path) -> PathBuf {
    root.join(".bouquet-decided")
}

/// Returns where the manifest is.
pub(super) fn manifest(root: &Path) -> PathBuf {
    root.join(OutPath::MANIFEST)
}

/// Returns what paths are sorted by, so that each key is right before its certificate.
pub(super) fn in_order(path: &Path) -> (PathBuf, bool, PathBuf) {
    let is_key = path.extension().is_some_and(|extension| extension == "key");
    (path.with_extension(""), !is_key, path.to_owned())
}
