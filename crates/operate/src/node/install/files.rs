//! The edge: the versions of what was installed, and the place of certificates, which leads to one of them.
//!
//! A version is a folder with a date for a name: `certs/` and the unit. It has that name once all of it is on the disk.

#![expect(clippy::disallowed_methods, reason = "the edge that writes to a node")]

use crate::node::bundle::{Bundle, CERTS};
use bouquet_model::time::Instant;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, chown, fchown, symlink};
use std::path::{Path, PathBuf};

/// How many versions are kept, the current one among them.
const KEPT: usize = 4;

/// The unit in a version.
pub(super) const UNIT: &str = "etcd.service";

/// What was there before the first version.
const BEFORE: &str = "before-";

/// Whose the certificates are to be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Owner {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

/// The folder of a member's versions.
#[derive(Debug)]
pub(super) struct Versions {
    pub(super) folder: PathBuf,
    /// The place of the certificates; `None` without TLS.
    pub(super) place: Option<PathBuf>,
}

impl Versions {
    /// The name of the next version: of a second behind those of all that are there, also in one and the same second, or
    /// where the clock was set back.
    pub(super) fn next(&self, now: i64) -> String {
        let last = self.all().iter().filter_map(|path| Instant::parse_basic(&date(path).0)).max();
        Instant(last.map_or(now, |last| now.max(last.0 + 1))).basic()
    }

    /// Writes a version. A certificate or CA that is in its place already keeps its time: etcd, which may have been
    /// started since, has read it.
    pub(super) fn lay(
        &self,
        stamp: &str,
        (bundle, owner): (&Bundle, Owner),
        unit: &str,
    ) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o755).create(&self.folder)?;
        let partial = self.folder.join(".partial");
        // Of an attempt that was killed.
        if partial.exists() {
            fs::remove_dir_all(&partial)?;
        }
        DirBuilder::new().mode(0o755).create(&partial)?;
        write(&partial.join(UNIT), unit.as_bytes(), 0o644)?.sync_all()?;
        if let Some(place) = &self.place {
            let certs = partial.join(CERTS);
            DirBuilder::new().mode(0o700).create(&certs)?;
            for (name, content) in bundle.certs() {
                let file = write(&certs.join(name), content, 0o600)?;
                let former = place.join(name);
                if fs::read(&former).is_ok_and(|there| there == content) {
                    file.set_modified(fs::metadata(&former)?.modified()?)?;
                }
                fchown(&file, Some(owner.uid), Some(owner.gid))?;
                file.sync_all()?;
            }
            chown(&certs, Some(owner.uid), Some(owner.gid))?;
            sync(&certs)?;
        }
        sync(&partial)?;
        fs::rename(&partial, self.folder.join(stamp))?;
        sync(&self.folder)
    }

    /// Has the place of certificates lead to a version, in one step: a process that opens a file finds the former ones
    /// or the new ones. A folder that was there becomes a version, with the unit of then.
    pub(super) fn lead_to(&self, stamp: &str, unit: Option<&str>) -> io::Result<()> {
        let Some(place) = &self.place else { return Ok(()) };
        let mut next = place.file_name().unwrap_or_default().to_owned();
        next.push(".next");
        let next = place.with_file_name(next);
        let is_folder = |path: &Path| fs::symlink_metadata(path).is_ok_and(|facts| facts.is_dir());
        if is_folder(&next) {
            // The folder that was there before, where the program was killed right after the exchange.
            fs::rename(&next, self.before(stamp, unit)?)?;
        } else if let Err(error) = fs::remove_file(&next)
            && error.kind() != ErrorKind::NotFound
        {
            return Err(error);
        }
        // Beside it, so that it leads there in an image, too.
        let folder = self.folder.file_name().unwrap_or_default();
        symlink(Path::new(folder).join(stamp).join(CERTS), &next)?;
        if is_folder(place) {
            let before = self.before(stamp, unit)?;
            // On a file system that cannot exchange them there is a moment without.
            if renameat_with(CWD, &next, CWD, place, RenameFlags::EXCHANGE).is_ok() {
                fs::rename(&next, before)?;
            } else {
                fs::rename(place, before)?;
                fs::rename(&next, place)?;
            }
        } else {
            fs::rename(&next, place)?;
        }
        sync(place.parent().unwrap_or(place))
    }

    /// Makes the version of what was there before that one; the place of its certificates.
    fn before(&self, stamp: &str, unit: Option<&str>) -> io::Result<PathBuf> {
        let before = self.folder.join(format!("{BEFORE}{stamp}"));
        DirBuilder::new().recursive(true).mode(0o755).create(&before)?;
        write(&before.join(UNIT), unit.unwrap_or_default().as_bytes(), 0o644)?;
        Ok(before.join(CERTS))
    }

    /// The versions, the oldest first.
    pub(super) fn all(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(&self.folder) else { return Vec::new() };
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        let mut all: Vec<PathBuf> = paths.filter(|path| path.join(UNIT).is_file()).collect();
        all.sort_by_key(|path| date(path));
        all
    }

    /// The version before the current one, to which the certificates' place leads; without those it is the last one
    /// with that unit.
    pub(super) fn former(&self, unit: Option<&str>) -> Option<PathBuf> {
        let all = self.all();
        let current = match &self.place {
            None => {
                let has =
                    |path: &&PathBuf| fs::read_to_string(path.join(UNIT)).ok().as_deref() == unit;
                all.iter().rev().find(has).cloned()
            }
            Some(place) => {
                let link = fs::read_link(place).ok()?;
                let name = link.parent()?.file_name()?;
                Some(self.folder.join(name))
            }
        }?;
        let place = all.iter().position(|path| *path == current)?;
        all.get(place.checked_sub(1)?).cloned()
    }

    /// Removes those that are old. What cannot be removed stays.
    pub(super) fn prune(&self) {
        let all = self.all();
        for path in all.iter().take(all.len().saturating_sub(KEPT)) {
            let _ = fs::remove_dir_all(path);
        }
    }
}

/// What was there before a version is older than it.
fn date(path: &Path) -> (String, u8) {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match name.strip_prefix(BEFORE) {
        Some(date) => (date.to_owned(), 0),
        None => (name, 1),
    }
}

fn write(path: &Path, content: &[u8], mode: u32) -> io::Result<File> {
    let _ = fs::remove_file(path);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(content)?;
    Ok(file)
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
