//! Machines that are folders here: each has its own programs, and is found by its addresses.

use super::tools::{INSTALL, JOURNALCTL, SYSTEMCTL};
use crate::support::log::show;
use crate::support::node::{Node, is_root};
use crate::support::run::etcd;
use crate::support::scope::RELEASES;
use bouquet_model::artifact::shell_word;
use std::collections::BTreeMap;
use std::fs;
use std::net::Ipv4Addr;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::{panicking, sleep};
use std::time::Duration;

/// What a machine keeps when nothing runs on it.
const FOLDERS: [&str; 9] = [
    "/etc/systemd/system",
    "/opt",
    "/data",
    "/mnt/data",
    "/srv",
    "/wal",
    "/root",
    "/state",
    "/var/lib",
];

/// The machines of one site. `machines/ADDRESS` leads to the folder of the one that has it, and
/// `nodes/MACHINE` runs `$COMMAND` on one.
pub(super) struct Machines {
    folder: PathBuf,
    /// Those of members, by the names that these have, or had.
    names: BTreeMap<String, String>,
    /// Processes that hold a mount namespace with a disk.
    disks: Vec<Child>,
}

impl Drop for Machines {
    fn drop(&mut self) {
        for machine in self.names.values() {
            let folder = self.path("machines").join(machine);
            if panicking()
                && let Ok(log) = fs::read(folder.join("state/log"))
            {
                show(machine, &String::from_utf8_lossy(&log));
            }
            if let Ok(pid) = fs::read_to_string(folder.join("state/pid")) {
                let _ =
                    Command::new("kill").args(["-KILL", pid.trim()]).stderr(Stdio::null()).status();
            }
        }
        for disk in &mut self.disks {
            let _ = disk.kill().and_then(|()| disk.wait());
        }
    }
}

impl Machines {
    pub(super) fn new(folder: &Path) -> Self {
        for name in ["machines", "nodes", "roots", "programs"] {
            fs::create_dir_all(folder.join(name)).expect("a folder");
        }
        fs::write(folder.join("hosts"), "127.0.0.1 localhost\n").expect("a file");
        Self { folder: folder.to_owned(), names: BTreeMap::new(), disks: Vec::new() }
    }

    /// A member has a machine: the one that it has had, or that at this address, or a new one with this
    /// release.
    pub(super) fn of_member(&mut self, name: &str, address: Ipv4Addr, release: &str) {
        if self.names.contains_key(name) {
            return;
        }
        if let Ok(machine) = fs::read_link(self.at(address)) {
            let machine = machine.to_str().expect("text").to_owned();
            self.names.insert(name.to_owned(), machine);
            return;
        }
        let machine = format!("of-{name}");
        self.names.insert(name.to_owned(), machine.clone());
        self.make(&machine, release);
        symlink(&machine, self.at(address)).expect("a link");
    }

    /// The command that installs another release on a member's machine.
    pub(super) fn installs(&self, name: &str, version: &str) -> String {
        let of_line = |release: &&&str| release.starts_with(&format!("{version}."));
        let release = RELEASES.iter().rev().find(of_line).map_or(version, |release| *release);
        let programs = self.path("programs").join(&self.names[name]);
        installs(&programs, release)
    }

    /// The command that gives an address to a member's machine, whosever it was.
    pub(super) fn gives(&self, name: &str, address: &str) -> String {
        let link = self.path("machines").join(address);
        format!("ln -sfn {} {}", self.names[name], link.display())
    }

    /// The folder of a member's machine.
    pub(super) fn folder(&self, name: &str) -> PathBuf {
        self.path("machines").join(&self.names[name])
    }

    /// The process of a member's etcd.
    pub(super) fn process(&self, name: &str) -> Option<PathBuf> {
        let pid = fs::read_to_string(self.folder(name).join("state/pid")).ok()?;
        Some(Path::new("/proc").join(pid.trim())).filter(|process| process.exists())
    }

    /// Has `/data` of a member's machine on a disk of that size, which goes with this: in a mount namespace that
    /// all of the machine's processes enter from now on.
    pub(super) fn on_small_disk(&mut self, name: &str, size: &str) {
        assert!(is_root(), "only root mounts a disk that outlives a process: run this by `sudo`");
        let (machine, data) = (self.names[name].clone(), self.folder(name).join("data"));
        let script = "cp -a . ../data.copy; mount -t tmpfs -o size=$0 tmpfs . && cd \"$PWD\" &&
            cp -a ../data.copy/. . && touch ../disk && exec sleep infinity";
        let mut holder = Command::new("setpriv");
        holder.args(["--pdeathsig", "KILL", "unshare", "--mount", "sh", "-euc", script, size]);
        let holder = holder.current_dir(&data).spawn().expect("setpriv runs");
        let (id, ready) = (holder.id(), data.with_file_name("disk"));
        self.disks.push(holder);
        while !ready.exists() {
            sleep(Duration::from_millis(20));
        }
        let node = self.path("nodes").join(&machine);
        let inside = node.with_extension("inside");
        fs::rename(&node, &inside).expect("a script");
        let enter = format!("#!/bin/sh\nexec nsenter --mount --target {id} {}\n", inside.display());
        script_at(&node, &enter);
    }

    fn make(&self, machine: &str, release: &str) {
        let folder = self.path("machines").join(machine);
        let programs = self.path("programs").join(machine);
        fs::create_dir(&programs).expect("a folder");
        let status = Command::new("sh").args(["-euc", &installs(&programs, release)]).status();
        assert!(status.expect("a shell").success());
        script_at(&programs.join("systemctl"), SYSTEMCTL);
        script_at(&programs.join("journalctl"), JOURNALCTL);
        if !is_root() {
            script_at(&programs.join("install"), INSTALL);
        }
        let mut node = Node::new(&self.path("roots").join(machine), &self.path("hosts"), &programs);
        for path in FOLDERS {
            let own = folder.join(path.trim_start_matches('/'));
            fs::create_dir_all(&own).expect("a folder");
            node = node.sharing(own, path);
        }
        let command = node.sh("exec sh -c \"$COMMAND\"");
        let words = std::iter::once(command.get_program()).chain(command.get_args());
        let words: Vec<_> =
            words.map(|word| shell_word(word.to_str().expect("text")).into_owned()).collect();
        let path = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
        let script = format!(
            "#!/bin/sh\nexec env -i PATH={path} COMMAND=\"$COMMAND\" {}\n",
            words.join(" ")
        );
        script_at(&self.path("nodes").join(machine), &script);
    }

    fn at(&self, address: Ipv4Addr) -> PathBuf {
        self.path("machines").join(address.to_string())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// The programs of a release; that of 3.4 has no etcdutl.
fn installs(programs: &Path, release: &str) -> String {
    let from = etcd(release);
    let links = ["etcd", "etcdctl", "etcdutl"].map(|program| {
        let (from, to) = (from.join(program), programs.join(program));
        if from.exists() {
            format!("ln -sfn {} {}", from.display(), to.display())
        } else {
            format!("rm -f {}", to.display())
        }
    });
    links.join("; ")
}

pub(super) fn script_at(path: &Path, text: &str) {
    fs::write(path, text).expect("a file");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("a mode");
}
