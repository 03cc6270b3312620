//! Builds that are killed at one operation after another, by the kernel: the next one completes them.

use super::lock::between;
use crate::support::cluster::{Cluster, SPEC, all, with_clients};
use crate::support::operations::{changes, strace};
use crate::support::programs::{compile_step, shell, verify};
use crate::support::scope::cases;
use crate::support::snapshot::{difference, files, snapshot};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::Output;

#[test]
fn first_build_that_is_killed_makes_one_ca() {
    let cluster = Cluster::new(SPEC);
    hold(&cluster);
}

#[test]
fn build_that_issues_and_replaces_is_completed() {
    let cluster = Cluster::built(SPEC);
    // One certificate is new, two are replaced, one is removed, and artifacts change.
    let spec = SPEC.replace("10.0.0.3", "10.0.0.7").replace("name = \"root\"", "name = \"rose\"");
    cluster.write(spec);
    hold(&cluster);
}

#[test]
fn build_that_puts_a_lock_back_is_completed() {
    let cluster = Cluster::built(SPEC);
    fs::remove_file(cluster.path("cluster.lock")).unwrap();
    cluster.write(format!("{SPEC}\n[[client]]\nname = \"tulip\"\n"));
    hold(&cluster);
}

#[test]
fn build_that_makes_a_second_ca_makes_one() {
    let cluster = Cluster::built(SPEC);
    cluster.write(format!("{SPEC}\n[ca]\ntrust = [1, 2]\n"));
    hold(&cluster);
}

#[test]
fn build_that_issues_to_further_clients_is_completed() {
    let cluster = Cluster::built(SPEC);
    cluster.write(with_clients(6));
    hold(&cluster);
}

/// Between the kill and the next build someone pulls: what a colleague issued stays in the lock.
#[test]
fn build_that_was_killed_before_a_pull_is_completed_without_loss() {
    let cluster = Cluster::built(SPEC);
    let earlier = cluster.lock();
    cluster.write(format!("{SPEC}\n[[client]]\nname = \"tulip\"\n"));
    cluster.succeeds();
    let later = cluster.lock();
    let tulip = later.lines().find(|line| line.contains("tulip")).expect("a line");
    // As a kill leaves it right before the last step.
    fs::write(cluster.path("cluster.lock"), &earlier).unwrap();
    fs::write(cluster.path(".bouquet-tmp.cluster.lock"), &later).unwrap();
    let manifest = cluster.read("out/manifest");
    let mark = "# unfinished: a build is putting these into place\n";
    fs::write(cluster.path("out/manifest"), format!("{mark}{manifest}")).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(20));
    let serial = "5e".repeat(16);
    let theirs = tulip
        .replace("tulip", "rose")
        .replace(between(tulip, "serial = \"", "\""), &serial)
        .replace(between(tulip, "sha256 = \"", "\""), &"7".repeat(64));
    let pulled = earlier.replace("certificates = [\n", &format!("certificates = [\n{theirs}\n"));
    fs::write(cluster.path("cluster.lock"), pulled).unwrap();
    let said = cluster.succeeds();
    assert!(said.contains("cluster.lock` lacked a certificate: put back on"), "{said}");
    let lock = cluster.lock();
    assert!(lock.contains(&serial) && lock.contains(tulip), "{lock}");
    assert!(!cluster.path(".bouquet-tmp.cluster.lock").exists());
}

/// Kills a build of this folder at one operation after another, each time from the same state.
fn hold(cluster: &Cluster) {
    let template = tempfile::tempdir().unwrap();
    copy(cluster.folder.path(), template.path());
    let trace = tempfile::tempdir().unwrap();
    let trace = trace.path().join("trace");
    let output = traced(cluster, &["-o", &trace.display().to_string()]);
    assert!(output.status.success(), "{}", all(&output));
    let changes = changes(&fs::read_to_string(&trace).unwrap());
    assert!(changes.len() > 40, "{changes:?}");
    let stride = cases(u32::try_from(changes.len()).unwrap() / 12, 1);
    let mut killed = 0;
    for (operation, number) in changes.iter().step_by(usize::try_from(stride).unwrap()) {
        copy(template.path(), cluster.folder.path());
        let before = State::of(cluster);
        let inject = format!("inject={operation}:signal=KILL:when={number}");
        let output = traced(cluster, &["-e", &inject, "-o", "/dev/null"]);
        killed += usize::from(output.status.signal() == Some(9));
        completed(cluster, &before, &format!("{operation} {number}"));
    }
    assert!(killed * 10 > changes.len() / usize::try_from(stride).unwrap() * 9, "{killed}");
}

