//! What leaves a package by other ways than the build's, and packages beside each other.

use crate::support::cluster::SPEC;
use crate::support::package::Package;
use crate::support::programs::compile_step;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is published, each after those that it depends on.
pub(crate) const PUBLISHED: [&str; 7] = [
    "bouquet-model",
    "bouquet-x509",
    "bouquet-etcd",
    "bouquet-lock",
    "bouquet-outdir",
    "bouquet-build",
    "bouquet-operate",
];

/// The account that is called `nobody`.
const NOBODY: u32 = 65534;

#[test]
fn cargo_packs_no_key_of_a_package_that_was_built() {
    let package = Package::new(SPEC);
    package.build();
    assert!(package.path("out/pki/ca.key").exists());
    packs_nothing_of_out(package.cargo("package"));
}

#[test]
fn cargo_packs_no_key_of_this_repository() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["package", "--offline"]).current_dir(env!("CARGO_MANIFEST_DIR"));
    assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join("out/pki/ca.key").exists());
    packs_nothing_of_out(cargo);
}

fn packs_nothing_of_out(mut cargo: Command) {
    let output = cargo.args(["--list", "--allow-dirty"]).output().expect("cargo runs");
    let list = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(list.lines().any(|file| file == "cluster.toml"), "{list}");
    let is_key = |file: &str| file.strip_suffix(".key").is_some();
    let keys = list.lines().find(|file| file.starts_with("out/") || is_key(file));
    assert_eq!(keys, None);
}

#[test]
fn each_crate_is_packed_with_its_licences_and_its_page() {
    for name in PUBLISHED {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["package", "--offline", "--list", "--allow-dirty", "--package"]);
        let output = cargo.arg(name).current_dir(env!("CARGO_MANIFEST_DIR")).output();
        let output = output.expect("cargo runs");
        let list = String::from_utf8_lossy(&output.stdout).into_owned();
        for file in ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "src/lib.rs"] {
            assert!(list.lines().any(|line| line == file), "{name} lacks {file}: {list}");
        }
        let text =
            fs::read_to_string(here(&format!("crates/{}/README.md", &name["bouquet-".len()..])));
        assert!(text.expect("a page").starts_with(&format!("# {name}\n")), "{name}");
    }
}

/// Docker leaves out what a line of `.dockerignore` names, with all that is in it; a line is a path from
/// the root of what is sent, and a slash at its end counts for nothing (moby, `patternmatcher`).
#[test]
fn docker_is_sent_no_key() {
    let package = Package::new(SPEC);
    for file in [package.path(".dockerignore"), here(".dockerignore")] {
        let text = fs::read_to_string(&file).expect("a file");
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let left_out: Vec<_> = lines.map(|line| line.trim_end_matches('/')).collect();
        assert_eq!(left_out, ["out", "target", "*.db"], "{}", file.display());
    }
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn two_clones_in_one_target_folder_each_have_their_own_cluster() {
    let package = Package::new(&SPEC.replace("faults", "first"));
    let clone = clone_of(&package);
    for _ in 0..2 {
        // In one shell's folder, so that the mark alone tells them apart.
        let shell = package.folder.path();
        assert_eq!(shows(&package, package.folder.path(), shell), "first");
        assert_eq!(shows(&package, clone.path(), shell), "second");
    }
}

/// Where no `out/` tells them apart, and the sources of the second are older than the build of the first.
#[test]
fn two_clones_without_secrets_in_one_target_folder_each_have_their_own_cluster() {
    let package = Package::new(&SPEC.replace("faults", "first"));
    let clone = clone_of(&package);
    for folder in [package.folder.path(), clone.path()] {
        let mut step = Command::new(compile_step());
        step.current_dir(folder).env("OUT_DIR", folder).args(["cluster.toml", "out"]);
        assert!(step.output().expect("the build step").status.success());
        fs::remove_dir_all(folder.join("out")).expect("out/");
    }
    for _ in 0..2 {
        for (folder, name) in [(package.folder.path(), "first"), (clone.path(), "second")] {
            assert_eq!(shows(&package, folder, folder), name);
        }
    }
}

/// The same package in another folder, with another cluster.
fn clone_of(package: &Package) -> tempfile::TempDir {
    let clone = tempfile::tempdir().expect("a folder");
    for file in ["Cargo.toml", "Cargo.lock", "build.rs", "src/main.rs"] {
        let to = clone.path().join(file);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        fs::copy(package.path(file), to).expect(file);
    }
    fs::write(clone.path().join("cluster.toml"), SPEC.replace("faults", "second")).expect("a file");
    clone
}

/// The name of the cluster that `cargo run` shows there, by a shell that says it is in this folder.
fn shows(package: &Package, folder: &Path, shell: &Path) -> String {
    let output = package.cargo("run").current_dir(folder).env("PWD", shell).output();
    let output = output.expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let first = said.lines().next();
    first.unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr))).to_owned()
}

#[test]
fn what_root_builds_in_the_folder_of_somebody_else_is_theirs() {
    let id = Command::new("id").arg("-u").output().expect("id").stdout;
    assert_eq!(id, b"0\n", "this test builds as root: run it as root");
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("cluster.toml"), SPEC).expect("a file");
    std::os::unix::fs::chown(folder.path(), Some(NOBODY), Some(NOBODY)).expect("root");
    let build = |command: &mut Command| {
        let target = folder.path().join("target");
        fs::create_dir_all(&target).expect("a folder");
        std::os::unix::fs::chown(&target, Some(NOBODY), Some(NOBODY)).expect("root");
        command.args(["cluster.toml", "out"]).env("OUT_DIR", &target);
        let output = command.current_dir(folder.path()).output();
        let output = output.expect("the build step");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    build(&mut Command::new(compile_step()));
    for place in
        ["", "pki", "pki/ca.key", "../cluster.lock", "manifest", "members", "members/pink/etcd.sh"]
    {
        let path = folder.path().join("out").join(place);
        assert_eq!(fs::metadata(&path).expect(place).uid(), NOBODY, "{place}");
    }
    // And so the owner builds on, where a change has everything touched.
    let spec = SPEC.replace("[etcd]", "[etcd]\nsnapshot-count = 20000");
    fs::write(folder.path().join("cluster.toml"), spec).expect("a file");
    let copy = folder.path().join("compile-step");
    fs::copy(compile_step(), &copy).expect("a copy");
    let mut setpriv = Command::new("setpriv");
    build(setpriv.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(copy));
}
