//! The edge: what is on the node.

#![expect(clippy::disallowed_methods, reason = "the edge that looks at a node")]

use super::data::Data;
use super::facts::Seen;
use super::folders::Folders;
use crate::account::{Account, named};
use crate::if_there::if_there;
use crate::node::Bundle;
use bouquet_etcd::database::cluster_version;
use bouquet_etcd::wal::{HEAD, identity};
use bouquet_model::node_path::NodePath;
use bouquet_model::settings::CERTIFICATE_FILES;
use bouquet_model::systemd;
use bouquet_model::version::EtcdVersion;
use bouquet_outdir::inspect::read_start;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// What is there, and what it is called afterwards.
pub(crate) type Renamed = (PathBuf, PathBuf);

/// What cannot be read, and why.
#[derive(Debug)]
pub(crate) struct Unread {
    pub(crate) path: PathBuf,
    pub(crate) error: io::Error,
}

impl Unread {
    pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        |error| Self { path, error }
    }
}

/// A node's file system: this machine's, or that of an image in a folder.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Machine<'a> {
    pub(crate) root: Option<&'a Path>,
}

impl Machine<'_> {
    /// Returns where a path of the node's is for this process.
    pub(crate) fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        let path = path.as_ref();
        match self.root {
            None => path.to_owned(),
            Some(root) => root.join(path.strip_prefix("/").unwrap_or(path)),
        }
    }

    /// Returns a file's text; `None` where there is none.
    pub(crate) fn text(&self, path: &Path) -> io::Result<Option<String>> {
        let bytes = if_there(fs::read(self.path(path)))?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Tells whether a unit there is masked: its file is empty, or it is a link to such a one or to where nothing is
    /// (systemd.unit(5)). An image may have nothing in `/dev` before it boots.
    pub(crate) fn is_masked(&self, unit: &Path) -> io::Result<bool> {
        let file = self.real(unit)?;
        let is_empty = |facts: fs::Metadata| !facts.is_dir() && facts.len() == 0;
        Ok(file == Path::new("/dev/null")
            || if_there(fs::symlink_metadata(self.path(&file)))?.is_some_and(is_empty))
    }

    /// Returns etcd's account; `None` where there is none.
    pub(crate) fn account(&self, name: systemd::Account<'_>) -> Seen<Option<Account>> {
        let (passwd, group) = self.accounts()?;
        Ok(named(name, &passwd, &group))
    }

    /// Returns the files of accounts and of groups.
    pub(crate) fn accounts(&self) -> Seen<(String, String)> {
        let text = |place: &str| {
            let text = self.text(Path::new(place)).map(Option::unwrap_or_default);
            text.map_err(|error| format!("{} cannot be read: {error}", self.path(place).display()))
        };
        Ok((text("/etc/passwd")?, text("/etc/group")?))
    }

    /// Returns what lies in a member's folders.
    pub(crate) fn data(&self, folders: &Folders) -> Result<Data, Unread> {
        let inside = folders.data.join("member");
        let database = inside.join("snap").join("db");
        let database = self.path(database.as_str());
        let has_database =
            if_there(fs::metadata(&database)).map_err(Unread::at(&database))?.is_some();
        let logs = self.logs(&folders.log())?;
        Ok(match (logs.first(), has_database) {
            (None, false) => Data::None,
            (None, true) => Data::DatabaseAlone,
            (Some(first), has_database) => {
                let whose = identity(&read_start(first, HEAD as u64).map_err(Unread::at(first))?);
                match (whose, has_database) {
                    (Some(whose), true) => Data::Whole(whose),
                    (None, true) => Data::Nameless,
                    (whose, false) => Data::LogAlone(whose),
                }
            }
        })
    }

    /// Returns the version of the cluster that a member's database is of, a minor; `None` where there is none that tells.
    pub(crate) fn cluster_version(&self, folders: &Folders) -> Option<EtcdVersion> {
        let database = folders.data.join("member").join("snap").join("db");
        let database = fs::File::open(self.path(database.as_str())).ok()?;
        let version = cluster_version(&database).ok()?;
        Some(EtcdVersion::new(EtcdVersion::parse(&version).ok()?.minor(), None))
    }

    /// Returns the file of a member's log that was begun last.
    pub(crate) fn latest_log(&self, folders: &Folders) -> Result<Option<PathBuf>, Unread> {
        Ok(self.logs(&folders.log())?.pop())
    }

    /// Returns the files of a log, the oldest first.
    fn logs(&self, wal: &NodePath) -> Result<Vec<PathBuf>, Unread> {
        self.files(wal, |file| file.extension() == Some(OsStr::new("wal")))
    }

    /// Lists the files of this kind in a folder, sorted by their names; none where it is not there.
    pub(super) fn files(
        &self,
        folder: &NodePath,
        is_such: fn(&Path) -> bool,
    ) -> Result<Vec<PathBuf>, Unread> {
        let folder = self.path(folder.as_str());
        let entries = if_there(fs::read_dir(&folder)).map_err(Unread::at(&folder))?;
        let files = entries.into_iter().flatten().map(|entry| Ok(entry?.path()));
        let files = files.collect::<io::Result<Vec<PathBuf>>>();
        let mut files = files.map_err(Unread::at(&folder))?;
        files.retain(|file| is_such(file));
        files.sort();
        Ok(files)
    }

    /// Tells whether the folder has the brought files, of that account and keys for it alone, with these links to them, and none of
    /// another layout. What else lies there, such as the folders of clients, is left alone.
    pub(crate) fn has_certificates(
        &self,
        folder: &NodePath,
        (bundle, links): (&Bundle, &BTreeMap<String, &str>),
        uid: u32,
    ) -> io::Result<bool> {
        let folder = self.path(folder.as_str());
        for (name, content) in bundle.certs() {
            let file = folder.join(name);
            let Some(status) = if_there(fs::metadata(&file))? else { return Ok(false) };
            // What is no key may be for other programs, too, and is as open to them as it was.
            let others = if name.extension().is_some_and(|it| it == "key") { 0o077 } else { 0o022 };
            let is_owned = status.uid() == uid && status.mode() & others == 0;
            if !is_owned || if_there(fs::read(&file))?.as_deref() != Some(content) {
                return Ok(false);
            }
        }
        for (name, file) in links {
            let is_led = if_there(fs::read_link(folder.join(name)));
            let is_led =
                is_led.is_ok_and(|there| there.is_some_and(|there| there == Path::new(file)));
            if !is_led {
                return Ok(false);
            }
        }
        let others = CERTIFICATE_FILES
            .iter()
            .filter(|name| !bundle.certs().any(|(own, _)| own == Path::new(name)));
        for name in others {
            if if_there(fs::metadata(folder.join(name)))?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Tells when a file was changed, in milliseconds since 1970, and whether its content is another.
    pub(crate) fn changed(
        &self,
        file: &NodePath,
        content: Option<&[u8]>,
    ) -> io::Result<Option<(i64, bool)>> {
        let file = self.path(file.as_str());
        let Some(status) = if_there(fs::metadata(&file))? else { return Ok(None) };
        let since = status.mtime() * 1000 + status.mtime_nsec() / 1_000_000;
        let there = if_there(fs::read(&file))?;
        Ok(there.map(|there| (since, content != Some(there.as_slice()))))
    }
}
