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
        let own = std::iter::once(&folders.data).chain(&folders.wal);
        let mounted: Vec<NodePath> = own.flat_map(|folder| self.mounted(folder)).collect();
        let mut all = Vec::new();
        for part in given_way(folders, &mounted) {
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

    /// Returns what is mounted at a folder and below it. One that is on another device than the folder that it is in
    /// counts, too: such as one behind a link, or a volume of btrfs.
    fn mounted(&self, folder: &NodePath) -> Vec<NodePath> {
        let place = self.path(folder.as_str());
        let device =
            |path: &NodePath| fs::metadata(self.path(path.as_str())).map(|it| it.dev()).ok();
        let own = device(folder);
        let is_apart = own.is_some() && own != device(&folder.parent());
        let ways = within(&place, &mounts()).into_iter();
        let below = ways.filter_map(|way| match way.to_str()? {
            "" => Some(folder.clone()),
            way => NodePath::parse(&format!("{folder}/{way}")).ok(),
        });
        below.chain(is_apart.then(|| folder.clone())).collect()
    }
}

/// Tells whether etcd reads this file in the folder of its log or of its database; it reads none with another name.
fn is_etcds(file: &Path) -> bool {
    let is = |ending: &str| file.extension() == Some(OsStr::new(ending));
    is("wal") || is("snap") || file.file_name() == Some(OsStr::new("db"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is mounted on every Linux stands for a disk; nothing in it is renamed.
    #[test]
    fn of_a_log_that_is_mounted_each_file_gets_a_name() {
        let file = tempfile::Builder::new().suffix(".wal").tempfile_in("/dev/shm");
        let file = file.expect("/dev/shm is mounted");
        let [data, log] = ["/dev", "/dev/shm"].map(NodePath::from_static);
        let folders = Folders { required: data.clone(), data, wal: Some(log) };
        let pairs = Machine { root: None }.dated(&folders, "then").expect("it is read");
        let dated = PathBuf::from(format!("{}.then", file.path().display()));
        assert!(pairs.contains(&(file.path().to_owned(), dated)), "{pairs:?}");
    }
}
