//! A program that is told to try its cluster, and what it leaves behind.

use crate::support::programs::program;
use crate::support::releases::releases;
use crate::support::run::{Said, etcd, run};
use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The longest that anything here takes on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(90);

/// A place for trials: a package, and a folder for temporary files that nobody else has.
pub(super) struct Place {
    pub(super) package: TempDir,
    pub(super) temporary: TempDir,
    spec: Option<String>,
}

impl Place {
    /// That of the program of this repository, in a repository of git.
    pub(super) fn new() -> Self {
        let folder = || tempfile::tempdir().expect("a folder");
        let place = Self { package: folder(), temporary: folder(), spec: None };
        let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("cluster.toml");
        fs::copy(spec, place.package.path().join("cluster.toml")).expect("a spec");
        place
    }

    /// That of a program of another spec.
    pub(super) fn of(spec: &str) -> Self {
        let place = Self { spec: Some(spec.to_owned()), ..Self::new() };
        fs::write(place.package.path().join("cluster.toml"), spec).expect("a spec");
        place
    }

    /// `bouquet try` with further words, and with the etcd of a default run in PATH.
    pub(super) fn try_(&self, words: &[&str]) -> Command {
        self.try_with(&etcd(&releases()[0]), words)
    }

    /// The same with the programs of a folder.
    pub(super) fn try_with(&self, programs: &Path, words: &[&str]) -> Command {
        let mut command = self.command(programs);
        command.arg("try").args(words);
        command
    }

    /// `bouquet`, with the programs of a folder in PATH.
    pub(super) fn command(&self, programs: &Path) -> Command {
        let mut command = match self.spec {
            None => Command::new(env!("CARGO_BIN_EXE_bouquet")),
            Some(_) => Command::new(program()),
        };
        let path = std::env::var("PATH").expect("PATH");
        command
            .current_dir(self.package.path())
            .env("BOUQUET_PACKAGE", self.package.path())
            .env("PATH", format!("{}:{path}", programs.display()))
            .env("TMPDIR", self.temporary.path())
            // etcdctl's own 5 s are too short on a machine that is busy.
            .env("ETCDCTL_COMMAND_TIMEOUT", "60s")
            .env("ETCDCTL_DIAL_TIMEOUT", "30s");
        command
    }

    /// Runs a trial to its end, after which nothing is left.
    pub(super) fn tried(&self, words: &[&str]) -> (Said, Option<i32>) {
        self.ended(&mut self.try_(words))
    }

    /// The same of a trial that was put together before.
    pub(super) fn ended(&self, command: &mut Command) -> (Said, Option<i32>) {
        let before = self.listed();
        let output = command.stdin(Stdio::null()).output().expect("a program");
        self.nothing_is_left();
        assert_eq!(self.listed(), before, "the package is as it was");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let ok = output.status.success();
        let said = Said { ok, stdout: text(&output.stdout), stderr: text(&output.stderr) };
        (said, output.status.code())
    }

