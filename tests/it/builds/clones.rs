//! Clones of a package: one has the keys, others get them as a stream.

use crate::support::cluster::SPEC;
use crate::support::offsite::{CA, OFFSITE, SIGN};
use crate::support::package::{Package, built, clone, program};
use crate::support::programs::shell;
use crate::support::secret_scan::{assert_absent, secrets};
use crate::support::snapshot::{difference, snapshot};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn export(folder: &Path) -> Output {
    let output = program(folder, &["secrets", "export"]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    output
}

/// Imports from a pipe.
fn import(folder: &Path, stream: &[u8], more: &[&str]) -> Output {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), stream).unwrap();
    let line = [&["secrets", "import"], more].concat();
    let mut command = program(folder, &line);
    command.stdin(File::open(file.path()).unwrap()).output().unwrap()
}

fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(output.stdout.is_empty());
    text(&output.stderr)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Files of keys, and what goes with them, by their paths below `out/`.
fn contents(out: &Path, names: &[String]) -> BTreeMap<String, Vec<u8>> {
    names.iter().map(|name| (name.clone(), fs::read(out.join(name)).expect(name))).collect()
}

/// The names in a stream, as GNU tar lists them.
fn listed(stream: &[u8]) -> Vec<String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), stream).unwrap();
    let output = Command::new("tar").arg("-tf").arg(file.path()).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output.stderr));
    text(&output.stdout).lines().map(str::to_owned).collect()
}

fn cargo_builds(package: &Package, folder: &Path) -> String {
    let output = package.cargo("build").current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stderr)
}

