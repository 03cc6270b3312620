//! A cluster's folder to do harm to: `cluster.toml`, `out/`, and what cargo would keep elsewhere.

use super::programs::compile_step;
use super::recorded::record;
use super::snapshot::{difference, snapshot};
use bouquet_build::diagnostic::{Source, Style};
use bouquet_build::{Asked, Built, Job, build};
use bouquet_lock::{Lock, Recorded};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::SystemTime;
use tempfile::TempDir;

/// Three members and a client.
pub(crate) const SPEC: &str = r#"
[cluster]
token = "faults"
etcd = "3.5.30"

[etcd]
data-dir = "/data/etcd"

[[member]]
name = "pink"
ip = "10.0.0.1"

[[member]]
name = "orange"
ip = "10.0.0.2"

[[member]]
name = "camellia"
ip = "10.0.0.3"

[[client]]
name = "root"
"#;

/// The same with further clients: more to issue, and nothing else to change.
pub(crate) fn with_clients(count: usize) -> String {
    let client = |n| format!("[[client]]\nname = \"client-{n}\"\n");
    SPEC.to_owned() + &(0..count).map(client).collect::<String>()
}

/// A folder that is gone when the test is.
pub(crate) struct Cluster {
    pub(crate) folder: TempDir,
}

impl Cluster {
    /// A spec, and nothing built yet.
    pub(crate) fn new(spec: impl AsRef<[u8]>) -> Self {
        let cluster = Self { folder: TempDir::new().unwrap() };
        fs::create_dir(cluster.path("target")).unwrap();
        cluster.write(spec);
        cluster
    }

    /// A spec that has been built.
    pub(crate) fn built(spec: impl AsRef<[u8]>) -> Self {
        let cluster = Self::new(spec);
        cluster.succeeds();
        cluster
    }

    /// A path in the folder.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Puts another spec in the place of this one.
    pub(crate) fn write(&self, spec: impl AsRef<[u8]>) {
        fs::write(self.path("cluster.toml"), spec).unwrap();
    }

    /// A build in this process.
    pub(crate) fn build(&self) -> Built {
        self.build_as(Asked::default(), SystemTime::now())
    }

    /// The same as the environment asks for it, at another time.
    pub(crate) fn build_as(&self, asked: Asked, started: SystemTime) -> Built {
        build(Job {
            spec: &self.path("cluster.toml"),
            out: &self.path("out"),
            constants: &self.path("target/cluster.rs"),
            program: bouquet_model::Cluster::PROGRAM,
            started,
            asked,
        })
    }

    /// The text of a file in the folder.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// `cluster.lock`, of which `out/` has the same copy.
    pub(crate) fn lock(&self) -> String {
        let lock = self.read("cluster.lock");
        assert_eq!(lock, self.read("out/pki/cluster.lock"), "the copy is another");
        lock
    }

    /// Records that what was built is on the machines, as `bouquet done` does.
    pub(crate) fn record(&self) {
        // The copy is the same.
        self.lock();
        record(self.folder.path());
    }

    /// Changes what is recorded, by hand.
    pub(crate) fn recorded(&self, change: impl FnOnce(&mut Recorded)) {
        self.locked(|lock| change(&mut lock.recorded));
    }

    /// Changes the lock, as `bouquet done` would.
    pub(crate) fn locked(&self, change: impl FnOnce(&mut Lock)) {
        let mut lock = bouquet_lock::read(self.lock().as_bytes()).expect("a lock");
        change(&mut lock);
        for file in ["cluster.lock", "out/pki/cluster.lock"] {
            fs::write(self.path(file), lock.text()).unwrap();
        }
    }

    /// A build that must succeed, and what it says.
    pub(crate) fn succeeds(&self) -> String {
        let built = self.build();
        let said = said(&built);
        assert!(built.report.is_some(), "{said}");
        said
    }

    /// A build that must fail and leave `out/` as it is, and what it says.
    pub(crate) fn fails(&self) -> String {
        let before = snapshot(&self.path("out"));
        let built = self.build();
        let said = said(&built);
        assert!(built.report.is_none() && built.found.has_errors(), "it succeeds: {said}");
        let changed = difference(&before, &snapshot(&self.path("out")));
        assert!(changed.is_empty(), "out/ is not as before: {changed:?}\n{said}");
        said
    }

    /// The command of a build as cargo would start it.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(compile_step());
        command
            .args(["cluster.toml", "out"])
            .current_dir(self.folder.path())
            .env("OUT_DIR", self.path("target"));
        command
    }

    /// A build as a process of its own.
    pub(crate) fn process(&self) -> Output {
        self.command().output().unwrap()
    }

    /// The file of the CA's certificate.
    pub(crate) fn ca(&self) -> Option<Vec<u8>> {
        fs::read(self.path("out/pki/ca.crt")).ok()
    }
}

/// All that a build says.
pub(crate) fn said(built: &Built) -> String {
    built.found.render(Source::new("cluster.toml", &built.source), Style::Plain)
}

/// All that a process says.
pub(crate) fn all(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}
