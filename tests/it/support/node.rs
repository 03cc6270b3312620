//! A machine for one process: a file system root of its own, in which a member's folder lies where
//! its artifacts expect it, so that they run exactly as the build wrote them.
//!
//! The root is a tmpfs in a private mount namespace. It goes when the process ends, and with it
//! everything that etcd wrote.

pub(crate) use bouquet_rig::is_root;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Makes the root, then becomes the command. In order: the folder to mount on, the file that is to
/// be `/etc/hosts`, the folder of the programs; for each folder whether it is copied or shared, which
/// and where; `--`, the command.
const SETUP: &str = r#"
set -eu
root=$1 hosts=$2 programs=$3
shift 3
mount -t tmpfs -o mode=0755 tmpfs "$root"
mkdir -p "$root/etc" "$root/tmp" "$root/root" "$root/run" "$root/var/lib"
for folder in usr proc dev; do
    mkdir "$root/$folder"
    mount --rbind "/$folder" "$root/$folder"
done
for folder in bin sbin lib lib64; do
    if [ -L "/$folder" ]; then
        cp -P "/$folder" "$root/$folder"
    elif [ -d "/$folder" ]; then
        mkdir "$root/$folder"
        mount --rbind "/$folder" "$root/$folder"
    fi
done
mount -t tmpfs tmpfs "$root/usr/local/bin"
for program in "$programs"/*; do
    touch "$root/usr/local/bin/${program##*/}"
    mount --bind "$program" "$root/usr/local/bin/${program##*/}"
done
printf 'root:x:0:0::/root:/bin/sh\netcd:x:970:970::/:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\netcd:x:970:\n' >"$root/etc/group"
printf 'hosts: files\npasswd: files\ngroup: files\n' >"$root/etc/nsswitch.conf"
cp "$hosts" "$root/etc/hosts"
while [ "$1" != -- ]; do
    mkdir -p "$root$3"
    case $1 in
    copy) cp -r "$2/." "$root$3" ;;
    share) mount --bind "$2" "$root$3" ;;
    esac
    shift 3
done
shift
exec chroot "$root" "$@"
"#;

/// A machine that is yet to be started.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// An empty folder of this node's own.
    root: PathBuf,
    hosts: PathBuf,
    programs: PathBuf,
    folders: Vec<(&'static str, PathBuf, String)>,
}

impl Node {
    /// A machine with the programs of the folder `programs` on its path, and with these
    /// `/etc/hosts`. `root` is a folder of its own.
    pub(crate) fn new(root: &Path, hosts: &Path, programs: &Path) -> Self {
        fs::create_dir_all(root).expect("a folder to mount on");
        Self {
            root: root.to_path_buf(),
            hosts: hosts.to_path_buf(),
            programs: programs.to_path_buf(),
            folders: Vec::new(),
        }
    }

    /// The same with a copy of the folder `from` at `to`.
    pub(crate) fn with(mut self, from: PathBuf, to: &str) -> Self {
        self.folders.push(("copy", from, to.trim_end_matches('/').to_owned()));
        self
    }

    /// The same with the folder `from` itself at `to`: it outlives the machine, and what changes in
    /// it changes there.
    pub(crate) fn sharing(mut self, from: PathBuf, to: &str) -> Self {
        self.folders.push(("share", from, to.to_owned()));
        self
    }

    /// A shell script that runs on it. A last `exec` in it makes its process the child's own.
    pub(crate) fn sh(&self, script: &str) -> Command {
        let mut command = Command::new("unshare");
        // Anyone who is not root becomes root in a user namespace, as far as mounting goes.
        if !is_root() {
            command.arg("--map-root-user");
        }
        command.args(["--mount", "sh", "-c", SETUP, "node"]);
        command.args([&self.root, &self.hosts, &self.programs]);
        for (how, from, to) in &self.folders {
            command.arg(how).arg(from).arg(to);
        }
        command.args(["--", "sh", "-euc", script]);
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
        command
    }
}
