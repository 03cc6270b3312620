//! An `out/` of an earlier release goes on with this one; that release is built from git.

use crate::support::cluster::{Cluster, SPEC, all, with_clients};
use crate::support::offsite::{CA, OFFSITE, SIGN};
use crate::support::programs::{cargo, shell, target};
use crate::support::snapshot::{Snapshot, snapshot};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The last commit before `bouquet-compile` was renamed.
const BEFORE: &str = "baa77bbade761a90438f7917c8ca6719a40c8ed1";

/// What a build may write in another way without a word: nobody's machine has it.
const HERE_ALONE: [&str; 8] = [
    "README.md",
    "cluster.rs",
    "cluster.schema.json",
    "manifest",
    ".seal",
    ".lock",
    "pki",
    "pki/cluster.lock",
];

#[test]
fn an_out_of_the_release_before_goes_on_and_each_change_is_said_once() {
    let old = Old::build();
    let trust = format!("{SPEC}\n[ca]\ntrust = [1, 2]\ncrl = true\n");
    let mut specs: Vec<String> = ["separate", "combined", "shared"]
        .map(|layout| format!("{SPEC}\n[tls]\nlayout = \"{layout}\"\n"))
        .into();
    specs.extend([trust, format!("{SPEC}\n[tls]\nenabled = false\n"), with_clients(80)]);
    // Names that OpenSSL takes for hosts, under a CA of then that does not permit them.
    let hosts = ["svc_1.prod", "10.0.0.1", "svc.prod"];
    let hosts = hosts.map(|name| format!("[[client]]\nname = \"{name}\"\n")).concat();
    specs.push(format!("{SPEC}{hosts}\n[ca]\npermit = [\"10.0.0.0/8\"]\n"));
    specs.extend(old.examples());
    for spec in specs {
        old.goes_on(&Cluster::new(spec));
    }
    let offsite = Cluster::new(format!("{SPEC}{CA}"));
    shell(OFFSITE, offsite.folder.path());
    old.goes_on(&offsite);
    shell(SIGN, offsite.folder.path());
    old.goes_on(&offsite);
}

/// The compile step of the release before.
pub(super) struct Old {
    tree: PathBuf,
    program: PathBuf,
}

impl Old {
    pub(super) fn build() -> Self {
        let folder = target().join("migration");
        let tree = folder.join("tree");
        fs::create_dir_all(&tree).unwrap();
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let known = Command::new("git")
            .args(["cat-file", "-e", &format!("{BEFORE}^{{commit}}")])
            .current_dir(here)
            .output()
            .expect("this test needs git: install it");
        assert!(
            known.status.success(),
            "this test builds commit {BEFORE}, and the git history here does not go back to it: \
             run `git fetch --unshallow` in a clone of the repository"
        );
        // Files keep the time of the commit, so that cargo builds them once.
        let script = format!("git archive {BEFORE} | tar -x -C '{}'", tree.display());
        shell(&script, here);
        let status = cargo()
            .args(["build", "--quiet", "--locked", "--offline", "--package", "bouquet-compile"])
            .args(["--example", "compile-step", "--target-dir"])
            .arg(folder.join("target"))
            .current_dir(&tree)
            .env_remove("RUSTFLAGS")
            .status()
            .unwrap();
        assert!(status.success(), "commit {BEFORE} does not build");
        Self { tree, program: folder.join("target/debug/examples/compile-step") }
    }

    /// The examples as they were then.
    fn examples(&self) -> Vec<String> {
        let folders = fs::read_dir(self.tree.join("examples")).unwrap();
        let spec = |folder: fs::DirEntry| folder.path().join("cluster.toml");
        let specs: Vec<_> =
            folders.filter_map(|f| fs::read_to_string(spec(f.unwrap())).ok()).collect();
        assert!(specs.len() >= 5, "{} examples", specs.len());
        specs
    }

