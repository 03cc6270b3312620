//! A package of another name: what is written for it calls its program by that.

#![expect(clippy::disallowed_methods, reason = "a test builds in a folder of its own, now")]

use bouquet_build::{Asked, Job, build};
use bouquet_model::Cluster;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use tempfile::TempDir;

/// Every format, and every program that clients are.
const SPEC: &str = "
[cluster]
token = 'berlin'
etcd = '3.5.33'
formats = ['command', 'env', 'yaml', 'systemd', 'static-pod', 'quadlet', 'compose', 'cloud-init']
[[member]]
name = 'pink'
ip = '10.0.0.1'
[[client]]
name = 'root'
";

/// Builds that spec in a package of some name.
fn built(program: &str) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let clients = bouquet_model::program::PROGRAMS.iter().map(|program| program.name);
    let client = |name| format!("[[client]]\nname = 'a-{name}'\nfor = '{name}'\n");
    let spec = SPEC.to_owned() + &clients.map(client).collect::<String>();
    fs::write(path("cluster.toml"), spec).expect("a file");
    let built = build(Job {
        spec: &path("cluster.toml"),
        out: &path("out"),
        constants: &path("cluster.rs"),
        program,
        started: SystemTime::now(),
        asked: Asked::default(),
    });
    assert!(built.report.is_some(), "{:?}", built.found);
    folder
}

/// Returns every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn all_that_is_written_calls_the_program_as_its_package() {
    let folder = built("flowers");
    let mut called = Vec::new();
    for path in files(folder.path()) {
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        // The names of metrics and of crates are the same everywhere.
        let text = text.replace("bouquet_", "");
        assert!(!text.contains(Cluster::PROGRAM), "{}:\n{text}", path.display());
        if text.contains("flowers") {
            called.push(path.strip_prefix(folder.path()).unwrap().display().to_string());
        }
    }
    called.sort();
    assert_eq!(
        called,
        [
            "cluster.rs",
            "out/clients/a-prometheus/etcd.rules.yml",
            "out/clients/root/etcd-snapshot.service",
            "out/cluster.rs",
            "out/index.html",
        ]
    );
    let unit = fs::read_to_string(folder.path().join("out/clients/root/etcd-snapshot.service"));
    let unit = unit.unwrap();
    assert!(unit.contains("\nExecStart=/usr/local/bin/flowers snapshot "), "{unit}");
}