/// Holds the build after one that was killed to it that it succeeds, and loses nothing.
fn completed(cluster: &Cluster, before: &State, at: &str) {
    let after_kill = State::of(cluster);
    let output = cluster.process();
    assert!(output.status.success(), "{at}: {}", all(&output));
    let lock = cluster.lock();
    let after = State::of(cluster);
    for earlier in [before, &after_kill] {
        for (file, certificate) in &earlier.cas {
            assert_eq!(after.cas.get(file), Some(certificate), "{at}: another CA");
        }
        let lost: Vec<_> = earlier
            .keys
            .iter()
            .filter(|(file, key)| {
                // One that was replaced is not good any more.
                after.keys.get(*file) != Some(*key)
                    && after.wanted(file)
                    && !changes_with_the_spec(file)
            })
            .map(|(file, _)| file)
            .collect();
        assert!(lost.is_empty(), "{at}: {lost:?} is lost or reissued");
        for serial in &earlier.serials {
            assert!(after.serials.contains(serial), "{at}: {serial} is not in the lock any more");
        }
    }
    // What was issued, once it was in place, is what stays.
    for (file, key) in &after_kill.keys {
        if before.keys.get(file) != Some(key) {
            assert_eq!(after.keys.get(file), Some(key), "{at}: {} is issued again", file.display());
        }
    }
    verify_lock(cluster, &lock, at);
    let written = snapshot(&cluster.path("out"));
    let again = cluster.process();
    assert!(again.status.success(), "{at}: {}", all(&again));
    assert_eq!(cluster.lock(), lock, "{at}: not done at once");
    let changed = difference(&written, &snapshot(&cluster.path("out")));
    assert!(changed.is_empty(), "{at}: not done at once: {changed:?}");
    let left = shell(
        "find . -name '.*' -not -name '.gitignore' -not -name '.here-*' -not -name .",
        cluster.folder.path(),
    );
    assert_eq!(left, "", "{at}: something is left over");
}

/// The member of another address has other certificates.
fn changes_with_the_spec(file: &Path) -> bool {
    file.to_string_lossy().contains("camellia")
}

/// Every certificate in place is in the lock, with its digest, and OpenSSL takes all of them.
fn verify_lock(cluster: &Cluster, lock: &str, at: &str) {
    for file in files(&cluster.path("out"), ".crt") {
        if file.ends_with("ca.crt") || file.ends_with("ca-2.crt") {
            continue;
        }
        let der = shell(
            &format!("openssl x509 -in {} -outform DER | sha256sum | cut -c1-64", file.display()),
            cluster.folder.path(),
        );
        assert!(lock.contains(der.trim()), "{at}: the lock lacks {}", file.display());
    }
    if !cluster.path("out/pki/ca-2.crt").exists() {
        verify(&cluster.path("out"));
    }
}

/// What must not be lost.
struct State {
    cas: BTreeMap<PathBuf, Vec<u8>>,
    keys: BTreeMap<PathBuf, Vec<u8>>,
    /// All that the lock tells of, if there is one.
    serials: BTreeSet<String>,
    certificates: BTreeSet<PathBuf>,
}

impl State {
    fn of(cluster: &Cluster) -> Self {
        // What is staged has a name with a dot.
        let is_staged = |file: &Path| {
            let below = file.strip_prefix(cluster.folder.path()).unwrap();
            below.components().any(|part| part.as_os_str().as_encoded_bytes().starts_with(b"."))
        };
        let read = |end: &str| -> BTreeMap<PathBuf, Vec<u8>> {
            let all = files(&cluster.path("out"), end).into_iter().filter(|file| !is_staged(file));
            all.map(|file| (file.clone(), fs::read(file).unwrap())).collect()
        };
        let certificates = read(".crt");
        let lock = fs::read_to_string(cluster.path("cluster.lock")).unwrap_or_default();
        let serial =
            |line: &str| Some(line.split_once("serial = \"")?.1.split('"').next()?.to_owned());
        let cas = certificates
            .iter()
            .filter(|(file, _)| file.parent().is_some_and(|folder| folder.ends_with("pki")));
        Self {
            cas: cas.map(|(file, text)| (file.clone(), text.clone())).collect(),
            keys: read(".key"),
            serials: lock.lines().filter_map(serial).collect(),
            certificates: certificates.into_keys().collect(),
        }
    }

    fn wanted(&self, key: &Path) -> bool {
        self.certificates.contains(&key.with_extension("crt"))
    }
}

/// Runs a build under strace, with these options of it.
fn traced(cluster: &Cluster, options: &[&str]) -> Output {
    let mut strace = strace();
    strace
        .args(options)
        .arg("--")
        .arg(compile_step())
        .args(["cluster.toml", "out"])
        .current_dir(cluster.folder.path())
        .env("OUT_DIR", cluster.path("target"));
    strace.output().expect("this test needs the command strace: install it")
}

/// Makes a folder what another one is, to the time of each file.
fn copy(from: &Path, to: &Path) {
    let script = format!(
        "find '{}' -mindepth 1 -delete; cp -a '{}/.' '{}/'",
        to.display(),
        from.display(),
        to.display()
    );
    shell(&script, from);
}
