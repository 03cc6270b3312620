//! The folders that a machine has, no matter what runs on it (hier(7), file-hierarchy(7), the Filesystem
//! Hierarchy Standard 3.0).

use crate::node_path::NodePath;

/// Folders in which many have theirs: one below them may be etcd's, they themselves never.
const SHARED: &[&str] = &[
    "/",
    "/dev/shm",
    "/etc",
    "/etc/ca-certificates",
    "/etc/cron.d",
    "/etc/default",
    "/etc/kubernetes",
    "/etc/kubernetes/pki",
    "/etc/pki",
    "/etc/pki/ca-trust",
    "/etc/pki/tls",
    "/etc/pki/tls/certs",
    "/etc/pki/tls/private",
    "/etc/ssl",
    "/etc/ssl/certs",
    "/etc/ssl/private",
    "/etc/sysconfig",
    "/etc/systemd",
    "/etc/systemd/network",
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
    "/usr/local/games",
    "/usr/local/include",
    "/usr/local/lib",
    "/usr/local/sbin",
    "/usr/local/share",
    "/usr/local/share/ca-certificates",
    "/usr/local/src",
    "/var",
    "/var/backups",
    "/var/cache",
    "/var/crash",
    "/var/db",
    "/var/empty",
    "/var/games",
    "/var/lib",
    "/var/lib/misc",
    "/var/lib/private",
    "/var/local",
    "/var/lock",
    "/var/log",
    "/var/mail",
    "/var/opt",
    "/var/run",
    "/var/snap",
    "/var/spool",
    "/var/spool/cron",
    "/var/tmp",
    "/var/www",
];

/// Folders that are the system's with all that is below them, but for [`SHARED`] ones in them.
const SYSTEM: &[&str] = &[
    "/bin", "/boot", "/dev", "/efi", "/lib", "/lib32", "/lib64", "/libx32", "/nix", "/ostree",
    "/proc", "/sbin", "/snap", "/sys", "/sysroot", "/usr",
];

/// Folders of other programs. One of etcd's below them is theirs to allow, as `/var/lib/rancher` does.
const OTHERS: &[&str] = &[
    "/etc/kubernetes/manifests",
    "/etc/ssh",
    "/var/lib/containerd",
    "/var/lib/containers",
    "/var/lib/docker",
    "/var/lib/dpkg",
    "/var/lib/kubelet",
    "/var/lib/machines",
    "/var/lib/mysql",
    "/var/lib/pgsql",
    "/var/lib/portables",
    "/var/lib/postgresql",
    "/var/lib/rancher",
    "/var/lib/rpm",
    "/var/lib/snapd",
    "/var/lib/systemd",
    "/var/log/journal",
];

/// Says what the system itself does with files in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// They are gone after a reboot.
    Volatile,
    /// They are deleted when they are old (tmpfiles.d(5)).
    Cleaned,
}

