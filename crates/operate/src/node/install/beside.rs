//! The edge: what lies in a place of certificates beside those of a build.

#![expect(clippy::disallowed_methods, reason = "the edge that writes to a node")]

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{
    DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, chown, symlink,
};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Copies what lies in a folder and is none of ours, such as the folders of clients, with its owners and modes.
pub(super) fn take_over(from: &Path, to: &Path, is_ours: &dyn Fn(&Path) -> bool) -> io::Result<()> {
    let entries = match fs::read_dir(from) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let name = PathBuf::from(entry.file_name());
        let (source, target) = (entry.path(), to.join(&name));
        if is_ours(&name) {
            continue;
        }
        // Of a time before.
        match fs::symlink_metadata(&target) {
            Ok(former) if former.is_dir() => fs::remove_dir_all(&target)?,
            Ok(_) => fs::remove_file(&target)?,
            Err(_) => {}
        }
        let facts = fs::symlink_metadata(&source)?;
        if facts.is_symlink() {
            // It is read from another folder from now on.
            let link = fs::read_link(&source)?;
            let absolute = fs::canonicalize(&source).ok().filter(|_| link.starts_with(".."));
            symlink(absolute.unwrap_or(link), &target)?;
            continue;
        }
        if facts.is_dir() {
            DirBuilder::new().mode(0o700).create(&target)?;
            take_over(&source, &target, &|_| false)?;
        } else if facts.is_file() {
            let content = Zeroizing::new(fs::read(&source)?);
            let file = write(&target, &content, 0o600)?;
            file.set_modified(facts.modified()?)?;
            file.sync_all()?;
        } else {
            continue;
        }
        chown(&target, Some(facts.uid()), Some(facts.gid()))?;
        fs::set_permissions(&target, facts.permissions())?;
    }
    Ok(())
}

/// Writes a file of its own in the place of whatever is there.
pub(super) fn write(path: &Path, content: &[u8], mode: u32) -> io::Result<File> {
    let _ = fs::remove_file(path);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(content)?;
    Ok(file)
}