    /// Starts a trial in a process group of its own, and waits until it says that it is healthy.
    pub(super) fn started(&self, words: &[&str]) -> Started<'_> {
        let started = self.launched(&mut self.try_(words));
        started.says("is healthy: ");
        started
    }

    /// The same of a trial that env(1) starts, which sets what comes of a signal.
    pub(super) fn under(&self, setting: &str) -> Started<'_> {
        let trial = self.try_(&[]);
        let mut command = Command::new("env");
        command.arg(setting).arg(trial.get_program()).args(trial.get_args());
        let variables = trial.get_envs().filter_map(|(name, value)| Some((name, value?)));
        command.envs(variables).current_dir(self.package.path());
        let started = self.launched(&mut command);
        started.says("is healthy: ");
        started
    }

    /// Starts a trial in a process group of its own.
    pub(super) fn launched(&self, command: &mut Command) -> Started<'_> {
        let said = self.package.path().with_extension("said");
        let file = fs::File::create(&said).expect("a file");
        let errors = file.try_clone().expect("a file");
        let command = command.stdin(Stdio::null()).stdout(file).stderr(errors).process_group(0);
        Started { child: command.spawn().expect("a program"), said, place: self }
    }

    /// The folder of the trial that runs.
    pub(super) fn folder(&self) -> PathBuf {
        let mut entries = fs::read_dir(self.temporary.path()).expect("a folder");
        entries.next().expect("a trial").expect("an entry").path()
    }

    /// All processes that were started for a trial here, with their words.
    pub(super) fn processes(&self) -> Vec<(u32, String)> {
        let folder = self.temporary.path().display().to_string();
        let entries = fs::read_dir("/proc").expect("this test needs /proc").flatten();
        let of = |entry: fs::DirEntry| {
            let process = entry.file_name().to_str()?.parse().ok()?;
            let words = fs::read(entry.path().join("cmdline")).ok()?;
            let words = String::from_utf8_lossy(&words).replace('\0', " ");
            words.contains(&folder).then_some((process, words))
        };
        entries.filter_map(of).collect()
    }

    /// The process of a member.
    pub(super) fn member(&self, name: &str) -> u32 {
        let processes = self.processes();
        let word = format!(" --name={name} ");
        let found = processes.iter().find(|(_, words)| words.contains(&word));
        found.unwrap_or_else(|| panic!("no {name} among {processes:?}")).0
    }

    /// Asserts that neither a process nor a file is left of any trial here.
    pub(super) fn nothing_is_left(&self) {
        assert_eq!(self.processes(), []);
        let left: Vec<_> = fs::read_dir(self.temporary.path()).expect("a folder").collect();
        assert!(left.is_empty(), "{left:?}");
    }

    /// The same, within some seconds.
    pub(super) fn soon_nothing_is_left(&self) {
        self.wait();
        self.nothing_is_left();
    }

    /// Waits for some seconds until nothing is left.
    fn wait(&self) {
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(20) {
            let is_empty = fs::read_dir(self.temporary.path()).expect("a folder").next().is_none();
            if is_empty && self.processes().is_empty() {
                return;
            }
            sleep(Duration::from_millis(50));
        }
    }

    /// All files of the package, with their times.
    fn listed(&self) -> String {
        let mut find = Command::new("find");
        find.args([".", "-printf", "%p %T@ %s\n"]).current_dir(self.package.path());
        run(&mut find).stdout
    }
}

/// A trial that goes on.
pub(super) struct Started<'a> {
    child: Child,
    said: PathBuf,
    place: &'a Place,
}

impl Started<'_> {
    /// What it said so far.
    pub(super) fn said(&self) -> String {
        fs::read_to_string(&self.said).expect("a file")
    }

    /// Waits until it says something.
    pub(super) fn says(&self, words: &str) {
        let begin = Instant::now();
        while !self.said().contains(words) {
            assert!(begin.elapsed() < PATIENCE, "never: {words}\n{}", self.said());
            sleep(Duration::from_millis(20));
        }
    }

    /// Sends a signal to the program alone.
    pub(super) fn signal(&self, signal: &str) {
        kill(signal, &self.child.id().to_string());
    }

    /// Sends a signal to its process group, as a terminal does.
    pub(super) fn signal_group(&self, signal: &str) {
        kill(signal, &format!("-{}", self.child.id()));
    }

    /// Waits for its end; the exit code, and all that it said.
    pub(super) fn ends(mut self) -> (Option<i32>, String) {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return (status.code(), self.said());
            }
            assert!(begin.elapsed() < PATIENCE, "it does not end\n{}", self.said());
            sleep(Duration::from_millis(20));
        }
    }
}

/// A test that fails leaves no trial behind.
impl Drop for Started<'_> {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = self.child.kill();
            let _ = self.child.wait();
            self.place.wait();
        }
        let _ = fs::remove_file(&self.said);
    }
}

/// Sends a signal to a process, or to the group of a negative number.
pub(super) fn kill(signal: &str, process: &str) {
    let mut kill = Command::new("sh");
    kill.args(["-c", &format!("kill -s {signal} -- {process}")]);
    assert!(run(&mut kill).ok, "{process}");
}
