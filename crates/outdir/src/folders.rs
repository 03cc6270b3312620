//! The folders below `out/`, each looked at once. A link among them is refused: what a build
//! writes must not land elsewhere, and a key must not come from elsewhere. Where a build writes, a disk
//! inside `out/` is refused too.

use super::error::{ONE_DISK, refused};
use super::inspect::{self, Disk};
use super::path::OutPath;
use bouquet_model::diagnostic::Diagnostic;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Says what is in a folder's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folder {
    /// Nothing.
    Missing,
    /// A folder.
    There {
        /// Its permissions.
        mode: u32,
    },
}

/// Remembers what each folder is.
#[derive(Debug)]
pub struct Folders<'a> {
    root: &'a Path,
    seen: HashMap<&'a str, Folder>,
    /// The disk that all of them have to be on; `None` for anyone who reads only.
    disk: Option<Disk>,
}

impl<'a> Folders<'a> {
    /// Looks below a folder, for anyone who reads only.
    pub fn below(root: &'a Path) -> Self {
        Self { root, seen: HashMap::new(), disk: None }
    }

    /// Looks below a folder that is there, for anyone who writes: all has to be on its disk.
    ///
    /// # Errors
    /// If the folder cannot be looked at.
    pub(super) fn to_write(root: &'a Path) -> Result<Self, Diagnostic> {
        let disk = inspect::disk(&root.join(""))?;
        Ok(Self { disk: Some(disk), ..Self::below(root) })
    }

    /// Looks at a folder, given relative to `out/`, and at those above it.
    ///
    /// # Errors
    /// If there is something else, a link among it, or another disk where all have to be on one.
    pub fn look(&mut self, folder: &'a str) -> Result<Folder, Diagnostic> {
        if let Some(found) = self.seen.get(folder) {
            return Ok(*found);
        }
        let found = match folder {
            // With a slash at its end, since `out/` may itself be a link.
            "" => look(&self.root.join(""))?,
            _ if self.look(parent(folder))? == Folder::Missing => Folder::Missing,
            _ => self.on_one_disk(&self.root.join(folder))?,
        };
        self.seen.insert(folder, found);
        Ok(found)
    }

    /// Looks at a folder, and refuses one that is on another disk than it has to be.
    fn on_one_disk(&self, path: &Path) -> Result<Folder, Diagnostic> {
        let found = look(path)?;
        let Some(wanted) = self.disk.filter(|_| found != Folder::Missing) else { return Ok(found) };
        let cause = match inspect::disk(path)? {
            disk if disk == wanted => return Ok(found),
            disk if disk.device == wanted.device => "it is mounted apart from `out/`",
            _ => "it is on another file system than `out/`",
        };
        Err(refused("use", path, cause, ONE_DISK).note(
            "a build is put into place by renames, which lead to no other disk, and a private key is \
             never written to another disk than the one that it is for",
        ))
    }

    /// Reads a file of at most `limit` bytes, if it is there. Its folder has to have been looked
    /// at.
    ///
    /// # Errors
    /// If it cannot be read, is a link or is larger.
    ///
    /// # Panics
    /// If its folder was not looked at.
    pub fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, Diagnostic> {
        match self.seen.get(parent(path)) {
            Some(Folder::There { .. }) => inspect::read(&self.root.join(path), limit),
            Some(Folder::Missing) => Ok(None),
            None => unreachable!("nobody has looked whether there is a link above {path}"),
        }
    }

    /// Returns the folders into which others than their owner can put something, with their
    /// permissions.
    pub(super) fn writable(&self) -> BTreeMap<&'a str, u32> {
        let open = |(folder, found): (&&'a str, &Folder)| match found {
            Folder::There { mode } if mode & 0o022 != 0 => Some((*folder, *mode)),
            _ => None,
        };
        self.seen.iter().filter_map(open).collect()
    }
}

/// Returns every folder that holds one of these files or a folder of one, `out/` itself (`""`)
/// included.
pub(super) fn above<'a>(paths: impl Iterator<Item = &'a OutPath>) -> BTreeSet<&'a str> {
    let mut all = BTreeSet::from([""]);
    for path in paths {
        let mut folder = path.folder();
        while all.insert(folder) {
            folder = parent(folder);
        }
    }
    all
}

/// Returns the folder that holds this file or folder; `out/` itself is `""`.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// Tells what is in the place of a folder.
pub(super) fn look(path: &Path) -> Result<Folder, Diagnostic> {
    let Some(facts) = inspect::look(path)? else { return Ok(Folder::Missing) };
    if facts.is_dir() {
        return Ok(Folder::There { mode: facts.mode() & 0o777 });
    }
    let cause = if facts.is_symlink() {
        "a symbolic link is in the place of a folder"
    } else {
        "a file is in the place of a folder"
    };
    Err(refused("use", path, cause, "move it away, then build again"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_above_files_include_those_between() {
        let paths = ["members/orange/certs/ca.crt", "members/pink/etcd.sh"];
        let paths: Vec<_> = paths.into_iter().filter_map(OutPath::parse).collect();
        let folders: Vec<_> = above(paths.iter()).into_iter().collect();
        let between = ["members", "members/orange", "members/orange/certs", "members/pink"];
        assert_eq!(folders, [&[""], &between[..]].concat());
    }
}
