//! The edge: certificates, swapped in one step, with the versions of before kept beside them.

#![expect(clippy::disallowed_methods, reason = "the edge that writes to a node")]

use super::bundle::Bundle;
use super::look::Machine;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::node_path::NodePath;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, chown, fchown, symlink};
use std::path::{Path, PathBuf};

/// How many versions are kept, the current one among them.
const KEPT: usize = 3;

/// Behind the name of the folder of certificates: the folder of its versions.
const VERSIONS: &str = ".installed";

/// Whose the files are to be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Owner {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

/// Puts what was brought into the place of a folder of certificates: into a new folder beside it, to which the place
/// then leads. A process that opens a file sees the former ones or the new ones. A folder that was there becomes the
/// version of before.
///
/// # Errors
/// If something cannot be written; the place leads where it led then.
pub(super) fn put(
    machine: Machine<'_>,
    place: &NodePath,
    bundle: &Bundle,
    owner: Owner,
    stamp: &str,
) -> Result<PathBuf, Diagnostic> {
    let link = machine.path(place.as_str());
    let versions = with_ending(&link, VERSIONS);
    let version = versions.join(stamp);
    let failed = |error: io::Error| {
        Diagnostic::error(format!("{} cannot be put into its place: {error}", link.display()))
            .note("what was there is there still")
    };
    lay(&link, &version, bundle, owner).map_err(failed)?;
    switch(&link, &versions, &version, stamp).map_err(failed)?;
    prune(&versions);
    Ok(version)
}

/// Writes all files into a folder, which has its name once all are on the disk.
fn lay(link: &Path, version: &Path, bundle: &Bundle, owner: Owner) -> io::Result<()> {
    let versions = version.parent().unwrap_or(version);
    DirBuilder::new().recursive(true).mode(0o755).create(versions)?;
    let partial = versions.join(".partial");
    // Of an attempt that was killed.
    if partial.exists() {
        fs::remove_dir_all(&partial)?;
    }
    DirBuilder::new().mode(0o700).create(&partial)?;
    for (name, content) in bundle.certs() {
        let path = partial.join(name);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        file.write_all(content)?;
        // One that did not change keeps its time: etcd, which was started since, has read it.
        let former = link.join(name);
        if fs::read(&former).is_ok_and(|there| there == content) {
            file.set_modified(fs::metadata(&former)?.modified()?)?;
        }
        fchown(&file, Some(owner.uid), Some(owner.gid))?;
        file.sync_all()?;
    }
    chown(&partial, Some(owner.uid), Some(owner.gid))?;
    sync(&partial)?;
    fs::rename(&partial, version)?;
    sync(versions)
}

/// Has the place lead to another version.
fn switch(link: &Path, versions: &Path, version: &Path, stamp: &str) -> io::Result<()> {
    let name = versions.file_name().unwrap_or_default();
    let next = with_ending(link, ".next");
    match fs::remove_file(&next) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    symlink(Path::new(name).join(version.file_name().unwrap_or_default()), &next)?;
    let is_folder = fs::symlink_metadata(link).is_ok_and(|it| it.is_dir());
    if is_folder {
        // Of a file system that cannot do it at once, there is a moment without it.
        let former = versions.join(format!("before-{stamp}"));
        if renameat_with(CWD, &next, CWD, link, RenameFlags::EXCHANGE).is_ok() {
            fs::rename(&next, former)?;
        } else {
            fs::rename(link, former)?;
            fs::rename(&next, link)?;
        }
    } else {
        fs::rename(&next, link)?;
    }
    sync(link.parent().unwrap_or(link))
}

/// Removes versions that are old, in the order of their dates. What cannot be removed stays.
fn prune(versions: &Path) {
    let Ok(entries) = fs::read_dir(versions) else { return };
    let date = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // What was there before a version is older than it.
        name.strip_prefix("before-").map_or((name.clone(), 1), |date| (date.to_owned(), 0))
    };
    let mut all: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    all.sort_by_key(date);
    let old = all.len().saturating_sub(KEPT);
    for path in all.into_iter().take(old) {
        let _ = fs::remove_dir_all(path);
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
