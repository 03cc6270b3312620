//! The folders that a machine has, whoever runs on it (hier(7), file-hierarchy(7), the Filesystem
//! Hierarchy Standard 3.0).

use crate::node_path::NodePath;

/// Folders in which many have theirs: one below them may be etcd's, they themselves never.
const SHARED: &[&str] = &[
    "/",
    "/dev/shm",
    "/etc",
    "/etc/kubernetes",
    "/etc/kubernetes/pki",
    "/etc/pki",
    "/etc/pki/tls",
    "/etc/pki/tls/certs",
    "/etc/pki/tls/private",
    "/etc/ssl",
    "/etc/ssl/certs",
    "/etc/ssl/private",
    "/etc/systemd",
    "/etc/systemd/system",
    "/home",
    "/media",
    "/mnt",
    "/opt",
    "/root",
    "/run",
    "/run/lock",
    "/run/user",
    "/srv",
    "/tmp",
    "/usr/local",
    "/usr/local/bin",
    "/usr/local/etc",
    "/usr/local/lib",
    "/usr/local/sbin",
    "/usr/local/share",
    "/var",
    "/var/backups",
    "/var/cache",
    "/var/lib",
    "/var/lib/private",
    "/var/local",
    "/var/lock",
    "/var/log",
    "/var/mail",
    "/var/opt",
    "/var/run",
    "/var/spool",
    "/var/tmp",
];

/// Folders that are the system's with all that is below them, but for [`SHARED`] ones in them.
const SYSTEM: &[&str] = &[
    "/bin",
    "/boot",
    "/dev",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/lost+found",
    "/proc",
    "/sbin",
    "/sys",
    "/usr",
];

/// What becomes of files in a folder without anybody's doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// They are gone after a reboot.
    Volatile,
    /// They are deleted when they are old (tmpfiles.d(5)).
    Cleaned,
}

/// Returns `true` for a folder that is not for one program alone: to change its owner or its mode
/// would break others.
pub fn is_shared(folder: &NodePath) -> bool {
    let listed = |list: &[&'static str]| list.iter().any(|path| folder.as_str() == *path);
    let below = |list: &[&'static str]| is_below_one_of(folder, list);
    let own = ["/dev/shm", "/usr/local"];
    let home = folder.parent().as_str() == "/home" || folder.parent().as_str() == "/run/user";
    listed(SHARED) || listed(SYSTEM) || home || (below(SYSTEM) && !below(&own))
}

/// Returns what becomes of files there, where it is not that they stay.
pub fn fate(path: &NodePath) -> Option<Fate> {
    if is_below_one_of(path, &["/dev/shm", "/run", "/tmp", "/var/lock", "/var/run"]) {
        Some(Fate::Volatile)
    } else {
        is_below_one_of(path, &["/var/tmp"]).then_some(Fate::Cleaned)
    }
}

/// Returns the folder above a path that lets in nobody but its owner, who is not etcd.
pub fn closed(path: &NodePath) -> Option<&'static str> {
    let closed = ["/lost+found", "/root", "/run/user", "/var/lib/private"];
    closed.into_iter().find(|folder| path.is_within(&NodePath::from_static(folder)))
}

/// Returns `true` for what `ProtectHome=` hides (systemd.exec(5)).
pub fn is_in_a_home(path: &NodePath) -> bool {
    is_below_one_of(path, &["/home", "/root", "/run/user"])
}

/// Returns `true` for what `PrivateTmp=` hides (systemd.exec(5)).
pub fn is_temporary(path: &NodePath) -> bool {
    let folders = ["/tmp", "/var/tmp"];
    folders.into_iter().any(|folder| path.is_within(&NodePath::from_static(folder)))
}

fn is_below_one_of(path: &NodePath, folders: &[&'static str]) -> bool {
    folders.iter().any(|folder| path.is_below(&NodePath::from_static(folder)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> NodePath {
        NodePath::parse(text).expect("a path")
    }

    #[test]
    fn folders_of_many_are_told_from_folders_of_one() {
        for text in [
            "/",
            "/var/lib",
            "/usr",
            "/usr/lib/etcd",
            "/usr/local",
            "/home/ann",
            "/root",
            "/dev/x",
            "/proc/1",
            "/lib64/x",
            "/boot/efi",
            "/run",
            "/var/run",
            "/etc/ssl/certs",
            "/run/user/7",
        ] {
            assert!(is_shared(&path(text)), "{text}");
        }
        for text in [
            "/var/lib/etcd",
            "/usr/local/etcd",
            "/home/ann/etcd",
            "/root/etcd",
            "/dev/shm/etcd",
            "/data",
            "/etc/etcd",
            "/run/etcd",
            "/library",
            "/etc/kubernetes/pki/etcd",
            "/opt/etcd",
        ] {
            assert!(!is_shared(&path(text)), "{text}");
        }
    }

    #[test]
    fn what_does_not_stay_is_known() {
        for text in ["/run/etcd", "/var/run/etcd", "/tmp/etcd", "/dev/shm/etcd"] {
            assert_eq!(fate(&path(text)), Some(Fate::Volatile), "{text}");
        }
        assert_eq!(fate(&path("/var/tmp/etcd")), Some(Fate::Cleaned));
        assert_eq!(fate(&path("/var/lib/etcd")), None);
    }

    #[test]
    fn what_only_root_enters_is_known() {
        assert_eq!(closed(&path("/root/certs")), Some("/root"));
        assert_eq!(closed(&path("/run/user/0/x")), Some("/run/user"));
        assert_eq!(closed(&path("/rooted/certs")), None);
    }
}
