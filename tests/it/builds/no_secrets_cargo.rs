//! Packages without their secrets, as cargo builds them: cloned, checked, packaged, vendored.

use crate::support::cluster::{SPEC, all};
use crate::support::git::{commit, git};
use crate::support::package::{Package, runs_the_script};
use crate::support::programs::shell;
use crate::support::snapshot::{Snapshot, difference, snapshot};
use std::fs;
use std::path::Path;
use std::process::Command;

/// What a user commits.
const COMMITTED: [&str; 6] =
    ["Cargo.toml", "Cargo.lock", "build.rs", "src/main.rs", "cluster.toml", "cluster.lock"];

/// What tells a program's cluster, members and certificates.
const QUESTIONS: [&[&str]; 5] = [
    &["certs"],
    &["certs", "--check"],
    &["members"],
    &["command", "pink", "-o", "systemd"],
    &["command", "orange"],
];

/// What the program answers that was built last, asked in a folder, always at the same moment.
fn answers(folder: &Path) -> Vec<String> {
    let tomorrow = shell("date -u -d tomorrow '+%F 12:00:00'", folder);
    let ask = |words: &&[&str]| {
        let mut faketime = Command::new("faketime");
        let program = Package::target().join("debug/flowers");
        faketime.args(["-f", tomorrow.trim()]).arg(program).args(*words).current_dir(folder);
        let output = faketime.output().expect("this test needs faketime: install it");
        assert!(output.status.success(), "{words:?}: {}", all(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    QUESTIONS.iter().map(ask).collect()
}

/// Everything in a folder but the repository, whose index git may refresh.
fn files(folder: &Path) -> Snapshot {
    let mut all = snapshot(folder);
    all.retain(|path, _| !path.starts_with(folder.join(".git")));
    all
}

/// A package that was built and committed, and a clone of it.
fn cloned(spec: &str) -> (Package, tempfile::TempDir) {
    let package = Package::new(spec);
    package.build();
    commit(package.folder.path(), &COMMITTED);
    let clone = tempfile::tempdir().unwrap();
    let from = package.folder.path().display().to_string();
    git(clone.path(), &["clone", "--quiet", &from, "."]);
    (package, clone)
}

#[test]
fn a_clone_is_what_the_first_machine_has_and_nothing_is_written() {
    let (package, clone) = cloned(SPEC);
    package.build();
    let first = answers(package.folder.path());
    let before = files(clone.path());
    let cargo = |command: &str| {
        let mut cargo = package.cargo(command);
        cargo.current_dir(clone.path());
        cargo
    };
    for command in ["check", "clippy", "build"] {
        let output = cargo(command).output().unwrap();
        let said = all(&output);
        assert!(output.status.success(), "{command}: {said}");
        assert!(said.contains("holds no key: this build proves"), "{command}: {said}");
        let changed = difference(&before, &files(clone.path()));
        assert!(changed.is_empty(), "{command}: {changed:?}");
    }
    assert_eq!(answers(clone.path()), first);
    assert!(!runs_the_script(&mut cargo("build")), "a second build runs the script");

    // What is asked for by the environment is noticed, once, and changes nothing.
    for (name, value) in [("BOUQUET_WRITE", "0"), ("BOUQUET_LOCKED", "1")] {
        assert!(runs_the_script(cargo("build").env(name, value)), "{name} is not noticed");
        assert!(!runs_the_script(cargo("build").env(name, value)), "{name} makes two runs");
        assert!(difference(&before, &files(clone.path())).is_empty(), "{name}");
        assert_eq!(answers(clone.path()), first, "{name}");
    }
    // A spec that asks for more is compiled, and said; the lock that comes with it is noticed.
    let more = format!("{SPEC}\n[[client]]\nname = \"tulip\"\n");
    fs::write(clone.path().join("cluster.toml"), &more).unwrap();
    let before = files(clone.path());
    let output = cargo("build").output().unwrap();
    let said = all(&output);
    assert!(said.contains("cluster.lock has not what cluster.toml asks for"), "{said}");
    assert!(difference(&before, &files(clone.path())).is_empty());
    let locked = cargo("build").env("BOUQUET_LOCKED", "1").output().unwrap();
    let said = all(&locked);
    assert!(!locked.status.success() && said.contains("lacks the certificate of"), "{said}");

    package.write(&more);
    package.build();
    commit(package.folder.path(), &COMMITTED);
    git(clone.path(), &["checkout", "--quiet", "--", "."]);
    git(clone.path(), &["pull", "--quiet"]);
    assert!(runs_the_script(&mut cargo("build")), "a lock that was pulled is not noticed");
    assert!(!runs_the_script(&mut cargo("build")));
    let theirs = answers(clone.path());
    package.build();
    assert_eq!(answers(package.folder.path()), theirs);
}

/// Cargo watches a file that is not there yet, too.
#[test]
fn a_lock_that_comes_to_a_clone_without_one_is_noticed() {
    let (package, clone) = cloned(SPEC);
    let lock = clone.path().join("cluster.lock");
    let kept = fs::read(&lock).unwrap();
    fs::remove_file(&lock).unwrap();
    let cargo = || {
        let mut cargo = package.cargo("build");
        cargo.current_dir(clone.path()).env("BOUQUET_WRITE", "0");
        cargo
    };
    let said = all(&cargo().output().unwrap());
    assert!(said.contains("there is no cluster.lock, and nothing is issued here"), "{said}");
    fs::write(&lock, kept).unwrap();
    assert!(runs_the_script(&mut cargo()), "the lock is not noticed");
    let said = all(&cargo().output().unwrap());
    assert!(!said.contains("there is no cluster.lock"), "{said}");
    assert!(!runs_the_script(&mut cargo()), "it runs without a reason");
}

#[test]
fn a_package_whose_out_is_gone_runs_its_script_once() {
    let (package, _clone) = cloned(&SPEC.replace("faults", "gone"));
    let first = answers(package.folder.path());
    for harm in ["rm -rf out", "git clean -qfdX"] {
        shell("mkdir -p out; touch out/x", package.folder.path());
        shell(&format!("rm out/x; {harm}"), package.folder.path());
        let before = files(package.folder.path());
        package.runs_the_script();
        assert!(!package.runs_the_script(), "{harm}: a second build runs the script");
        assert!(difference(&before, &files(package.folder.path())).is_empty(), "{harm}");
        assert_eq!(answers(package.folder.path()), first, "{harm}");
    }
}

#[test]
fn a_package_is_verified_without_its_secrets() {
    let package = Package::new(&SPEC.replace("faults", "packaged"));
    let here = env!("CARGO_MANIFEST_DIR");
    let versioned = fs::read_to_string(package.path("Cargo.toml")).unwrap();
    let versioned = versioned
        .replace("publish = false", "license = \"MIT\"\ndescription = \"Flowers\"")
        .replace("\" }\n", "\", version = \"0\" }\n");
    fs::write(package.path("Cargo.toml"), versioned).unwrap();
    package.build();
    commit(package.folder.path(), &[&COMMITTED[..], &[".dockerignore", ".gitignore"]].concat());
    // As if they were published: each of the workspace's crates by its path.
    let locked = fs::read_to_string(package.path("Cargo.lock")).unwrap();
    let names = locked.lines().filter_map(|line| line.strip_prefix("name = \"bouquet-"));
    let patch = |name: &str| format!("bouquet-{name} = {{ path = \"{here}/crates/{name}\" }}\n");
    let patches: String = names.map(|name| patch(name.trim_end_matches('"'))).collect();
    let config = tempfile::tempdir().unwrap();
    let config = config.path().join("published.toml");
    fs::write(&config, format!("[patch.crates-io]\n{patches}")).unwrap();
    let before = files(package.folder.path());
    let mut cargo = package.cargo("package");
    let output = cargo.arg("--config").arg(&config).output().unwrap();
    let said = all(&output);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("Verifying flowers") && !said.contains("cluster.toml: "), "{said}");
    assert!(difference(&before, &files(package.folder.path())).is_empty());
    let listed = shell(
        &format!("tar -tzf '{}/package/flowers-0.1.0.crate'", Package::target().display()),
        package.folder.path(),
    );
    assert!(listed.contains("flowers-0.1.0/cluster.lock\n"), "{listed}");
    assert!(!listed.contains("/out/") && !listed.contains(".key"), "{listed}");

    git(package.folder.path(), &["rm", "--quiet", "--cached", "cluster.lock"]);
    fs::write(package.path(".gitignore"), "cluster.lock\n").unwrap();
    commit(package.folder.path(), &[".gitignore"]);
    let mut cargo = package.cargo("package");
    let said = all(&cargo.arg("--config").arg(&config).output().unwrap());
    assert!(said.contains("error: this package was packed without its cluster.lock"), "{said}");
    assert!(said.contains("commit it, then pack again"), "{said}");
}

/// A copy in the repository of a program that depends on it: cargo holds such copies to their checksums.
#[test]
fn a_program_that_vendors_a_package_knows_its_cas() {
    let package = Package::new(&SPEC.replace("faults", "vendored"));
    fs::write(
        package.path("src/lib.rs"),
        "//! The cluster.\n\nbouquet_model::include_cluster!();\n\n\
         /// The CAs that its clients trust.\npub const CA_PEM: &str = cluster::CA_PEM;\n",
    )
    .unwrap();
    package.build();
    let app = tempfile::tempdir().unwrap();
    let copied = app.path().join("vendor/flowers");
    shell(
        &format!(
            "mkdir -p '{0}/src'; cp --parents {1} src/lib.rs '{0}'",
            copied.display(),
            COMMITTED.join(" ")
        ),
        package.folder.path(),
    );
    // Where the crates are said from the package's own folder, they are elsewhere from a copy's.
    let made = fs::read_to_string(package.path("Cargo.toml")).unwrap();
    let crates = "path = \"";
    let absolute = made.lines().map(|line| match line.split_once(crates) {
        Some((before, rest)) => {
            let (path, after) = rest.split_once('"').unwrap();
            let path = package.path(path).canonicalize().unwrap();
            format!("{before}{crates}{}\"{after}\n", path.display())
        }
        None => format!("{line}\n"),
    });
    fs::write(copied.join("Cargo.toml"), absolute.collect::<String>()).unwrap();
    fs::create_dir(app.path().join("src")).unwrap();
    // With the same profile, the crates are built already.
    let profile = made.split_once("[profile.dev]\n").unwrap().1;
    let profile = profile.split_once("\n[profile.release]").unwrap().0;
    let manifest = format!(
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nflowers = {{ path = \"vendor/flowers\" }}\n\n\
         [workspace]\nexclude = [\"vendor\"]\n\n[profile.dev]\n{profile}"
    );
    fs::write(app.path().join("Cargo.toml"), manifest).unwrap();
    fs::write(
        app.path().join("src/main.rs"),
        "//! A program.\n\nfn main() {\n    print!(\"{}\", flowers::CA_PEM);\n}\n",
    )
    .unwrap();
    fs::copy(package.path("Cargo.lock"), app.path().join("Cargo.lock")).unwrap();
    let before = snapshot(&copied);
    for _ in 0..2 {
        let mut cargo = package.cargo("run");
        let output = cargo.arg("--quiet").current_dir(app.path()).output().unwrap();
        assert!(output.status.success(), "{}", all(&output));
        let ca = fs::read_to_string(package.path("out/pki/ca.crt")).unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), ca);
        assert!(difference(&before, &snapshot(&copied)).is_empty());
    }
}
