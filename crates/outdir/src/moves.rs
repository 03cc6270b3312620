//! The names under which something is staged beside its destination.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// How the names begin of what is not in place yet.
const PREFIX: &str = ".bouquet-tmp.";

/// Something that was staged, and where it belongs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Move {
    pub(super) from: PathBuf,
    pub(super) to: PathBuf,
}

impl Move {
    /// Moves to that place what is staged for it.
    pub(super) fn to(place: PathBuf) -> Self {
        Self { from: temporary(&place), to: place }
    }

    /// Moves this to where it belongs; `None` for what was not staged.
    pub(super) fn of(staged: PathBuf) -> Option<Self> {
        Some(Self { to: without_prefix(PREFIX, &staged)?, from: staged })
    }
}

/// Returns the name under which a file or folder is staged.
pub(super) fn temporary(place: &Path) -> PathBuf {
    with_prefix(PREFIX, place)
}

/// Returns the path beside this one whose name begins with that.
pub(super) fn with_prefix(prefix: &str, path: &Path) -> PathBuf {
    let mut name = OsString::from(prefix);
    name.push(path.file_name().unwrap_or_default());
    path.with_file_name(name)
}

/// Returns the path that this one was made from by [`with_prefix`], if it was.
pub(super) fn without_prefix(prefix: &str, path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?.strip_prefix(prefix)?;
    Some(path.with_file_name(name))
}

/// Sorts what is to be renamed by folder, each key right before its certificate.
pub(super) fn in_order(mut moves: Vec<Move>) -> Vec<Move> {
    let is_key = |path: &Path| path.extension().is_some_and(|extension| extension == "key");
    moves.sort_by_cached_key(|step| {
        let folder = step.to.parent().map(Path::to_owned);
        (folder, step.to.with_extension(""), !is_key(&step.to), step.to.clone())
    });
    moves
}
