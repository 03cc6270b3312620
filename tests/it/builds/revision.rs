//! The commit of git that a binary says it was built from.

use crate::support::cluster::{Cluster, SPEC, all};
use crate::support::git::{commit, git, head};
use crate::support::package::Package;
use crate::support::programs::compile_step;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

/// The warning, and the line that it tells.
const IGNORED: [&str; 2] = ["git ignores `cluster.lock`", "`!cluster.lock`"];

#[test]
fn a_binary_tells_its_definition_and_commit_from_those_of_another() {
    let package = Package::new(SPEC);
    commit(package.folder.path(), &["Cargo.lock", "Cargo.toml", "cluster.toml"]);
    let new = version(&package);
    let begun = head(package.folder.path());
    assert!(new.ends_with(&format!("git {begun})\n")), "the build itself wrote its lock: {new}");
    let first = commit(package.folder.path(), &["cluster.lock"]);
    assert!(package.runs_the_script(), "a lock that was committed is not noticed");
    let before = version(&package);
    let digest = definition(&before);
    assert!(before.contains("(cluster faults, definition "), "{before}");
    assert!(before.ends_with(&format!(", etcd 3.5.30, git {first})\n")), "{before}");
    assert!(!package.runs_the_script(), "a second build runs the script");
    let constants = fs::read(package.path("out/cluster.rs")).unwrap();

    let second = commit(package.folder.path(), &["src/main.rs"]);
    assert!(package.runs_the_script(), "a commit is not noticed");
    assert!(!package.runs_the_script(), "a commit makes two runs");
    let after = version(&package);
    assert_eq!(after, before.replace(&first, &second));
    assert_eq!(fs::read(package.path("out/cluster.rs")).unwrap(), constants);

    package.write(&SPEC.replace("[etcd]", "[etcd]\nsnapshot-count = 20000"));
    let edited = version(&package);
    assert!(edited.ends_with(&format!("git {second}-dirty)\n")), "{edited}");
    assert_ne!(definition(&edited), digest);
    git(package.folder.path(), &["checkout", "--quiet", "--", "cluster.toml"]);
    assert_eq!(version(&package), after);

    // Where the program is built without its repository, as in a container, it can be told.
    fs::remove_dir_all(package.path(".git")).unwrap();
    package.write(&format!("# Built elsewhere.\n{SPEC}"));
    let untold = version(&package);
    assert!(untold.ends_with(", etcd 3.5.30)\n"), "{untold}");
    let mut cargo = package.cargo("run");
    cargo.args(["--quiet", "--", "--version"]).env("BOUQUET_REVISION", "0123456789ab");
    let told = all(&cargo.output().unwrap());
    assert!(told.ends_with(", etcd 3.5.30, git 0123456789ab)\n"), "{told}");
}

