//! A machine with a systemd of its own: a container that boots this machine's `/usr` with an `/etc`,
//! a `/var` and a network of its own, which outlive every boot.

use crate::support::run::{Said, run};
use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Ten times and more what anything takes here on two idle cores.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// Enters a cgroup of the machine's own, in which its systemd makes others, then becomes the
/// container. In order: the cgroup's name, the command.
const ENTER: &str = r#"
set -eu
name=$1
shift
command -v "$1" >/dev/null || { echo "no $1: run \`cargo xtask tools\`"; exit 1; }
for tree in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
    [ -e "$tree/cgroup.procs" ] || continue
    mkdir -p "$tree/$name"
    echo $$ >"$tree/$name/cgroup.procs"
done
exec "$@"
"#;

/// Removes the cgroups again, where nothing is left in them.
const LEAVE: &str = r#"
for tree in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
    [ ! -d "$tree/$1" ] || find "$tree/$1" -depth -type d -exec rmdir {} \;
done
"#;

/// A machine, on or off. One that is dropped loses its power.
pub(super) struct Machine {
    name: String,
    root: PathBuf,
    /// Those that it has, and cannot change.
    programs: PathBuf,
    network: PathBuf,
    /// The container, where it runs.
    container: Option<Child>,
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.cut_power();
    }
}

impl Machine {
    /// A machine that is off, with the programs of a folder in `/usr/local/bin`, beside which others may be put,
    /// in the namespace at the path `network`. `folder` is its own.
    pub(super) fn new(folder: &Path, hosts: &str, programs: &Path, network: &Path) -> Self {
        let name = network.file_name().expect("a name").display().to_string();
        lay(folder, hosts);
        let (root, programs) = (folder.to_owned(), programs.to_owned());
        Self { name, root, programs, network: network.to_owned(), container: None }
    }

    /// A path of the machine's, as seen from outside.
    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    /// Switches it on, and waits until its systemd takes orders.
    pub(super) fn boot(&mut self) {
        let log = File::create(self.root.with_extension("log")).expect("a log");
        let mut command = Command::new("sh");
        command.args(["-c", ENTER, "enter", &self.name, "systemd-nspawn", "--quiet", "--boot"]);
        // Without a word to this machine's own systemd, where it has one.
        command.args(["--register=no", "--keep-unit", "--console=pipe", "--link-journal=no"]);
        command.args(["--resolv-conf=off", "--timezone=off", "--bind-ro=/usr"]);
        // What a machine's systemd may do for `memory-mlock`, and a container's may not.
        command.arg("--capability=CAP_IPC_LOCK");
        let own = self.root.with_extension("programs");
        fs::create_dir_all(&own).expect("a folder");
        command.arg(format!("--bind={}:/usr/local/bin", own.display()));
        for program in fs::read_dir(&self.programs).expect("programs") {
            let program = program.expect("a program");
            let name = program.file_name();
            let (from, name) = (program.path(), name.display());
            command.arg(format!("--bind-ro={}:/usr/local/bin/{name}", from.display()));
        }
        command.arg(format!("--network-namespace-path={}", self.network.display()));
        command.arg(format!("--machine={}", self.name)).arg("--directory").arg(&self.root);
        command.stdin(Stdio::null()).stdout(log.try_clone().expect("a log")).stderr(log);
        self.container = Some(command.spawn().expect("sh runs"));
        self.wait_for("systemctl is-active basic.target");
    }

    /// Runs a script as root on it.
    pub(super) fn run(&self, script: &str) -> Said {
        let init = self.init().unwrap_or_default();
        let mut command = Command::new("nsenter");
        command
            .args(["--target", &init, "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup"]);
        run(command.args(["--", "sh", "-euc", script]))
    }

    /// Runs a script that has to succeed; its stdout, without the last line's end.
    pub(super) fn sh(&self, script: &str) -> String {
        let Said { ok, stdout, stderr } = self.run(script);
        assert!(ok, "{}: {script}\n{stdout}\n{stderr}\n{}", self.name, self.journal());
        stdout.trim_end().to_owned()
    }

    /// Waits until a script succeeds; how long it took.
    pub(super) fn wait_for(&mut self, script: &str) -> Duration {
        let start = Instant::now();
        while !self.run(script).ok {
            let container = self.container.as_mut().expect("it is on");
            let ended = container.try_wait().expect("a child");
            if ended.is_some() || start.elapsed() > PATIENCE {
                let said = fs::read_to_string(self.root.with_extension("log")).expect("a log");
                panic!("{}: {script}\n{}\n{ended:?}\n{said}", self.name, self.journal());
            }
            sleep(Duration::from_millis(50));
        }
        start.elapsed()
    }

    /// What its systemd says of the units of etcd, and what they say, since the machine was
    /// switched on.
    pub(super) fn journal(&self) -> String {
        self.run("exec journalctl --boot --unit='etcd*' --output=cat --no-pager").stdout
    }

    /// Shuts it down as someone at its keyboard would, and switches it on again.
    pub(super) fn reboot(&mut self) {
        // The order's own connection may go down before its answer comes.
        let _ = self.run("systemctl reboot");
        let deadline = Instant::now() + PATIENCE;
        let container = self.container.as_mut().expect("it is on");
        while container.try_wait().expect("a child").is_none() {
            assert!(Instant::now() < deadline, "{} does not go down", self.name);
            sleep(Duration::from_millis(20));
        }
        self.boot();
    }

    /// Ends everything on it at once.
    pub(super) fn cut_power(&mut self) {
        let init = self.init();
        let Some(mut container) = self.container.take() else { return };
        // The kernel ends all that the container's first process started along with it; the
        // container's keeper then tidies up and ends. Killed itself, it would do neither.
        let _ = match init {
            Some(init) => Command::new("kill").args(["-KILL", &init]).status().map(drop),
            None => container.kill(),
        };
        let deadline = Instant::now() + PATIENCE;
        while container.try_wait().is_ok_and(|ended| ended.is_none()) {
            if Instant::now() > deadline {
                let _ = container.kill();
            }
            sleep(Duration::from_millis(10));
        }
        let _ = run(Command::new("sh").args(["-c", LEAVE, "leave", &self.name]));
    }

    /// The ID, out here, of the container's first process.
    pub(super) fn init(&self) -> Option<String> {
        let keeper = self.container.as_ref()?.id();
        let children = fs::read_to_string(format!("/proc/{keeper}/task/{keeper}/children")).ok()?;
        Some(children.split_whitespace().next()?.to_owned())
    }
}

/// All that a systemd needs to find besides `/usr`. Without accounts but root's, and without
/// `/etc/login.defs`, so that programs do as they were built.
fn lay(root: &Path, hosts: &str) {
    for folder in ["etc/systemd/system", "usr", "root", "var", "run", "tmp", "proc", "sys", "dev"] {
        fs::create_dir_all(root.join(folder)).expect("a folder");
    }
    for link in ["bin", "sbin", "lib", "lib32", "lib64"] {
        if let Ok(target) = fs::read_link(Path::new("/").join(link)) {
            symlink(target, root.join(link)).expect("a link");
        }
    }
    let write = |path: &str, text: &str| fs::write(root.join(path), text).expect("a file");
    write("etc/os-release", "ID=node\n");
    // With an ID, or systemd would take it for a first boot, and enable all there is in /usr.
    write("etc/machine-id", "b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0\n");
    write("etc/passwd", "root:x:0:0::/root:/bin/sh\n");
    write("etc/group", "root:x:0:\n");
    write("etc/nsswitch.conf", "hosts: files\npasswd: files\ngroup: files\n");
    write("etc/hosts", hosts);
}
