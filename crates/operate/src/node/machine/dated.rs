//! The edge: the names that a member's folders get when they give way.

use super::aside::{Part, given_way};
use super::folders::Folders;
use super::mounts::{mounts, within};
use super::root::{Machine, Renamed, Unread};
use crate::if_there::if_there;
use bouquet_model::node_path::NodePath;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

impl Machine<'_> {
    /// Returns the names that a member's folders get when they give way: what is there, and what it is called then.
    pub(crate) fn dated(&self, folders: &Folders, stamp: &str) -> Result<Vec<Renamed>, Unread> {
        let own = std::iter::once((&folders.data, Kind::Data));
        let own = own.chain(folders.wal.iter().map(|log| (log, Kind::Log)));
        let stays: Vec<NodePath> =
            own.flat_map(|(folder, kind)| self.stays(folder, kind)).collect();
        let mut all = Vec::new();
        for part in given_way(folders, &stays) {
            match part {
                Part::Whole(path) => all.extend(self.named(&path, stamp)?),
                Part::Files(folder) => {
                    let files = self.files(&folder, is_etcds)?.into_iter();
                    all.extend(files.map(|file| {
                        let mut dated = file.clone().into_os_string();
                        dated.push(format!(".{stamp}"));
                        (file, PathBuf::from(dated))
                    }));
                }
            }
        }
        Ok(all)
    }

    /// Returns the same of a file or folder; `None` where it is not there.
    pub(crate) fn named(&self, path: &NodePath, stamp: &str) -> Result<Option<Renamed>, Unread> {
        let dated = path.parent().join(&format!("{}.{stamp}", path.name()));
        let (from, to) = (self.path(path.as_str()), self.path(dated.as_str()));
        let there = if_there(fs::symlink_metadata(&from)).map_err(Unread::at(&from))?;
        Ok(there.map(|_| (from, to)))
    }

    /// Returns what keeps its name at a folder and below it: what is mounted there, and the folder itself where an operator
    /// has made it a link, or a volume of its own, such as one of btrfs.
    ///
    /// Of a log such a volume does not stay. It can be renamed, and etcd, which finds no log in it, removes it with all that
    /// is in it, and makes a folder (`renameWAL` in its `wal/wal.go`): files with other names would be gone. Of a link it
    /// removes the link.
    fn stays(&self, folder: &NodePath, kind: Kind) -> Vec<NodePath> {
        let place = self.path(folder.as_str());
        let device =
            |path: &NodePath| fs::metadata(self.path(path.as_str())).map(|it| it.dev()).ok();
        let is_volume = || {
            let own = device(folder);
            own.is_some() && own != device(&folder.parent())
        };
        let is_apart = place.is_symlink() || (kind == Kind::Data && is_volume());
        let ways = within(&place, &mounts()).into_iter();
        let below = ways.filter_map(|way| match way.to_str()? {
            "" => Some(folder.clone()),
            way => NodePath::parse(&format!("{folder}/{way}")).ok(),
        });
        below.chain(is_apart.then(|| folder.clone())).collect()
    }
}

/// What is in a folder.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Data,
    Log,
}

/// Tells whether etcd reads this file in the folder of its log or of its database; it reads none with another name.
fn is_etcds(file: &Path) -> bool {
    let is = |ending: &str| file.extension() == Some(OsStr::new(ending));
    is("wal") || is("snap") || file.file_name() == Some(OsStr::new("db"))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests lay files")]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn dated(folders: &Folders) -> Vec<Renamed> {
        Machine { root: None }.dated(folders, "then").expect("it is read")
    }

    /// What is mounted on every Linux stands for a disk; nothing in it is renamed.
    #[test]
    fn of_a_log_that_is_mounted_each_file_gets_a_name() {
        let file = tempfile::Builder::new().suffix(".wal").tempfile_in("/dev/shm");
        let file = file.expect("/dev/shm is mounted");
        let [data, log] = ["/dev", "/dev/shm"].map(NodePath::from_static);
        let folders = Folders { required: data.clone(), data, wal: Some(log) };
        let pairs = dated(&folders);
        let dated = PathBuf::from(format!("{}.then", file.path().display()));
        assert!(pairs.contains(&(file.path().to_owned(), dated)), "{pairs:?}");
    }

    /// etcd removes a link in the place of its log, and nothing behind it; with another name it would lead nowhere that
    /// anybody looks, and the log begin on another disk.
    #[test]
    fn of_folders_behind_links_gives_way_what_is_in_them() {
        let there = tempfile::tempdir().expect("a folder");
        let path = |name: &str| {
            NodePath::parse(there.path().join(name).to_str().expect("a path")).expect("a path")
        };
        let (data, wal) = (path("data"), path("wal"));
        for (link, name) in [("data", "disk/data"), ("wal", "disk/wal")] {
            let to = there.path().join(name);
            fs::create_dir_all(to.join("member")).expect("a folder");
            fs::write(to.join("1.wal"), "").expect("a file");
            symlink(to, there.path().join(link)).expect("a link");
        }
        let folders = Folders { required: data.clone(), data, wal: Some(wal) };
        let names = ["wal/1.wal", "data/member"].map(|name| there.path().join(name));
        let wanted = names.map(|name| {
            let dated = PathBuf::from(format!("{}.then", name.display()));
            (name, dated)
        });
        assert_eq!(dated(&folders), wanted);
    }
}
