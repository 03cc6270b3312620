//! The edge: what is on the node.

#![expect(clippy::disallowed_methods, reason = "the edge that looks at a node")]

use super::data::Data;
use super::facts::Seen;
use crate::account::{Account, named};
use crate::node::Bundle;
use bouquet_etcd::wal::{HEAD, identity};
use bouquet_model::node_path::NodePath;
use bouquet_model::places::{ACCOUNT, Usage, places};
use bouquet_model::settings::CERTIFICATE_FILES;
use bouquet_model::{Cluster, Member};
use bouquet_outdir::inspect::read_start;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// What is there, and what it is called afterwards.
pub(crate) type Renamed = (PathBuf, PathBuf);

/// A node's file system: this machine's, or that of an image in a folder.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Machine<'a> {
    pub(crate) root: Option<&'a Path>,
}

impl Machine<'_> {
    /// Where a path of the node's is for this process.
    pub(crate) fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        let path = path.as_ref();
        match self.root {
            None => path.to_owned(),
            Some(root) => root.join(path.strip_prefix("/").unwrap_or(path)),
        }
    }

    /// A file's text; `None` where there is none.
    pub(crate) fn text(&self, path: &Path) -> io::Result<Option<String>> {
        match fs::read(self.path(path)) {
            Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A unit there is masked, by a link to where nothing is.
    pub(crate) fn is_masked(&self, unit: &Path) -> bool {
        fs::read_link(self.path(unit)).is_ok_and(|target| target == Path::new("/dev/null"))
    }

    /// etcd's account; `None` where there is none.
    pub(crate) fn account(&self) -> Seen<Option<Account>> {
        let text = |place: &str| {
            let text = self.text(Path::new(place)).map(Option::unwrap_or_default);
            text.map_err(|error| format!("{place} cannot be read: {error}"))
        };
        Ok(named(ACCOUNT, &text("/etc/passwd")?, &text("/etc/group")?))
    }

    /// What lies in a member's folders.
    pub(crate) fn data(&self, cluster: &Cluster, member: &Member) -> io::Result<Data> {
        let (data, log) = Self::folders(cluster, member);
        data.map_or(Ok(Data::None), |data| self.data_in(&data, log.as_ref()))
    }

    /// The folders of a member's data, and of its log where that is elsewhere.
    pub(crate) fn folders(
        cluster: &Cluster,
        member: &Member,
    ) -> (Option<NodePath>, Option<NodePath>) {
        let places = places(cluster, member);
        let of = |usage| places.iter().find(|it| it.usage == usage).map(|it| it.path.clone());
        (of(Usage::Data), of(Usage::Wal))
    }

    /// What lies in that folder, with the log in it or elsewhere.
    pub(crate) fn data_in(&self, data: &NodePath, wal: Option<&NodePath>) -> io::Result<Data> {
        let inside = data.join("member");
        let wal = wal.cloned().unwrap_or_else(|| inside.join("wal"));
        let is_there = |path: &NodePath| fs::metadata(self.path(path.as_str())).is_ok();
        let has_database = is_there(&inside.join("snap").join("db"));
        let logs = self.logs(&wal)?;
        Ok(match (logs.first(), has_database) {
            (None, false) => Data::None,
            (None, true) => Data::DatabaseAlone,
            (Some(first), has_database) => {
                let whose = identity(&read_start(first, HEAD as u64)?);
                match (whose, has_database) {
                    (Some(whose), true) => Data::Whole(whose),
                    (None, true) => Data::Nameless,
                    (whose, false) => Data::LogAlone(whose),
                }
            }
        })
    }

    /// The files of a log, the oldest first.
    fn logs(&self, wal: &NodePath) -> io::Result<Vec<PathBuf>> {
        self.files(wal, |file| file.extension() == Some(OsStr::new("wal")))
    }

    /// Such files in a folder, by their names; none where it is not there.
    pub(super) fn files(
        &self,
        folder: &NodePath,
        is_such: fn(&Path) -> bool,
    ) -> io::Result<Vec<PathBuf>> {
        let entries = match fs::read_dir(self.path(folder.as_str())) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let files = entries.map(|entry| Ok(entry?.path()));
        let mut files = files.collect::<io::Result<Vec<PathBuf>>>()?;
        files.retain(|file| is_such(file));
        files.sort();
        Ok(files)
    }

    /// Whether the folder has the brought files, for that account alone, and none of another layout. What else lies there,
    /// such as the folders of clients, is left alone.
    pub(crate) fn has_certificates(&self, folder: &NodePath, bundle: &Bundle, uid: u32) -> bool {
        let folder = self.path(folder.as_str());
        let is_same = |(name, content): (&Path, &[u8])| {
            let file = folder.join(name);
            let owned = fs::metadata(&file)
                .is_ok_and(|it| it.uid() == uid && it.mode().trailing_zeros() >= 6);
            owned && fs::read(&file).is_ok_and(|there| there == content)
        };
        let is_other = |name: &&str| {
            folder.join(name).exists() && !bundle.certs().any(|(own, _)| own == Path::new(name))
        };
        bundle.certs().all(is_same) && !CERTIFICATE_FILES.iter().any(is_other)
    }

    /// When a file was changed, in milliseconds since 1970, and whether its content is another.
    pub(crate) fn changed(&self, file: &NodePath, content: Option<&[u8]>) -> Option<(i64, bool)> {
        let file = self.path(file.as_str());
        let status = fs::metadata(&file).ok()?;
        let since = status.mtime() * 1000 + status.mtime_nsec() / 1_000_000;
        let there = fs::read(&file).ok()?;
        Some((since, content != Some(there.as_slice())))
    }
}
