//! The edge: what lies in a place of certificates beside those of a build.

#![expect(clippy::disallowed_methods, reason = "the edge that writes to a node")]

use crate::node::machine::led;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{
    DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, chown, symlink,
};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Copies what lies in a folder and is none of ours, such as the folders of clients, with its owners and modes. `root` is
/// that of the image that both are in.
pub(super) fn take_over(
    from: &Path,
    to: &Path,
    root: Option<&Path>,
    is_ours: &dyn Fn(&Path) -> bool,
) -> io::Result<()> {
    let top = match fs::canonicalize(from) {
        Ok(top) => top,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let inside = match root {
        Some(root) => {
            Path::new("/").join(top.strip_prefix(fs::canonicalize(root)?).unwrap_or(&top))
        }
        None => top.clone(),
    };
    copy(&top, to, &inside, Path::new(""), is_ours)
}

/// Copies what lies in a folder; `top` is the outermost one as the node knows it, and `below` the way from that to this one.
fn copy(
    from: &Path,
    to: &Path,
    top: &Path,
    below: &Path,
    is_ours: &dyn Fn(&Path) -> bool,
) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
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
            symlink(moved(top, below, &fs::read_link(&source)?), &target)?;
            continue;
        }
        if facts.is_dir() {
            DirBuilder::new().mode(0o700).create(&target)?;
            copy(&source, &target, top, &below.join(&name), &|_| false)?;
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

/// Returns what a link says that is read from another folder from now on: one that leads out of the folder that is copied
/// leads where it did, one within it stays.
fn moved(top: &Path, below: &Path, link: &Path) -> PathBuf {
    let there = led(&top.join(below), link);
    if there.starts_with(top) { link.to_owned() } else { there }
}

/// Writes a file of its own in the place of whatever is there.
pub(super) fn write(path: &Path, content: &[u8], mode: u32) -> io::Result<File> {
    let _ = fs::remove_file(path);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(content)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::moved;
    use std::path::Path;

    #[test]
    fn a_link_leads_where_it_did_and_one_within_stays() {
        let link = |below: &str, link: &str| {
            let moved = moved(Path::new("/opt/etcd/certs"), Path::new(below), Path::new(link));
            moved.to_str().expect("text").to_owned()
        };
        assert_eq!(link("", "../site/ca.crt"), "/opt/etcd/site/ca.crt");
        assert_eq!(link("root", "../../site/ca.crt"), "/opt/etcd/site/ca.crt");
        assert_eq!(link("root", "../ca.crt"), "../ca.crt");
        assert_eq!(link("", "root/client.crt"), "root/client.crt");
        assert_eq!(link("", "/srv/ca.crt"), "/srv/ca.crt");
        assert_eq!(link("", "../../../../../srv"), "/srv");
    }
}
