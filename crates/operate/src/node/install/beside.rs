//! The edge: what lies in a place of certificates beside those of a build.

#![expect(clippy::disallowed_methods, reason = "the edge that writes to a node")]

use crate::if_there::if_there;
use crate::node::machine::{Machine, relative};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
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
    let Some(top) = if_there(fs::canonicalize(from))? else { return Ok(()) };
    let inside = match root {
        Some(root) => {
            Path::new("/").join(top.strip_prefix(fs::canonicalize(root)?).unwrap_or(&top))
        }
        None => top.clone(),
    };
    copy(Machine { root }, (&top, &inside), to, Path::new(""), is_ours)
}

/// Copies what lies in a folder; `top` is the outermost one as the node knows it, and `below` the way from that to this one.
fn copy(
    machine: Machine<'_>,
    (from, top): (&Path, &Path),
    to: &Path,
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
        match if_there(fs::symlink_metadata(&target))? {
            Some(former) if former.is_dir() => fs::remove_dir_all(&target)?,
            Some(_) => fs::remove_file(&target)?,
            None => {}
        }
        let facts = fs::symlink_metadata(&source)?;
        if facts.is_symlink() {
            symlink(moved(machine, top, below, &fs::read_link(&source)?), &target)?;
            continue;
        }
        if facts.is_dir() {
            DirBuilder::new().mode(0o700).create(&target)?;
            copy(machine, (&source, top), &target, &below.join(&name), &|_| false)?;
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
/// leads where it did, and one within it leads to the copy, whatever names it takes there. One that leads round and round
/// stays as it is.
fn moved(machine: Machine<'_>, top: &Path, below: &Path, link: &Path) -> PathBuf {
    let folder = top.join(below);
    let Ok(there) = machine.led(&folder, link) else { return link.to_owned() };
    if there.starts_with(top) {
        return relative(&folder, &there);
    }
    let by_another_name = |there: &Path| {
        let real = machine.real(there.parent()?).ok()?.join(there.file_name()?);
        real.starts_with(top).then(|| relative(&folder, &real))
    };
    by_another_name(&there).unwrap_or(there)
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
    use super::*;

    /// In an image and on a machine of its own; `etc` there is a link to `opt`.
    #[test]
    fn a_link_leads_where_it_did_and_one_within_to_the_copy() {
        const TOP: &str = "opt/etcd/certs.a.installed/1/certs";
        let image = tempfile::tempdir().expect("a folder");
        let root = fs::canonicalize(image.path()).expect("it is there");
        let at = |path: &str| root.join(path);
        for folder in ["root/deep", "a"].map(|it| format!("{TOP}/{it}")) {
            fs::create_dir_all(at(&folder)).expect("a folder");
        }
        fs::create_dir_all(at("opt/etcd/site/deep")).expect("a folder");
        symlink("opt", at("etc")).expect("a link");
        symlink("certs.a.installed/1/certs", at("opt/etcd/certs")).expect("a link");
        symlink("../../../site/deep", at(TOP).join("away")).expect("a link");
        symlink("round/..", at(TOP).join("round")).expect("a link");
        for (is_image, before) in [(true, String::new()), (false, root.display().to_string())] {
            let machine = Machine { root: is_image.then_some(root.as_path()) };
            let top = PathBuf::from(format!("{before}/{TOP}"));
            for (below, link, wanted) in [
                ("", "../../../site/ca.crt", "/opt/etcd/site/ca.crt"),
                ("", "./../../../site/ca.crt", "/opt/etcd/site/ca.crt"),
                ("", "a/../../../../site/ca.crt", "/opt/etcd/site/ca.crt"),
                ("root", "../../../../site/ca.crt", "/opt/etcd/site/ca.crt"),
                ("root", ".././../../../site/./ca.crt", "/opt/etcd/site/ca.crt"),
                // As the kernel goes, and not as it is written.
                ("", "away/../ca.crt", "/opt/etcd/site/ca.crt"),
                ("", "away/ca.crt", "away/ca.crt"),
                ("root", "../ca.crt", "../ca.crt"),
                ("root", "./../ca.crt", "../ca.crt"),
                ("root/deep", "../../a/../ca.crt", "../../ca.crt"),
                ("", "root/client.crt", "root/client.crt"),
                ("", "gone/../ca.crt", "ca.crt"),
                ("", "round/../ca.crt", "round/../ca.crt"),
                // Those that name the version, which goes one day.
                ("", "/opt/etcd/certs.a.installed/1/certs/ca.crt", "ca.crt"),
                ("root", "/opt/etcd/certs.a.installed/1/certs/ca.crt", "../ca.crt"),
                ("root", "/etc/etcd/certs.a.installed/1/certs/a/x", "../a/x"),
                ("", "../certs/ca.crt", "ca.crt"),
                ("", "../../1/certs/ca.crt", "ca.crt"),
                ("", "/opt/etcd/certs/ca.crt", "ca.crt"),
            ] {
                let absolute = |it: &str| if it.starts_with('/') { before.clone() } else { String::new() } + it;
                let moved = moved(machine, &top, Path::new(below), Path::new(&absolute(link)));
                assert_eq!(moved, Path::new(&absolute(wanted)), "{below} {link}");
            }
            let beyond = Path::new("../../../../../../../../../../../../../../srv");
            assert_eq!(moved(machine, &top, Path::new(""), beyond), Path::new("/srv"));
        }
    }
}
