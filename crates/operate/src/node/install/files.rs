//! The edge: a version of what is installed is written, and the place of certificates led to it.
//!
//! A version is a folder with a date for a name: `certs/` and the unit. It has that name once all of it is on the disk.

#![expect(clippy::disallowed_methods, reason = "the edge that writes to a node")]

use super::beside::{take_over, write};
use crate::if_there::if_there;
use crate::node::bundle::{Bundle, CERTS};
use bouquet_model::settings::CERTIFICATE_FILES;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{
    DirBuilderExt as _, MetadataExt as _, PermissionsExt as _, chown, fchown, symlink,
};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The unit in a version.
pub(super) const UNIT: &str = "etcd.service";

/// What was there before the first version.
pub(super) const BEFORE: &str = "before-";

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
    /// The folder of the image that both are in.
    pub(super) root: Option<PathBuf>,
    /// The other names of files among the certificates, each with the file that it is a link to.
    pub(super) links: BTreeMap<String, &'static str>,
}

impl Versions {
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
        if_there(fs::remove_dir_all(&partial))?;
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
                let (mode, gid) = self.openness(name, owner)?;
                fchown(&file, Some(owner.uid), Some(gid))?;
                file.set_permissions(Permissions::from_mode(0o600 | mode))?;
                file.sync_all()?;
            }
            for (name, file) in &self.links {
                symlink(file, certs.join(name))?;
            }
            let (mode, gid) = openness(if_there(fs::metadata(place))?.as_ref(), 0o055, owner);
            chown(&certs, Some(owner.uid), Some(gid))?;
            fs::set_permissions(&certs, Permissions::from_mode(0o700 | mode))?;
            sync(&certs)?;
        }
        sync(partial)
    }

    /// Returns who may read a file besides etcd: those who may read the one in its place, which may have its other name. A key is
    /// etcd's alone.
    fn openness(&self, name: &Path, owner: Owner) -> io::Result<(u32, u32)> {
        let is_key = name.extension().is_some_and(|it| it == "key");
        let Some(place) = self.place.as_ref().filter(|_| !is_key) else {
            return Ok((0, owner.gid));
        };
        let others = self.links.iter().filter(|(_, file)| name == Path::new(file));
        let names = [name].into_iter().chain(others.map(|(other, _)| Path::new(other)));
        for name in names {
            if let Some(there) = if_there(fs::metadata(place.join(name)))? {
                return Ok(openness(Some(&there), 0o044, owner));
            }
        }
        Ok((0, owner.gid))
    }

    /// Has the place of certificates lead to a version, in one step: a process that opens a file finds the former ones
    /// or the new ones. A folder that was there becomes a version, with the unit of then.
    pub(super) fn lead_to(&self, stamp: &str, unit: Option<&str>) -> io::Result<()> {
        let Some(place) = &self.place else { return Ok(()) };
        let next = next_to(place);
        if is_folder(&next)? {
            // The folder that was there before, where the program was killed right after the exchange.
            fs::rename(&next, self.before(stamp, unit)?)?;
        } else {
            if_there(fs::remove_file(&next))?;
        }
        self.renew_times(place, stamp)?;
        if !self.leads_to(stamp) {
            // As it is now, also where the version is an older one.
            let certs = self.folder.join(stamp).join(CERTS);
            take_over(place, &certs, self.root.as_deref(), &|name| {
                let mut own =
                    CERTIFICATE_FILES.into_iter().chain(self.links.keys().map(String::as_str));
                own.any(|own| name == Path::new(own))
            })?;
        }
        // Beside it, so that it leads there in an image, too.
        let folder = self.folder.file_name().unwrap_or_default();
        symlink(Path::new(folder).join(stamp).join(CERTS), &next)?;
        if is_folder(place)? {
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

    /// Tells whether the place of certificates leads to that version.
    pub(super) fn leads_to(&self, stamp: &str) -> bool {
        let certs = fs::canonicalize(self.folder.join(stamp).join(CERTS));
        let there = self.place.as_ref().and_then(|place| fs::canonicalize(place).ok());
        certs.is_ok_and(|certs| there == Some(certs))
    }

    /// Gives the files of a version that are other ones than those in the place now the time of now: etcd, which runs since
    /// before, has not read them, however old they are.
    fn renew_times(&self, place: &Path, stamp: &str) -> io::Result<()> {
        let certs = self.folder.join(stamp).join(CERTS);
        for name in CERTIFICATE_FILES {
            let file = certs.join(name);
            let Some(content) = if_there(fs::read(&file))? else { continue };
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

    /// Tells whether an installation was interrupted: the certificates' place leads to a version already, and the
    /// folder that was there has not become one yet.
    pub(super) fn is_interrupted(&self) -> io::Result<bool> {
        self.place.as_ref().map_or(Ok(false), |place| is_folder(&next_to(place)))
    }
}

/// Returns which of these rights others have to what is there, and the group that some of them are for: programs that read a CA, or
/// have files of their own in the same folder, go on.
fn openness(there: Option<&Metadata>, rights: u32, owner: Owner) -> (u32, u32) {
    let rights = there.map_or(0, |it| it.mode() & rights);
    let group = there.filter(|_| rights & 0o070 != 0).map(Metadata::gid);
    (rights, group.unwrap_or(owner.gid))
}

/// Returns where the certificates' next place is before it takes theirs.
fn next_to(place: &Path) -> PathBuf {
    let mut next = place.file_name().unwrap_or_default().to_owned();
    next.push(".next");
    place.with_file_name(next)
}

/// Tells whether this is a folder itself, and no link to one.
fn is_folder(path: &Path) -> io::Result<bool> {
    Ok(if_there(fs::symlink_metadata(path))?.is_some_and(|facts| facts.is_dir()))
}

pub(super) fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
