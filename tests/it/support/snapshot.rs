//! A folder as it is, to be compared with itself later.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Everything below a folder, by its path.
pub(crate) type Snapshot = BTreeMap<PathBuf, Entry>;

/// Content, permissions, file number, and the second and nanosecond of the last change.
type Entry = (Option<Vec<u8>>, u32, u64, i64, i64);

/// Everything below a path, and the path itself.
pub(crate) fn snapshot(path: &Path) -> Snapshot {
    let mut all = Snapshot::new();
    walk(path, &mut |path| {
        let facts = path.symlink_metadata().unwrap();
        let content = facts.is_file().then(|| fs::read(path).unwrap());
        let entry = (content, facts.mode(), facts.ino(), facts.mtime(), facts.mtime_nsec());
        all.insert(path.to_owned(), entry);
    });
    all
}

/// The paths that are not the same in both.
pub(crate) fn difference(before: &Snapshot, after: &Snapshot) -> Vec<PathBuf> {
    let gone = before.iter().filter(|(path, entry)| after.get(*path) != Some(*entry));
    let new = after.keys().filter(|path| !before.contains_key(*path));
    gone.map(|(path, _)| path).chain(new).cloned().collect()
}

/// Every file below a folder whose name ends so.
pub(crate) fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut all = Vec::new();
    walk(folder, &mut |path| {
        if path.is_file() && path.to_string_lossy().ends_with(end) {
            all.push(path.to_owned());
        }
    });
    all.sort();
    all
}

fn walk(path: &Path, see: &mut impl FnMut(&Path)) {
    if path.symlink_metadata().is_err() {
        return;
    }
    see(path);
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            walk(&entry.unwrap().path(), see);
        }
    }
}
