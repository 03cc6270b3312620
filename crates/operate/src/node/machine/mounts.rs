//! The edge: what is mounted, and what is to be.

#![expect(clippy::disallowed_methods, reason = "the edge that looks at what is mounted")]

use crate::node::machine::facts::{By, Mount, Unfit, Wanted};
use crate::node::machine::read::mounts::{mounted, of_fstab, of_unit};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The folders of units that are the administrator's, for good or until the next boot.
const UNITS: [&str; 2] = ["/etc/systemd/system", "/run/systemd/system"];

/// Returns what is mounted, in order.
pub(crate) fn mounts() -> Vec<Mount> {
    mounted(&fs::read_to_string("/proc/self/mountinfo").unwrap_or_default())
}

/// Returns what is mounted at a folder and below it, wherever links lead to it: the ways to that from there.
pub(super) fn within(folder: &Path, mounts: &[Mount]) -> Vec<PathBuf> {
    let Ok(there) = fs::canonicalize(folder) else { return Vec::new() };
    let ways = mounts.iter().filter_map(|mount| mount.folder.strip_prefix(&there).ok());
    ways.map(Path::to_owned).collect()
}

/// Returns what keeps a log from beginning in that very folder, wherever links above it lead. One that is a link itself is
/// no mount point, whatever it leads to: etcd removes the link, and begins on the disk of the folder above.
pub(crate) fn unfit(folder: &Path, mounts: &[Mount]) -> Option<Unfit> {
    if let Ok(to) = fs::read_link(folder) {
        let there = folder.parent().unwrap_or(folder).join(to);
        return Some(Unfit::Link(fs::canonicalize(&there).unwrap_or(there)));
    }
    let is_mounted = within(folder, mounts).iter().any(|way| way.as_os_str().is_empty());
    is_mounted.then_some(Unfit::Mounted)
}

/// Returns what has a disk mounted, or would have.
pub(crate) fn wanted() -> Vec<Wanted> {
    let fstab = of_fstab(&fs::read_to_string("/etc/fstab").unwrap_or_default());
    let fstab = fstab.into_iter().map(|(folder, is_automatic)| Wanted {
        folder,
        by: By::Fstab,
        is_automatic,
    });
    fstab.chain(units(&UNITS.map(Path::new))).collect()
}

/// Returns the units of mounts in folders of systemd's. One is enabled by a link to it in a folder `….wants` or
/// `….requires` (systemd.unit(5), "[Install] Section Options").
fn units(folders: &[&Path]) -> Vec<Wanted> {
    let all = folders.iter().flat_map(|folder| entries(folder));
    let (files, others): (Vec<PathBuf>, Vec<PathBuf>) = all.partition(|it| has(it, &["mount"]));
    let links = others.iter().filter(|it| has(it, &["wants", "requires"]));
    let links = links.flat_map(|folder| entries(folder));
    let enabled: BTreeSet<String> = links.filter_map(|link| name(&link)).collect();
    let unit = |file: PathBuf| {
        let folder = of_unit(&fs::read_to_string(&file).ok()?)?;
        let name = name(&file)?;
        let is_automatic = enabled.contains(&name);
        Some(Wanted { folder, by: By::Unit(name), is_automatic })
    };
    files.into_iter().filter_map(unit).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

fn has(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|ending| endings.iter().any(|it| ending == *it))
}

fn name(path: &Path) -> Option<String> {
    Some(path.file_name()?.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// What is mounted on every Linux stands for a disk.
    #[test]
    fn a_link_to_a_mount_point_is_a_link_and_one_above_it_hides_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let (last, above) = (folder.path().join("wal"), folder.path().join("root"));
        symlink("/dev/shm", &last).expect("a link");
        symlink("/dev", &above).expect("a link");
        let mounts = mounts();
        let mounted = Some(Unfit::Mounted);
        assert_eq!(unfit(Path::new("/dev/shm"), &mounts), mounted, "/dev/shm is mounted");
        assert_eq!(unfit(&above.join("shm"), &mounts), mounted);
        assert_eq!(unfit(&last, &mounts), Some(Unfit::Link(PathBuf::from("/dev/shm"))));
        let nowhere = folder.path().join("nowhere");
        symlink("gone/wal", &nowhere).expect("a link");
        let to = folder.path().join("gone/wal");
        assert_eq!(unfit(&nowhere, &mounts), Some(Unfit::Link(to)), "to what is not there");
        assert_eq!(unfit(folder.path(), &mounts), None);
    }

    #[test]
    fn a_unit_of_a_mount_is_enabled_by_a_link_to_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let (etc, run) = (folder.path().join("etc"), folder.path().join("run"));
        let links = [etc.join("local-fs.target.requires"), run.join("multi-user.target.wants")];
        for it in links.iter().chain([&etc.join("data.mount.d")]) {
            fs::create_dir_all(it).expect("a folder");
        }
        for name in ["data", "srv", "old"] {
            let text = format!("[Mount]\nWhat=/dev/x\nWhere=/{name}\n");
            fs::write(etc.join(format!("{name}.mount")), text).expect("a unit");
        }
        symlink("/dev/null", etc.join("masked.mount")).expect("a link");
        symlink("../data.mount", links[0].join("data.mount")).expect("a link");
        symlink("/etc/systemd/system/srv.mount", links[1].join("srv.mount")).expect("a link");
        let mut found = units(&[&etc, &run]);
        found.sort_by(|one, other| one.folder.cmp(&other.folder));
        let unit = |name: &str, is_automatic| Wanted {
            folder: Path::new("/").join(name),
            by: By::Unit(format!("{name}.mount")),
            is_automatic,
        };
        assert_eq!(found, [unit("data", true), unit("old", false), unit("srv", true)]);
    }
}
