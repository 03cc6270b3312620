//! Tests on a real file system.
#![expect(clippy::disallowed_methods, reason = "these tests look at files from outside")]

mod child;
mod claim;
mod commit;
mod crash;
mod extra;
mod former;
mod limits;
mod links;
mod log;
mod owner;
mod prune;
mod race;
mod watch;

use super::{Hold, Out, Output, Report};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::Secret;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A folder of its own for a test, and `out` in it.
struct Place {
    folder: tempfile::TempDir,
    out: PathBuf,
}

fn place() -> Place {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    fs::create_dir(folder.path().join("beside")).unwrap();
    let out = folder.path().join("out");
    Place { folder, out }
}

/// Returns the file outside `out` that can be part of a build of it, in a folder that a test may
/// mount on.
fn beside(out: &Path) -> PathBuf {
    let name = out.file_name().unwrap().to_str().unwrap();
    out.with_file_name("beside").join(format!("{name}.lock"))
}

/// Locks the folder that `out` lies in.
fn hold(out: &Path) -> Hold {
    Hold::take(out.parent().unwrap(), |_| {}).unwrap()
}

/// Builds as a whole: locks, recovers, commits.
fn build(out: &Path, output: &Output) -> Result<Report, Diagnostic> {
    Out::open(out, &[&beside(out)], hold(out))?.commit(output, SystemTime::now())
}

/// Returns what a cluster of these members and clients wants; `issue` makes every certificate's
/// content.
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

/// Adds a certificate and a key that belong together: they name the same issue.
fn pair(output: &mut Output, place: &str, issue: &str) {
    output.file(&format!("{place}.crt"), format!("{place} {issue}"));
    output.key(&format!("{place}.key"), Secret::from(format!("KEY {place} {issue}")));
}

/// What is at a path: type and permissions, inode, time of the last change, content.
type Known = (u32, u64, SystemTime, Vec<u8>);

/// Returns everything below a folder, by its path relative to it, hidden files included.
fn state(folder: &Path) -> BTreeMap<String, Known> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let facts = path.symlink_metadata().unwrap();
        let content = if facts.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
        if facts.is_dir() {
            all.extend(
                state(&path).into_iter().map(|(below, known)| (format!("{name}/{below}"), known)),
            );
        }
        all.insert(name, (facts.mode(), facts.ino(), facts.modified().unwrap(), content));
    }
    all
}

/// Returns the paths below a folder.
fn listing(folder: &Path) -> Vec<String> {
    state(folder).into_keys().collect()
}

/// Returns the files below a folder with what they hold.
fn contents(folder: &Path) -> BTreeMap<String, String> {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let files = state(folder).into_iter().filter(|(_, known)| known.0 & 0o170_000 == 0o100_000);
    files.map(|(path, known)| (path, text(known.3))).collect()
}

/// Returns what a diagnostic says, without the name of a folder: the message, and what helps.
fn said(diagnostic: &Diagnostic, folder: &Path) -> [String; 2] {
    let shorter = |text: &str| text.replace(&format!("{}/", folder.display()), "");
    [shorter(&diagnostic.message), shorter(&diagnostic.help.join("; "))]
}

fn text(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path).unwrap()
}

fn mode(path: impl AsRef<Path>) -> u32 {
    path.as_ref().symlink_metadata().unwrap().mode() & 0o7777
}

fn set_mode(path: impl AsRef<Path>, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}
