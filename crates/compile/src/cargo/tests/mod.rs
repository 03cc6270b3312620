//! Tests on a real file system.
#![expect(clippy::disallowed_methods, reason = "these tests look at files from outside")]

mod commit;

use super::{Failure, Out, Report};
use crate::output::Output;
use crate::secret::Secret;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A folder of its own for a test, and `out` in it.
struct Place {
    _folder: tempfile::TempDir,
    out: PathBuf,
}

fn place() -> Place {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let out = folder.path().join("out");
    Place { _folder: folder, out }
}

/// A build as a whole: lock, heal, commit.
fn build(out: &Path, output: &Output) -> Result<Report, Failure> {
    Out::open(out, |_| {})?.commit(output, SystemTime::now())
}

/// What a cluster of these members and clients wants; `issue` makes every certificate's content.
fn cluster(members: &[&str], clients: &[&str], issue: &str) -> Output {
    let mut output = Output::new();
    output.file("cluster.rs", "pub static CLUSTER: () = ();\n");
    pair(&mut output, "pki/ca", issue);
    for name in members {
        output.script(&format!("members/{name}/etcd.sh"), format!("exec etcd --name {name}\n"));
        output.file(&format!("members/{name}/etcd.env"), format!("ETCD_NAME={name}\n"));
        output.file(&format!("members/{name}/certs/ca.crt"), format!("pki/ca {issue}"));
        pair(&mut output, &format!("members/{name}/certs/server"), issue);
        pair(&mut output, &format!("members/{name}/certs/peer"), issue);
    }
    for name in clients {
        output.file(&format!("clients/{name}/ca.crt"), format!("pki/ca {issue}"));
        pair(&mut output, &format!("clients/{name}/client"), issue);
    }
    output
}

/// A certificate and a key that belong together: they name the same issue.
fn pair(output: &mut Output, place: &str, issue: &str) {
    output.file(&format!("{place}.crt"), format!("{place} {issue}"));
    output.key(&format!("{place}.key"), Secret::from(format!("KEY {place} {issue}")));
}

/// Everything below a folder: type and permissions, inode, time of the last change, content.
fn state(folder: &Path) -> BTreeMap<PathBuf, (u32, u64, SystemTime, Vec<u8>)> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let facts = path.symlink_metadata().unwrap();
        let content = if facts.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
        let known = (facts.mode(), facts.ino(), facts.modified().unwrap(), content);
        if facts.is_dir() {
            all.extend(state(&path));
        }
        all.insert(path, known);
    }
    all
}

/// The paths below a folder, relative to it, hidden files included.
fn listing(folder: &Path) -> Vec<String> {
    let relative = |path: PathBuf| path.strip_prefix(folder).unwrap().display().to_string();
    state(folder).into_keys().map(relative).collect()
}

fn mode(path: impl AsRef<Path>) -> u32 {
    path.as_ref().symlink_metadata().unwrap().mode() & 0o7777
}