#[test]
fn a_clone_gets_its_keys_as_a_stream_and_builds_the_same() {
    let package = Package::new(SPEC);
    package.build();
    let exported = export(package.folder.path());
    assert_eq!(
        text(&exported.stderr),
        "8 keys and their certificates; the stream holds secrets: encrypt it\n"
    );
    let clone = clone(&package);
    let first = cargo_builds(&package, clone.path());
    assert!(first.contains("holds no key") && !clone.path().join("out").exists(), "{first}");

    let imported = import(clone.path(), &exported.stdout, &[]);
    assert!(imported.status.success(), "{}", text(&imported.stderr));
    assert_eq!(text(&imported.stderr), "imported 8 keys\nnext: `cargo build`\n");
    for name in listed(&exported.stdout).iter().filter(|name| name.contains(".key")) {
        let mode = fs::metadata(clone.path().join("out").join(name)).unwrap().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    // Cargo watches no `out/` that was not there: the lock is what makes it run the script.
    let second = cargo_builds(&package, clone.path());
    assert!(!second.contains("holds no key") && !second.contains("warning"), "{second}");
    let third = package.cargo("build").arg("-vv").current_dir(clone.path()).output().unwrap();
    let third = text(&third.stderr);
    let runs = |line: &str| line.contains("Running") && line.contains("build-script-build`");
    assert!(!third.lines().any(runs), "{third}");
    assert_eq!(
        fs::read(clone.path().join("cluster.lock")).unwrap(),
        fs::read(package.path("cluster.lock")).unwrap()
    );
    // All of it is as it is where it comes from, but for the mark of the place.
    let here = snapshot(&package.path("out"));
    let names: Vec<String> = listed_files(&package.path("out"));
    assert_eq!(names, listed_files(&clone.path().join("out")));
    assert_eq!(contents(&package.path("out"), &names), contents(&clone.path().join("out"), &names));

    // The same keys go on from where they came to.
    let again = export(clone.path());
    assert_eq!(again.stdout, exported.stdout);
    let twice = import(package.folder.path(), &again.stdout, &[]);
    assert_eq!(text(&twice.stderr), "nothing to import: 8 keys were here already\n");
    assert!(difference(&here, &snapshot(&package.path("out"))).is_empty());

    let keys = secrets(&package.path("out"));
    for said in [&exported.stderr, &imported.stderr, &imported.stdout, &twice.stderr] {
        assert_absent(&keys, "what was said", said);
    }
    assert_absent(&keys, "the program", &fs::read(built()).unwrap());
}

/// Every file below a folder that is not hidden, but for the log, which tells what was issued where it lies.
fn listed_files(out: &Path) -> Vec<String> {
    let output = Command::new("find").arg(out).args(["-type", "f", "-not", "-name", ".*"]).output();
    let listed = text(&output.unwrap().stdout);
    let below = |path: &str| path.strip_prefix(out.to_str().unwrap()).unwrap()[1..].to_owned();
    let all = listed.lines().map(below);
    let mut all: Vec<String> = all.filter(|path| !path.starts_with("log/")).collect();
    all.sort();
    all
}

#[test]
fn gnu_tar_reads_the_stream_and_what_it_writes_is_read() {
    let package = Package::new(SPEC);
    package.build();
    let exported = export(package.folder.path());
    assert_eq!(exported.stdout, export(package.folder.path()).stdout);
    let names = listed(&exported.stdout);
    assert!(names.is_sorted() && names.len() == 16, "{names:?}");

    let folder = tempfile::tempdir().unwrap();
    let stream = folder.path().join("stream.tar");
    fs::write(&stream, &exported.stdout).unwrap();
    let there = folder.path().join("there");
    fs::create_dir(&there).unwrap();
    let tar = |arguments: &[&str], folder: &Path| {
        let mut command = Command::new("tar");
        let output = command.args(arguments).current_dir(folder).output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        output.stdout
    };
    tar(&["-xpf", stream.to_str().unwrap()], &there);
    assert_eq!(contents(&there, &names), contents(&package.path("out"), &names));
    for name in &names {
        let mode = fs::metadata(there.join(name)).unwrap().mode() & 0o777;
        assert_eq!(mode, if name.contains(".key") { 0o600 } else { 0o644 }, "{name}");
    }

    for form in ["--format=ustar", "--format=gnu", "--format=pax", "--format=v7"] {
        // With folders, and `./` in front of all.
        let by_tar = tar(&["-cf", "-", form, "."], &there);
        let clone = clone(&package);
        let imported = import(clone.path(), &by_tar, &[]);
        assert_eq!(text(&imported.stderr), "imported 8 keys\nnext: `cargo build`\n", "{form}");
        let out = clone.path().join("out");
        assert_eq!(contents(&out, &names), contents(&there, &names));
    }
    // All of `out/` is more than keys.
    let whole = tar(&["-cf", "-", "."], &package.path("out"));
    let said = refused(&import(clone(&package).path(), &whole, &[]));
    assert!(said.contains("which is no key and nothing that goes with one"), "{said}");
}

#[test]
fn what_is_still_sealed_or_torn_is_told_and_writes_nothing() {
    let package = Package::new(SPEC);
    package.build();
    let exported = export(package.folder.path());
    let clone = clone(&package);
    let seal = |script: &str| {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), &exported.stdout).unwrap();
        let home = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command.args(["-euc", script]).env("GNUPGHOME", home.path());
        let output = command.stdin(File::open(file.path()).unwrap()).output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        output.stdout
    };
    let gpg = "gpg --batch --quiet --passphrase rosebud --pinentry-mode loopback -c";
    for (script, what) in [
        (gpg, "this is still encrypted by gpg"),
        (&format!("{gpg} --armor"), "this is still encrypted by gpg"),
        (
            "openssl enc -aes-256-cbc -pbkdf2 -pass pass:rosebud",
            "this is still encrypted by openssl",
        ),
        ("gzip -c", "this is compressed by gzip"),
        ("head -c 3000", "the stream is incomplete: its end is missing"),
        ("true", "nothing came: the stream is empty"),
    ] {
        let said = refused(&import(clone.path(), &seal(script), &[]));
        assert!(said.contains(what), "{said}");
        assert!(!clone.path().join("out").exists());
    }
    // The whole way, as a person would go it.
    let sealed = seal(gpg);
    let file = clone.path().join("cluster.sealed");
    fs::write(&file, sealed).unwrap();
    let home = tempfile::tempdir().unwrap();
    let open = format!(
        "gpg --batch --quiet --passphrase rosebud --pinentry-mode loopback -d {} | {} secrets import",
        file.display(),
        built().display()
    );
    let mut command = Command::new("sh");
    command.args(["-c", &open]).current_dir(clone.path()).env("GNUPGHOME", home.path());
    command.env_remove("CARGO_MANIFEST_DIR");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("imported 8 keys\n"), "{}", text(&output.stderr));
}

