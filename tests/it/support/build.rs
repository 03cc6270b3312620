//! Specs, and what a build makes of them.

use bouquet_build::diagnostic::{Source, Style};
use bouquet_build::{Asked, Job, build};
use bouquet_model::Cluster;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use tempfile::TempDir;

/// The folders in `examples/` that hold a spec and nothing else.
pub(crate) const EXAMPLES: [&str; 7] =
    ["behind-nat", "kubernetes", "one-machine", "plain", "shared", "stateful-set", "two-networks"];

/// The text of an example's spec.
pub(crate) fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    fs::read_to_string(path.join("cluster.toml")).expect(name)
}

/// A cluster and what a build wrote for it.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) cluster: Cluster,
    /// The generated module.
    pub(crate) constants: String,
    out: PathBuf,
    /// A folder that goes with this.
    folder: TempDir,
}

impl Output {
    /// Compiles a spec with what `build.rs` calls.
    pub(crate) fn of(spec: &str) -> Self {
        Self::begun(spec, SystemTime::now())
    }

    /// The same, by another clock.
    pub(crate) fn begun(spec: &str, started: SystemTime) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let out = folder.path().join("out");
        let constants = compiled(spec, folder.path(), started);
        Self { cluster: proven(spec), constants, out, folder }
    }

    /// Compiles another spec of the same cluster, in the same place.
    pub(crate) fn rebuild(&self, spec: &str) {
        compiled(spec, self.folder.path(), SystemTime::now());
    }

    /// What cargo built in a package.
    pub(crate) fn of_package(package: &Path) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let spec = fs::read_to_string(package.join("cluster.toml")).expect("a spec");
        let out = package.join("out");
        let constants = fs::read_to_string(out.join("cluster.rs")).expect("constants");
        Self { cluster: proven(&spec), constants, out, folder }
    }

    /// A path below `out/`.
    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.out.join(below)
    }

    /// A path outside of `out/`, for what a test needs besides.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The text of a file below `out/`.
    pub(crate) fn read(&self, below: &str) -> String {
        fs::read_to_string(self.path(below)).unwrap_or_else(|error| panic!("{below}: {error}"))
    }
}

/// Builds a spec in a folder, which has to be sound; the generated module.
fn compiled(spec: &str, folder: &Path, started: SystemTime) -> String {
    let (ok, said) = build_in(folder, spec, started);
    assert!(ok, "{said}");
    fs::read_to_string(folder.join("cluster.rs")).expect("constants")
}

/// Writes a spec into a folder and builds it there; whether it is built, and what the build says.
pub(crate) fn build_in(folder: &Path, spec: &str, started: SystemTime) -> (bool, String) {
    let path = folder.join("cluster.toml");
    fs::write(&path, spec).expect("a file");
    let built = build(Job {
        spec: &path,
        out: &folder.join("out"),
        constants: &folder.join("cluster.rs"),
        program: Cluster::PROGRAM,
        started,
        asked: Asked::default(),
    });
    let said = built.found.render(Source::new("cluster.toml", &built.source), Style::Plain);
    (built.report.is_some(), said)
}

fn proven(spec: &str) -> Cluster {
    let (proven, _) = bouquet_build::prove(spec.as_bytes());
    proven.expect("what was built is proven").cluster
}