    /// Writes the `out/` of a package.
    pub(super) fn makes_out(&self, package: &Path) {
        let target = tempfile::tempdir().unwrap();
        let mut earlier = Command::new(&self.program);
        earlier.args(["cluster.toml", "out"]).current_dir(package).env("OUT_DIR", target.path());
        let output = earlier.output().unwrap();
        assert!(output.status.success(), "{}", all(&output));
    }

    /// Builds with the release before, then twice with this one, and compares every file.
    fn goes_on(&self, cluster: &Cluster) {
        let out = cluster.path("out");
        self.makes_out(cluster.folder.path());
        let before = snapshot(&out);
        // As where an older release built once more.
        let has_lock = cluster.path("cluster.lock").exists();
        let said = succeeds(cluster);
        let after = snapshot(&out);
        let forms = ["etcd.sh", "etcd.env", "etcd.conf.yml", "etcd.service"];
        let started_from =
            |path: &str| path.starts_with("members/") && forms.iter().any(|f| path.ends_with(f));
        let is_said = said.contains("the files that ") && said.contains("outside their options");
        let is_told = said.contains("the files of ") && said.contains("outside their endpoints");
        for path in changed(&out, &before, &after) {
            // The mark of the place, which no earlier build left.
            let quiet = HERE_ALONE.contains(&path.as_str()) || path.starts_with(".here-");
            // Without TLS there is nothing in it that could be taken over.
            let is_migrated = has_lock
                || said.contains("cluster.lock` is new, and takes the place of")
                || !fs::read_to_string(cluster.path("cluster.lock")).unwrap().contains("{ kind = ");
            let announced = (path == "pki/issued" && is_migrated)
                || (started_from(&path) && is_said)
                || (path.starts_with("clients/") && is_told);
            assert!(quiet || announced, "{path} changed without a word: {said}");
        }
        let again = succeeds(cluster);
        assert!(!out.join("pki/issued").exists(), "the ledger went into the lock");
        let is_again = again.contains(" changed on ") || again.contains("takes the place of");
        assert!(!is_again, "said twice: {again}");
        if !has_lock {
            counts_as_running(cluster, &said, &again);
        }
        assert!(!said.contains(": reissued "), "{said}");
        let last = snapshot(&out);
        assert!(changed(&out, &after, &last).is_empty(), "the second build writes");
    }
}

/// What the release before left counts as running, just as it is: nothing is to be done about it.
fn counts_as_running(cluster: &Cluster, said: &str, again: &str) {
    let to_do = ["to be rolled out", "to be copied", "accepted", "taken as not yet running"];
    let is_quiet = |said: &str| to_do.iter().all(|words| !said.contains(words));
    assert!(is_quiet(said) && is_quiet(again), "{said}\n{again}");
    assert!(said.contains("is recorded as running"), "{said}");
    let lock = bouquet_lock::read(cluster.read("cluster.lock").as_bytes()).unwrap();
    let spec = cluster.read("cluster.toml");
    let (proven, _) = bouquet_build::prove(spec.as_bytes());
    let proven = proven.unwrap().cluster;
    let running = lock.recorded.running();
    assert_eq!(running.members.len(), proven.members.len());
    assert_eq!(running.clients.len(), proven.clients.len());
    let is_asked_for = spec.contains("[[authority]]");
    for member in running.members.values().filter(|_| proven.tls.is_some() && !is_asked_for) {
        assert!(!member.certificates.is_empty(), "{member:?}");
    }
}

/// A build with this release, and what it says.
fn succeeds(cluster: &Cluster) -> String {
    let output = cluster.process();
    assert!(output.status.success(), "{}", all(&output));
    all(&output)
}

/// The files that hold something else, or have other permissions, or came, or went.
fn changed(out: &Path, before: &Snapshot, after: &Snapshot) -> BTreeSet<String> {
    let differs = |path: &&PathBuf| {
        let facts = |all: &Snapshot| all.get(*path).map(|entry| (entry.0.clone(), entry.1));
        facts(before) != facts(after)
    };
    let paths = before.keys().chain(after.keys()).filter(differs);
    paths.map(|path| path.strip_prefix(out).unwrap().display().to_string()).collect()
}
