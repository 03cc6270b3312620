//! Imports in a process of their own, so that they can be killed.

use super::cluster::{BUILT, Cluster};
use crate::package::Package;
use crate::secrets::file::Files;
use crate::secrets::place::Part;
use crate::secrets::{Done, Import, folder, import, tar};
use bouquet_lock::NAME;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_outdir::{Hold, Out, Output, fault};
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const PACKAGE: &str = "BOUQUET_TEST_PACKAGE";

/// The file of the stream, in the folder of the package.
pub(super) const STREAM: &str = "stream";

/// Makes a package with the lock of a cluster, a stream of its files, and an `out/` of these, if
/// there are any.
pub(super) fn package(folder: &Path, cluster: &Cluster, here: &Files) {
    fs::write(folder.join("cluster.toml"), "").unwrap();
    fs::write(folder.join(NAME), cluster.lock.text()).unwrap();
    let long_ago = UNIX_EPOCH + Duration::from_secs(BUILT.unsigned_abs() / 2);
    fs::File::open(folder.join(NAME)).unwrap().set_modified(long_ago).unwrap();
    fs::write(folder.join(STREAM), stream(&cluster.files)).unwrap();
    if here.is_empty() {
        return;
    }
    let out = open(folder);
    let mut output = Output::new();
    output.file("README.md", "as a build left it");
    output.defined_by("0123456789abcdef");
    for (place, parts) in here {
        for (part, content) in parts {
            let path = place.path(*part);
            match part {
                Part::Key => output.key(&path, content.clone()),
                _ => output.file(&path, content.expose()),
            }
        }
    }
    out.commit(&output, SystemTime::now()).unwrap();
}

pub(super) fn open(folder: &Path) -> Out {
    let hold = Hold::take(folder, |_| {}).unwrap();
    Out::open(&folder.join("out"), &[&folder.join(NAME)], hold).unwrap()
}

pub(super) fn stream(files: &Files) -> Vec<u8> {
    let mut all = Vec::new();
    for (place, parts) in files {
        all.extend(parts.iter().map(|(part, c)| (place.path(*part), c.expose(), 0o600)));
    }
    tar::write(&all).unwrap().expose().to_vec()
}

/// Returns everything of keys in `out/`.
pub(super) fn here(folder: &Path) -> Files {
    folder::read_all(&folder.join("out")).unwrap().0
}

pub(super) fn bring(folder: &Path, replace: bool) -> Result<Done, Diagnostic> {
    let work = Import {
        package: Package { folder: folder.to_owned(), out: folder.join("out") },
        file: Some(folder.join(STREAM)),
        replace,
        compiled: Vec::new(),
        program: "bouquet".to_owned(),
    };
    let now = UNIX_EPOCH + Duration::from_secs(BUILT.unsigned_abs() + 60);
    import(&work, now, &|_| {})
}

/// Runs the test binary itself, told to do nothing but import, under that umask.
pub(super) fn child(folder: &Path, umask: &str, fault: Option<u64>) -> ExitStatus {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("umask {umask}\nexec \"$@\""), "sh"]);
    command.arg(std::env::current_exe().unwrap());
    command.args(["--exact", "--test-threads=1", "secrets::tests::child::imports_if_asked"]);
    command.env(PACKAGE, folder).stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(at) = fault {
        command.env(fault::VARIABLE, format!("die:{at}"));
    }
    command.status().unwrap()
}

/// Not a test of its own: the other process.
#[test]
#[expect(clippy::disallowed_methods, reason = "the parent process says what to do")]
fn imports_if_asked() {
    let Ok(folder) = std::env::var(PACKAGE) else { return };
    assert!(bring(Path::new(&folder), true).is_ok());
}

/// Kills an import at each of its operations: what the next one finds is all of it or nothing.
pub(super) fn killed_anywhere(cluster: &Cluster, before: &Files) {
    const SIGABRT: i32 = 6;
    let mut after = before.clone();
    after.extend(cluster.files.clone());
    let (mut none, mut all) = (0, 0);
    for at in 1.. {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        package(folder, cluster, before);
        let status = child(folder, "022", Some(at));
        let killed = status.signal() == Some(SIGABRT);
        assert!(killed || status.success(), "{status}");
        // As the next build does, whatever it wants.
        drop(open(folder));
        let found = here(folder);
        assert!(found == after || (killed && found == *before), "killed at {at}");
        none += usize::from(found == *before);
        all += usize::from(found == after);
        if found != after {
            bring(folder, true).unwrap();
        }
        assert_eq!(here(folder), after, "killed at {at}");
        if !killed {
            break;
        }
    }
    assert!(none > 10 && all > 5, "{none} {all}");
}