/// What `--version` prints.
fn version(package: &Package) -> String {
    let mut cargo = package.cargo("run");
    let output = cargo.args(["--quiet", "--", "--version"]).output().unwrap();
    assert!(output.status.success(), "{}", all(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn definition(version: &str) -> &str {
    let (_, rest) = version.split_once("definition ").expect(version);
    rest.split_once(',').expect(version).0
}

#[test]
fn what_differs_from_its_commit_is_dirty() {
    let cluster = Cluster::new(SPEC);
    let folder = cluster.folder.path();
    assert_eq!(revision(&cluster), None, "there is no repository");
    git(folder, &["init", "--quiet"]);
    assert_eq!(revision(&cluster), None, "there is no commit");
    let without = commit(folder, &["cluster.toml"]);
    assert_eq!(revision(&cluster), Some(without), "the build wrote the lock");
    let first = commit(folder, &["cluster.lock"]);
    assert_eq!(revision(&cluster), Some(first.clone()));

    let dirty = Some(format!("{first}-dirty"));
    cluster.write(format!("# A comment.\n{SPEC}"));
    assert_eq!(revision(&cluster), dirty);
    git(folder, &["add", "cluster.toml"]);
    assert_eq!(revision(&cluster), dirty, "what is only staged is in no commit");
    let second = commit(folder, &["cluster.toml"]);
    assert_eq!(revision(&cluster), Some(second.clone()));

    fs::write(cluster.path("notes.txt"), "else").unwrap();
    assert_eq!(revision(&cluster), Some(second.clone()), "other files have no part in it");
    cluster.write(SPEC.to_owned() + "[[client]]\nname = \"rose\"\n");
    let third = commit(folder, &["cluster.toml"]);
    assert_eq!(revision(&cluster), Some(third), "it issues, and the lock grows");
    let fourth = commit(folder, &["cluster.lock"]);
    assert_eq!(revision(&cluster), Some(fourth));
}

#[test]
fn a_package_that_another_repository_does_not_hold_has_no_commit() {
    let cluster = Cluster::new(SPEC);
    let folder = cluster.folder.path();
    fs::write(cluster.path("notes.txt"), "").unwrap();
    commit(folder, &["notes.txt"]);
    let output = all(&cluster.process());
    assert!(!output.contains("REVISION") && output.contains("/.git/logs/HEAD\n"), "{output}");

    fs::write(cluster.path(".gitignore"), "cluster.*\n").unwrap();
    let output = all(&cluster.process());
    assert!(!output.contains("REVISION") && !output.contains(".git/"), "{output}");
    assert!(!output.contains(IGNORED[0]), "{output}");
}

#[test]
fn a_lock_that_git_ignores_is_told_until_it_is_not() {
    let cluster = Cluster::new(SPEC);
    fs::write(cluster.path(".gitignore"), "target\n*.lock\n").unwrap();
    let first = commit(cluster.folder.path(), &["cluster.toml", ".gitignore"]);
    let asked = cluster.command().env("BOUQUET_WRITE", "0").output().unwrap();
    let output = all(&asked);
    assert!(asked.status.success() && !output.contains(IGNORED[0]), "there is none: {output}");

    assert_eq!(revision(&cluster), Some(first));
    let output = all(&cluster.process());
    assert!(IGNORED.iter().all(|words| output.contains(words)), "{output}");
    assert_eq!(output.matches(IGNORED[0]).count(), 1, "{output}");
    assert!(output.lines().any(|line| line.ends_with("/.gitignore")), "{output}");

    fs::write(cluster.path(".gitignore"), "target\n*.lock\n!cluster.lock\n").unwrap();
    let output = all(&cluster.process());
    assert!(!output.contains(IGNORED[0]), "{output}");
    let second = commit(cluster.folder.path(), &["cluster.lock", ".gitignore"]);
    assert_eq!(revision(&cluster), Some(second));
}

#[test]
fn a_further_work_tree_and_a_submodule_have_commits_of_their_own() {
    let cluster = Cluster::built(SPEC);
    let folder = cluster.folder.path();
    let first = commit(folder, &["cluster.toml", "cluster.lock"]);
    git(folder, &["worktree", "add", "--quiet", "-b", "second", "tree"]);
    let tree = cluster.path("tree");
    let second = commit(&tree, &[]);
    assert_eq!(revision_in(&cluster, &tree, &[]), Some(second));

    let super_ = tempfile::tempdir().unwrap();
    git(super_.path(), &["init", "--quiet"]);
    let of = folder.display().to_string();
    git(super_.path(), &["submodule", "--quiet", "add", &of, "flowers"]);
    commit(super_.path(), &["flowers"]);
    let flowers = super_.path().join("flowers");
    assert_eq!(head(&flowers), first);
    assert_eq!(revision_in(&cluster, &flowers, &[]), Some(first));
}

#[test]
fn a_lock_is_found_by_the_name_of_its_spec() {
    let cluster = Cluster::new(SPEC);
    fs::rename(cluster.path("cluster.toml"), cluster.path("garden.toml")).unwrap();
    let tells = |words: &str| {
        let mut command = Command::new(compile_step());
        command.args(["garden.toml", "out"]).current_dir(cluster.folder.path());
        let output = command.env("OUT_DIR", cluster.path("target")).output().unwrap();
        assert!(output.status.success(), "{}", all(&output));
        all(&output).contains(words)
    };
    fs::write(cluster.path(".gitignore"), "*.lock\n").unwrap();
    let first = commit(cluster.folder.path(), &["garden.toml", ".gitignore"]);
    assert!(tells("git ignores `garden.lock`"));
    assert!(tells(&format!("REVISION={first}\n")));
    git(cluster.folder.path(), &["add", "--force", "garden.lock"]);
    let second = commit(cluster.folder.path(), &["garden.toml"]);
    assert!(tells(&format!("REVISION={second}\n")) && !tells("git ignores"));
}

#[test]
fn a_hook_of_another_repository_leads_nowhere_else() {
    let cluster = Cluster::built(SPEC);
    let first = commit(cluster.folder.path(), &["cluster.toml", "cluster.lock"]);
    let other = tempfile::tempdir().unwrap();
    commit(other.path(), &[]);
    let place = other.path().join(".git").display().to_string();
    let index = format!("{place}/index");
    let hook = [("GIT_DIR", place.as_str()), ("GIT_INDEX_FILE", index.as_str())];
    assert_eq!(revision_in(&cluster, cluster.folder.path(), &hook), Some(first));
}

#[test]
fn a_build_does_without_git_and_waits_for_none_that_does_not_answer() {
    let cluster = Cluster::new(SPEC);
    commit(cluster.folder.path(), &["cluster.toml"]);
    let bin = cluster.path("target/bin");
    fs::create_dir(&bin).unwrap();
    let path = bin.display().to_string();
    let without = [("PATH", path.as_str())];
    assert_eq!(revision_in(&cluster, cluster.folder.path(), &without), None);

    for script in ["#!/bin/sh\necho '# branch.oid 0123456789ab'; exit 1\n", SILENT] {
        fs::write(bin.join("git"), script).unwrap();
        fs::set_permissions(bin.join("git"), fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(revision_in(&cluster, cluster.folder.path(), &without), None, "{script}");
    }
}

/// A repository on a disk that is away.
const SILENT: &str = "#!/bin/sh\nexec /bin/sleep 600\n";

/// What a build tells cargo of the commit.
fn revision(cluster: &Cluster) -> Option<String> {
    revision_in(cluster, cluster.folder.path(), &[])
}

/// The same for a build in a folder; its repository is watched.
fn revision_in(cluster: &Cluster, folder: &Path, variables: &[(&str, &str)]) -> Option<String> {
    let mut command: Command = cluster.command();
    let output = command.current_dir(folder).envs(variables.iter().copied()).output().unwrap();
    let said = all(&output);
    assert!(output.status.success(), "{said}");
    let watched = |line: &&str| line.starts_with("cargo::rerun-if-changed=");
    let gone = |line: &&str| {
        let path = line.split_once('=').expect("a path").1;
        !path.ends_with(".gitignore") && !folder.join(path).exists()
    };
    assert_eq!(said.lines().filter(watched).find(gone), None, "cargo would run it always");
    let line =
        said.lines().find_map(|line| line.strip_prefix("cargo::rustc-env=BOUQUET_REVISION="));
    line.map(str::to_owned)
}