/// Returns `true` for a folder that is not for one program alone, or for another: to change its owner
/// or its mode would break others.
pub fn is_shared(folder: &NodePath) -> bool {
    let below = |list: &[&'static str]| is_below_one_of(folder, list);
    let home = folder.parent().as_str() == "/home" || folder.parent().as_str() == "/run/user";
    let own = ["/dev/shm", "/usr/local"];
    let is_lost_and_found = folder.as_str().ends_with("/lost+found");
    is_listed(folder) || home || is_lost_and_found || (below(SYSTEM) && !below(&own))
}

/// Returns `true` for a folder that may be where a disk of its own is mounted: right below `/`, or where the
/// Filesystem Hierarchy Standard has such places.
pub fn may_be_a_mount_point(folder: &NodePath) -> bool {
    ["/", "/media", "/mnt"].contains(&folder.parent().as_str())
}

/// Returns `true` for a folder that belongs to another program.
pub fn is_anothers(folder: &NodePath) -> bool {
    OTHERS.contains(&folder.as_str())
}

/// Returns `true` for what is never anyone's own file: a folder that every machine has, or what the
/// kernel shows as a file.
pub fn is_no_file(path: &NodePath) -> bool {
    let shown = is_below_one_of(path, &["/dev", "/proc", "/sys"]);
    is_listed(path) || (shown && !is_below_one_of(path, &["/dev/shm"]))
}

/// Returns what becomes of files there, where it is not that they stay.
pub fn fate(path: &NodePath) -> Option<Fate> {
    if is_below_one_of(path, &["/dev/shm", "/run", "/tmp", "/var/lock", "/var/run"]) {
        Some(Fate::Volatile)
    } else {
        is_below_one_of(path, &["/var/tmp"]).then_some(Fate::Cleaned)
    }
}

/// Returns `true` where something lays files down again at each start: secrets of containers, and
/// credentials of systemd (systemd.exec(5)).
pub fn is_provided(path: &NodePath) -> bool {
    is_below_one_of(path, &["/run/secrets", "/run/credentials"])
}

/// Returns the folder above a path that lets in nobody but its owner, who is not etcd.
pub fn closed(path: &NodePath) -> Option<NodePath> {
    let closed = ["/root", "/run/user", "/var/lib/private"].map(NodePath::from_static);
    closed.into_iter().find(|folder| path.is_within(folder)).or_else(|| {
        let above = path.ancestors().find(|folder| folder.as_str().ends_with("/lost+found"));
        above.filter(|folder| folder != path)
    })
}

/// Returns the home above a path, of any account but this one. `useradd` and `adduser` make homes that let
/// nobody else in: 0700 on Debian, Fedora and Red Hat, 0750 on Ubuntu.
pub fn anothers_home(path: &NodePath, user: &str) -> Option<NodePath> {
    let is_home = |folder: &NodePath| folder.parent().as_str() == "/home";
    let home = path.ancestors().find(|folder| is_home(folder) && folder != path)?;
    (home.name() != user && home.as_str() != "/home").then_some(home)
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

fn is_listed(folder: &NodePath) -> bool {
    [SHARED, SYSTEM, OTHERS].iter().any(|list| list.contains(&folder.as_str()))
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
            "/efi/x",
            "/snap/etcd",
            "/etc/systemd/network",
            "/var/lib/docker",
            "/mnt/disk/lost+found",
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
            "/var/snap/etcd",
            "/var/lib/rancher/k3s/server/db/etcd",
            "/mnt/disk",
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
        for (text, folder) in [
            ("/root/certs", Some("/root")),
            ("/root", Some("/root")),
            ("/run/user/0/x", Some("/run/user")),
            ("/mnt/disk/lost+found/etcd", Some("/mnt/disk/lost+found")),
            ("/rooted/certs", None),
            ("/mnt/disk/lost+found.d/etcd", None),
        ] {
            assert_eq!(closed(&path(text)), folder.map(path), "{text}");
        }
    }

    #[test]
    fn homes_of_others_are_told_from_etcds() {
        for (text, home) in [
            ("/home/ann/etcd", Some("/home/ann")),
            ("/home/ann/a/b", Some("/home/ann")),
            ("/home/etcd/data", None),
            ("/home/ann", None),
            ("/home", None),
            ("/homes/ann/etcd", None),
        ] {
            assert_eq!(anothers_home(&path(text), "etcd"), home.map(path), "{text}");
            assert_eq!(anothers_home(&path("/home/ann/etcd"), "ann"), None);
        }
    }

    #[test]
    fn what_is_no_file_is_known() {
        for text in ["/etc", "/var/lib/docker", "/dev/zero", "/proc/1/mem", "/boot"] {
            assert!(is_no_file(&path(text)), "{text}");
        }
        for text in ["/etc/etcd", "/usr/share/etcd/crl", "/dev/shm/crl", "/data/crl"] {
            assert!(!is_no_file(&path(text)), "{text}");
        }
    }
}
