//! The edge: the versions of what was installed, and the place of certificates, which leads to one of them.
//!
//! A version is a folder with a date for a name: `certs/` and the unit. It has that name once all of it is on the disk.

#![expect(clippy::disallowed_methods, reason = "the edge that writes to a node")]

use super::beside::{take_over, write};
use crate::node::bundle::{Bundle, CERTS};
use bouquet_model::settings::CERTIFICATE_FILES;
use bouquet_model::time::Instant;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt as _, chown, fchown, symlink};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// How many versions are kept, the current one among them.
const KEPT: usize = 4;

/// The unit in a version.
pub(super) const UNIT: &str = "etcd.service";

/// What was there before the first version.
const BEFORE: &str = "before-";

/// The file with the name of the version to which a way back leads, as long as it is not ended.
const BACK: &str = ".back";

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
        // Its keys stay nowhere, and its space is free again.
        let undone = |_: &io::Error| drop(fs::remove_dir_all(&partial));
        self.fill(&partial, (bundle, owner), unit).inspect_err(undone)?;
        fs::rename(&partial, self.folder.join(stamp))?;
        sync(&self.folder)
    }

    fn fill(
        &self,
        partial: &Path,
        (bundle, owner): (&Bundle, Owner),
        unit: &str,
    ) -> io::Result<()> {
        DirBuilder::new().mode(0o755).create(partial)?;
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
        sync(partial)
    }

    /// Has the place of certificates lead to a version, in one step: a process that opens a file finds the former ones
    /// or the new ones. A folder that was there becomes a version, with the unit of then.
    pub(super) fn lead_to(&self, stamp: &str, unit: Option<&str>) -> io::Result<()> {
        let Some(place) = &self.place else { return Ok(()) };
        let next = next_to(place);
        if is_folder(&next) {
            // The folder that was there before, where the program was killed right after the exchange.
            fs::rename(&next, self.before(stamp, unit)?)?;
        } else if let Err(error) = fs::remove_file(&next)
            && error.kind() != ErrorKind::NotFound
        {
            return Err(error);
        }
        self.renew_times(place, stamp)?;
        let certs = self.folder.join(stamp).join(CERTS);
        let is_there =
            fs::canonicalize(place).is_ok_and(|there| Some(there) == fs::canonicalize(&certs).ok());
        if !is_there {
            // As it is now, also where the version is an older one.
            take_over(place, &certs, &|name| {
                CERTIFICATE_FILES.iter().any(|own| name == Path::new(own))
            })?;
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
                fs::rename(place, &before)?;
                fs::rename(&next, place).inspect_err(|_| drop(fs::rename(&before, place)))?;
            }
        } else {
            fs::rename(&next, place)?;
        }
        sync(place.parent().unwrap_or(place))
    }

    /// Gives the files of a version that are other ones than those in the place now the time of now: etcd, which runs since
    /// before, has not read them, however old they are.
    fn renew_times(&self, place: &Path, stamp: &str) -> io::Result<()> {
        let certs = self.folder.join(stamp).join(CERTS);
        for name in CERTIFICATE_FILES {
            let file = certs.join(name);
            let Ok(content) = fs::read(&file) else { continue };
            if !fs::read(place.join(name)).is_ok_and(|there| there == content) {
                OpenOptions::new().write(true).open(&file)?.set_modified(SystemTime::now())?;
            }
        }
        Ok(())
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
        let mut all: Vec<PathBuf> = paths.filter(|path| self.is_whole(path)).collect();
        all.sort_by_key(|path| date(path));
        all
    }

    fn is_whole(&self, version: &Path) -> bool {
        version.join(UNIT).is_file() && (self.place.is_none() || version.join(CERTS).is_dir())
    }

    /// The versions, and the number of the current one among them: the certificates' place leads to it; without those it is
    /// the last one with the unit that is installed.
    fn current(&self, unit: Option<&str>) -> Option<(Vec<PathBuf>, usize)> {
        let all = self.all();
        let number = match &self.place {
            None => all.iter().rposition(|path| has_unit(path, unit)),
            Some(place) => {
                let link = fs::read_link(place).ok()?;
                let name = link.parent()?.file_name()?;
                all.iter().position(|path| path.file_name() == Some(name))
            }
        }?;
        Some((all, number))
    }

    /// The version before the current one; that to which a way back leads which was begun and not ended.
    pub(super) fn former(&self, unit: Option<&str>) -> Option<PathBuf> {
        let begun = fs::read_to_string(self.folder.join(BACK)).ok();
        if let Some(version) = begun.map(|stamp| self.folder.join(stamp))
            && self.is_whole(&version)
        {
            return Some(version);
        }
        let (all, number) = self.current(unit)?;
        all.get(number.checked_sub(1)?).cloned()
    }

    /// Notes to which version a way back leads: killed on it, the program does not go one further.
    pub(super) fn goes_back(&self, stamp: &str) -> io::Result<()> {
        write(&self.folder.join(BACK), stamp.as_bytes(), 0o644)?.sync_all()?;
        sync(&self.folder)
    }

    /// Notes that it ended, or is given up.
    pub(super) fn went_back(&self) {
        let _ = fs::remove_file(self.folder.join(BACK));
    }

    /// The name of the version to which the certificates' place leads, where that has this unit.
    pub(super) fn leading_to(&self, unit: &str) -> Option<String> {
        self.place.as_ref()?;
        let (all, number) = self.current(None)?;
        let name = all[number].file_name()?.to_string_lossy().into_owned();
        has_unit(&all[number], Some(unit)).then_some(name)
    }

    /// The certificates' place leads to a version already, and the folder that was there has not become one yet.
    pub(super) fn is_interrupted(&self) -> bool {
        self.place.as_ref().is_some_and(|place| is_folder(&next_to(place)))
    }

    /// Removes the versions behind the current one: each was gone back from, or was never led to. Of the next one, the
    /// current one is to be the version before.
    pub(super) fn forget_later(&self, unit: Option<&str>) {
        let Some((all, number)) = self.current(unit) else { return };
        for path in &all[number + 1..] {
            let _ = fs::remove_dir_all(path);
        }
    }

    /// Removes those that are old, and those of which the program had made the unit alone when it was killed. What cannot
    /// be removed stays.
    pub(super) fn prune(&self) {
        let there = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let begun = |path: &PathBuf| date(path).1 == 0 && !self.is_whole(path);
        for path in there.map(|entry| entry.path()).filter(begun) {
            let _ = fs::remove_dir_all(path);
        }
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

/// Where the certificates' next place is before it takes theirs.
fn next_to(place: &Path) -> PathBuf {
    let mut next = place.file_name().unwrap_or_default().to_owned();
    next.push(".next");
    place.with_file_name(next)
}

/// It is a folder itself, and no link to one.
fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|facts| facts.is_dir())
}

fn has_unit(version: &Path, unit: Option<&str>) -> bool {
    fs::read_to_string(version.join(UNIT)).ok().as_deref() == unit
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
