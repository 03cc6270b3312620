//! A machine with a systemd of its own: a container that boots this machine's `/usr` with an `/etc`,
//! a `/var` and a network of its own, which outlive every boot.

use crate::clock::Clock;
use crate::disk::lay;
use crate::run::{Said, run, stdout};
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long anything is waited for: ten times and more what it takes on two idle cores.
pub const PATIENCE: Duration = Duration::from_secs(60);

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
pub struct Machine {
    name: String,
    root: PathBuf,
    /// Those that it has, and cannot change.
    programs: PathBuf,
    network: PathBuf,
    /// Folders whose `usr` comes on top of this computer's.
    packages: Vec<PathBuf>,
    clock: Option<Clock>,
    /// Whether it was booted by that clock.
    is_clocked: bool,
    /// The container, where it runs.
    container: Option<Child>,
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.cut_power();
    }
}

/// Nothing leaves it but the answer that nobody listens.
const SILENT: &str = "\
add table inet silent
add chain inet silent says { type filter hook output priority 0; }
add rule inet silent says tcp flags & rst != rst drop
";

impl Machine {
    /// A machine that is off, with the programs of a folder in `/usr/local/bin`, beside which others may be put,
    /// in the namespace at the path `network`. `folder` is its own.
    ///
    /// # Panics
    /// If the folder cannot be written.
    pub fn new(folder: &Path, hosts: &str, programs: &Path, network: &Path) -> Self {
        lay(folder, hosts);
        Self::off(folder, programs, network)
    }

    /// Another machine with a copy of this one's disk, in a namespace of its own. Both are off.
    ///
    /// # Panics
    /// If the disk cannot be copied.
    #[must_use]
    pub fn copy(&self, network: &Path) -> Self {
        let root = self.root.with_file_name(network.file_name().expect("a name"));
        stdout(Command::new("cp").arg("-a").arg(&self.root).arg(&root));
        let mut copy = Self::off(&root, &self.programs, network);
        copy.packages.clone_from(&self.packages);
        copy
    }

    /// The machine that has this disk.
    fn off(root: &Path, programs: &Path, network: &Path) -> Self {
        Self {
            name: network.file_name().expect("a name").display().to_string(),
            root: root.to_owned(),
            programs: programs.to_owned(),
            network: network.to_owned(),
            packages: Vec::new(),
            clock: None,
            is_clocked: false,
            container: None,
        }
    }

    /// Gives it what is unpacked in a folder, from its next boot on.
    pub(crate) fn has_packages(&mut self, folder: &Path) {
        self.packages.push(folder.to_owned());
    }

    /// Moves its time of day by so many seconds against this computer's, for every program on it. The first
    /// time counts from its next boot on, further ones at once.
    ///
    /// The monotonic clock, times of files, and timers that are set for a time of day stay as they are.
    pub fn shift_clock(&mut self, seconds: i64) {
        self.clock.get_or_insert_with(|| Clock::new(&self.root)).shift(seconds);
    }

    /// A path of the machine's, as seen from outside.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    /// Switches it on, and waits until its systemd takes orders.
    ///
    /// # Panics
    /// If it does not.
    pub fn boot(&mut self) {
        let _ = run(self.filter().arg("delete table inet silent"));
        self.is_clocked = self.clock.is_some();
        let log = File::create(self.root.with_extension("log")).expect("a log");
        let mut command = Command::new("sh");
        command.args(["-c", ENTER, "enter", &self.name]).args(self.clocked());
        command.args(["systemd-nspawn", "--quiet", "--boot"]);
        // Without a word to this machine's own systemd, where it has one.
        command.args(["--register=no", "--keep-unit", "--console=pipe", "--link-journal=no"]);
        command.args(["--resolv-conf=off", "--timezone=off"]).arg(self.usr());
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
    pub fn run(&self, script: &str) -> Said {
        let init = self.init().unwrap_or_default();
        let mut words = self.clocked();
        words.push("nsenter".into());
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]);
        command
            .args(["--target", &init, "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup"]);
        run(command.args(["--", "sh", "-euc", script]))
    }

    /// Runs a script that has to succeed; its stdout, without the last line's end.
    ///
    /// # Panics
    /// If it fails, with all that it said.
    pub fn sh(&self, script: &str) -> String {
        let Said { ok, stdout, stderr } = self.run(script);
        assert!(ok, "{}: {script}\n{stdout}\n{stderr}\n{}", self.name, self.journal());
        stdout.trim_end().to_owned()
    }

    /// Waits until a script succeeds; how long it took.
    ///
    /// # Panics
    /// If it does not within [`PATIENCE`], or the machine goes down.
    pub fn wait_for(&mut self, script: &str) -> Duration {
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
    pub fn journal(&self) -> String {
        self.run("exec journalctl --boot --unit='etcd*' --output=cat --no-pager").stdout
    }

    /// Shuts it down as someone at its keyboard would, and switches it on again.
    ///
    /// # Panics
    /// If it does not go down, or come up.
    pub fn reboot(&mut self) {
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

    /// Ends everything on it at once. Its address goes on answering that nobody listens, until its cable is
    /// pulled too.
    pub fn cut_power(&mut self) {
        let init = self.init();
        let Some(mut container) = self.container.take() else { return };
        // The kernel outlives it, and would go on sending what its programs have written.
        stdout(self.filter().arg(SILENT));
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

    /// What is sent from it is filtered by these rules.
    fn filter(&self) -> Command {
        let mut command = Command::new("nsenter");
        command.arg(format!("--net={}", self.network.display())).arg("nft");
        command
    }

    /// The beginning of a command that goes by this machine's clock.
    fn clocked(&self) -> Vec<PathBuf> {
        let clock = self.clock.as_ref().filter(|_| self.is_clocked);
        clock.map(Clock::command).unwrap_or_default()
    }

    /// How the container comes by its `/usr`.
    fn usr(&self) -> OsString {
        if self.packages.is_empty() {
            return "--bind-ro=/usr".into();
        }
        let mut option = OsString::from("--overlay-ro=/usr");
        for folder in &self.packages {
            option.push(":");
            option.push(folder.join("usr"));
        }
        option.push(":/usr");
        option
    }

    /// The ID, out here, of the container's first process.
    pub fn init(&self) -> Option<String> {
        // A clock has the container's keeper as its child.
        let above = 1 + usize::from(self.is_clocked);
        let parent = self.container.as_ref()?.id().to_string();
        (0..above).try_fold(parent, |parent, _| {
            let children = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children"));
            Some(children.ok()?.split_whitespace().next()?.to_owned())
        })
    }
}