#[test]
fn requests_to_a_ca_that_is_elsewhere_go_along_and_so_do_its_answers() {
    let package = Package::new(&format!("{SPEC}{CA}"));
    shell(OFFSITE, package.folder.path());
    package.build();
    let asked = export(package.folder.path());
    let said = text(&asked.stderr);
    assert!(said.contains("not in the stream: the key of CA 1"), "{said}");
    let names = listed(&asked.stdout);
    assert_eq!(names.len(), 14, "{names:?}");
    let with_ca = || {
        let clone = clone(&package);
        fs::copy(package.path("ca.crt"), clone.path().join("ca.crt")).unwrap();
        clone
    };
    let pending = with_ca();
    assert!(import(pending.path(), &asked.stdout, &[]).status.success());
    // A build makes no other request.
    cargo_builds(&package, pending.path());
    let (here, there) = (package.path("out"), pending.path().join("out"));
    assert_eq!(contents(&there, &names), contents(&here, &names));

    // Signed, and not yet taken in: it goes on wherever it comes to.
    shell(SIGN, package.folder.path());
    let answered = export(package.folder.path());
    assert_eq!(listed(&answered.stdout).len(), 21);
    let added = import(pending.path(), &answered.stdout, &[]);
    assert!(text(&added.stderr).starts_with("imported 7 files; 7 keys were here already\n"));
    let new = with_ca();
    assert!(import(new.path(), &answered.stdout, &[]).status.success());
    package.build();
    // It was taken in there, and is still pending here.
    let late = with_ca();
    assert!(import(late.path(), &asked.stdout, &[]).status.success());
    assert!(import(late.path(), &export(package.folder.path()).stdout, &[]).status.success());
    // An older stream does not bring back what was answered.
    let again = import(package.folder.path(), &answered.stdout, &[]);
    assert_eq!(text(&again.stderr), "nothing to import: 7 keys were here already\n");
    let names = listed_files(&here);
    assert!(names.contains(&"members/pink/certs/server.key".to_owned()));
    for clone in [&pending, &new, &late] {
        cargo_builds(&package, clone.path());
        let out = clone.path().join("out");
        assert_eq!(listed_files(&out), names);
        assert_eq!(contents(&out, &names), contents(&here, &names));
    }
}

#[test]
fn a_terminal_gets_no_keys_and_gives_none() {
    let package = Package::new(SPEC);
    package.build();
    let keys = secrets(&package.path("out"));
    let on_terminal = |line: &str| {
        let typed = format!("{} secrets {line}; echo exit $?", built().display());
        let mut script = Command::new("script");
        script.args(["-qec", &typed, "/dev/null"]).current_dir(package.folder.path());
        script.env_remove("CARGO_MANIFEST_DIR");
        let output = script.stdin(Stdio::null()).output().unwrap();
        assert_absent(&keys, "the terminal", &output.stdout);
        text(&output.stdout)
    };
    let said = on_terminal("export");
    assert!(said.contains("private keys would be shown on a terminal"), "{said}");
    assert!(said.contains("secrets export | age") && said.contains("exit 1"), "{said}");
    let said = on_terminal("import");
    assert!(said.contains("would be read from a terminal") && said.contains("exit 1"), "{said}");
}

#[test]
fn a_stream_that_cannot_be_written_to_its_end_is_an_error() {
    let package = Package::new(SPEC);
    package.build();
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut command = program(package.folder.path(), &["secrets", "export"]);
    let output = command.stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("No space left on device"), "{}", text(&output.stderr));
}

#[test]
fn a_key_that_cannot_be_read_ends_an_export_before_its_first_byte() {
    let package = Package::new(SPEC);
    package.build();
    let key = package.path("out/members/pink/certs/peer.key");
    fs::remove_file(&key).unwrap();
    fs::create_dir(&key).unwrap();
    let output = program(package.folder.path(), &["secrets", "export"]).output().unwrap();
    let said = refused(&output);
    assert!(said.contains("peer.key") && said.contains("a folder is in its place"), "{said}");
}

