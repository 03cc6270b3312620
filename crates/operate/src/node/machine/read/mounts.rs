//! What is mounted, and what is to be: `/proc/self/mountinfo` (proc(5)), fstab(5), and units of mounts
//! (systemd.mount(5)).

use crate::node::machine::facts::Mount;
use std::path::{Path, PathBuf};

/// Reads `/proc/self/mountinfo`.
pub(crate) fn mounted(text: &str) -> Vec<Mount> {
    let mount = |line: &str| {
        let (before, after) = line.split_once(" - ")?;
        let folder = before.split(' ').nth(4)?;
        Some(Mount {
            folder: PathBuf::from(unescaped(folder)),
            kind: after.split(' ').next()?.to_owned(),
        })
    };
    text.lines().filter_map(mount).collect()
}

/// Returns the folders that `/etc/fstab` has something for; and whether that is mounted at each start of the machine, or,
/// with `noauto`, for a unit that requires it.
pub(crate) fn of_fstab(text: &str) -> Vec<(PathBuf, bool)> {
    let folder = |line: &str| {
        let mut fields = line.split_whitespace();
        let (device, folder) = (fields.next()?, fields.next()?);
        let options = fields.nth(1).unwrap_or_default();
        let is_automatic = !options.split(',').any(|option| option == "noauto");
        let counts = !device.starts_with('#') && folder.starts_with('/');
        counts.then(|| (PathBuf::from(unescaped(folder)), is_automatic))
    };
    text.lines().filter_map(folder).collect()
}

/// Returns the folder that a unit mounts something on.
pub(crate) fn of_unit(text: &str) -> Option<PathBuf> {
    let mut lines = text.lines().map(str::trim);
    let place = lines.find_map(|line| line.strip_prefix("Where="))?.trim();
    place.starts_with('/').then(|| PathBuf::from(place))
}

/// Returns the file system that a path is on: of those mounted above it the nearest, of several there the last.
pub(crate) fn of<'a>(mounts: &'a [Mount], path: &Path) -> Option<&'a Mount> {
    mounts
        .iter()
        .filter(|mount| path.starts_with(&mount.folder))
        .max_by_key(|mount| mount.folder.components().count())
}

/// Undoes the octal escapes that the kernel has for white space and backslashes.
fn unescaped(text: &str) -> String {
    [(r"\040", " "), (r"\011", "\t"), (r"\012", "\n"), (r"\134", "\\")]
        .into_iter()
        .fold(text.to_owned(), |text, (escape, plain)| text.replace(escape, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n\
         22 21 0:5 / /proc rw - proc proc rw\n\
         23 21 8:2 / /mnt/two\\040words rw - xfs /dev/sdb rw\n\
         24 21 0:44 / /data rw shared:2 master:1 - nfs4 server:/x rw\n\
         25 21 0:45 / /data rw - fuse.sshfs y rw\n\
         broken\n";

    #[test]
    fn the_nearest_mount_counts_and_of_several_the_last() {
        let mounts = mounted(MOUNTS);
        let kind = |path: &str| of(&mounts, Path::new(path)).map(|mount| mount.kind.as_str());
        assert_eq!(kind("/data/etcd"), Some("fuse.sshfs"));
        assert_eq!(kind("/database"), Some("ext4"));
        assert_eq!(kind("/mnt/two words/etcd"), Some("xfs"));
        assert_eq!(of(&[], Path::new("/")), None);
    }

    #[test]
    fn folders_of_disks_are_found_in_fstab_and_in_units() {
        let fstab = "# /dev/x /data ext4\n/dev/sda1 / ext4 defaults 0 1\nUUID=1 none swap sw\n\
                     /dev/b\t/mnt/two\\040words xfs\n/dev/c /usb vfat user,noauto 0 0\n\nbroken\n";
        let found = [("/", true), ("/mnt/two words", true), ("/usb", false)];
        assert_eq!(of_fstab(fstab), found.map(|(folder, it)| (PathBuf::from(folder), it)));
        let unit = "[Mount]\nWhat=/dev/b\nWhere=/data\n";
        assert_eq!(of_unit(unit), Some(PathBuf::from("/data")));
        assert_eq!(of_unit("[Mount]\nWhere=data\n"), None);
    }
}