/// `cargo run` builds before it runs, and a build that has the CA's key issues what it lacks.
#[test]
fn an_import_by_cargo_run_comes_too_late_unless_its_build_writes_nothing() {
    let package = Package::new(SPEC);
    package.build();
    let stream = export(package.folder.path()).stdout;
    let clones = [(clone(&package), None), (clone(&package), Some("0"))];
    for (clone, _) in &clones {
        assert!(import(clone.path(), &stream, &[]).status.success());
        cargo_builds(&package, clone.path());
    }
    package.write(&format!("{SPEC}\n[[client]]\nname = \"carol\"\n"));
    package.build();
    let stream = tempfile::NamedTempFile::new().unwrap();
    fs::write(stream.path(), export(package.folder.path()).stdout).unwrap();
    for (clone, write) in &clones {
        for file in ["cluster.toml", "cluster.lock"] {
            fs::copy(package.path(file), clone.path().join(file)).unwrap();
        }
        let mut cargo = package.cargo("run");
        cargo.args(["--", "secrets", "import"]).current_dir(clone.path());
        cargo.envs(write.map(|value| ("BOUQUET_WRITE", value)));
        let output = cargo.stdin(File::open(stream.path()).unwrap()).output().unwrap();
        let said = text(&output.stderr);
        assert!(output.status.success(), "{said}");
        let theirs = fs::read(package.path("out/clients/carol/client.crt")).unwrap();
        let ours = fs::read(clone.path().join("out/clients/carol/client.crt")).unwrap();
        assert_eq!(ours == theirs, write.is_some(), "{said}");
        let helps = said.contains("`BOUQUET_WRITE=0 cargo run -- secrets import < FILE`");
        assert_eq!(helps, write.is_none(), "{said}");
    }
}

#[test]
fn a_clone_that_is_behind_is_told_to_pull_and_one_of_another_cluster_where_to_go() {
    let package = Package::new(SPEC);
    package.build();
    let clone = clone(&package);
    package.write(&format!("{SPEC}\n[[client]]\nname = \"late\"\n"));
    package.build();
    let exported = export(package.folder.path());
    let said = refused(&import(clone.path(), &exported.stdout, &[]));
    assert!(said.contains("`clients/late/client.crt` is not in cluster.lock"), "{said}");
    assert!(said.contains("`git pull` first"), "{said}");
    assert!(!clone.path().join("out").exists());
    fs::copy(package.path("cluster.lock"), clone.path().join("cluster.lock")).unwrap();
    assert!(import(clone.path(), &exported.stdout, &[]).status.success());

    // An earlier key here gives way; a newer one never does.
    let old = export(package.folder.path());
    let renewed = format!("{SPEC}generation = 2\n\n[[client]]\nname = \"late\"\n");
    package.write(&renewed);
    package.build();
    let new = export(package.folder.path());
    fs::copy(package.path("cluster.lock"), clone.path().join("cluster.lock")).unwrap();
    let behind = text(&export(clone.path()).stderr);
    assert!(
        behind.contains("of a certificate in the stream, cluster.lock has a later one"),
        "{behind}"
    );
    assert!(!text(&new.stderr).contains("warning"), "{}", text(&new.stderr));
    let renewed = import(clone.path(), &new.stdout, &[]);
    let said = text(&renewed.stderr);
    assert!(said.starts_with("imported 1 key, in the place of an earlier one; 8 were"), "{said}");
    let key = fs::read(package.path("out/clients/root/client.key")).unwrap();
    for asked in [&[][..], &["--replace"]] {
        let kept = import(package.folder.path(), &old.stdout, asked);
        let said = text(&kept.stderr);
        assert!(kept.status.success(), "{said}");
        assert!(said.contains("kept what is newer here than in the stream"), "{said}");
        assert!(said.contains("what is here is the lock's current one"), "{said}");
        assert_eq!(fs::read(package.path("out/clients/root/client.key")).unwrap(), key);
    }

    // The program of another cluster has no business here.
    drop(clone);
    let folder = tempfile::tempdir().unwrap();
    for file in ["cluster.toml", "cluster.lock"] {
        fs::copy(package.path(file), folder.path().join(file)).unwrap();
    }
    let other = Command::new(env!("CARGO_BIN_EXE_bouquet"))
        .args(["secrets", "import"])
        .current_dir(folder.path())
        .env_remove("CARGO_MANIFEST_DIR")
        .stdin({
            let file = folder.path().join("stream");
            fs::write(&file, &new.stdout).unwrap();
            File::open(file).unwrap()
        })
        .output()
        .unwrap();
    let said = refused(&other);
    assert!(said.contains("cluster.lock` is of another cluster than this program"), "{said}");
}
