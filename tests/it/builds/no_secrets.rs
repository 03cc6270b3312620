//! Builds where there are no secrets: they write nothing but the constants, and the program is that of the
//! first machine.

use crate::support::cluster::{Cluster, SPEC, all, said};
use crate::support::git::{commit, git};
use crate::support::offsite::{SIGN, requests, signed};
use crate::support::programs::{compile_step, in_own_mounts, shell};
use crate::support::snapshot::{Snapshot, difference, snapshot};
use bouquet_build::{Asked, Built};
use std::fs;
use std::process::Command;
use std::time::{Duration, SystemTime};

const NO_FILES: Asked = Asked { write: Some(false), locked: false };

/// A cluster of every kind of thing that a program knows of certificates.
fn specs() -> Vec<String> {
    let root = "name = \"root\"";
    vec![
        SPEC.to_owned(),
        format!("{SPEC}\n[ca]\nname-constraints = true\npermit = [\"10.0.0.0/24\"]\ncrl = true\n"),
        format!("{SPEC}\n[ca]\ntrust = [1, 2]\n\n[tls]\nlayout = \"shared\"\nkey = \"ed25519\"\n"),
        SPEC.replace(root, "name = \"root\"\ncommon-name = false\ngeneration = 3"),
        format!("{SPEC}\n[tls]\nenabled = false\n"),
    ]
}

/// What lies in a package, but for what cargo keeps.
fn package(cluster: &Cluster) -> Snapshot {
    let mut all = snapshot(cluster.folder.path());
    all.retain(|path, _| {
        !path.starts_with(cluster.path("target")) && path != cluster.folder.path()
    });
    all
}

/// Holds a build to it that it succeeds and writes nothing but the constants.
fn writes_nothing(cluster: &Cluster, step: impl Fn() -> Built) -> String {
    let mut last = String::new();
    for _ in 0..2 {
        let before = package(cluster);
        let built = step();
        last = said(&built);
        assert!(built.report.is_some(), "{last}");
        assert!(built.written().is_empty());
        let changed = difference(&before, &package(cluster));
        assert!(changed.is_empty(), "{changed:?}\n{last}");
    }
    last
}

fn clone(of: &Cluster) -> Cluster {
    let cluster = Cluster::new("");
    fs::remove_file(cluster.path("cluster.toml")).unwrap();
    let place = of.folder.path().display().to_string();
    git(cluster.folder.path(), &["init", "--quiet"]);
    git(cluster.folder.path(), &["pull", "--quiet", &place, "HEAD"]);
    cluster
}

#[test]
fn a_clone_compiles_what_the_first_machine_did() {
    for spec in specs() {
        let first = Cluster::built(&spec);
        commit(first.folder.path(), &["cluster.toml", "cluster.lock"]);
        first.succeeds();
        let module = fs::read(first.path("target/cluster.rs")).unwrap();
        let clone = clone(&first);
        if spec.contains("enabled = false") {
            // There is no secret to be missed.
            clone.succeeds();
            assert_eq!(fs::read(clone.path("target/cluster.rs")).unwrap(), module);
            continue;
        }
        for _ in 0..2 {
            let said = writes_nothing(&clone, || clone.build());
            assert!(said.contains("holds no key: this build proves and prints"), "{said}");
            assert!(!said.contains("cluster.lock has not"), "{said}");
            assert_eq!(fs::read(clone.path("target/cluster.rs")).unwrap(), module);
        }
        assert!(!clone.path("out").exists());
        let locked = Asked { locked: true, ..Asked::default() };
        writes_nothing(&clone, || clone.build_as(locked, SystemTime::now()));
        assert_eq!(fs::read(clone.path("target/cluster.rs")).unwrap(), module);
        assert!(
            !writes_nothing(&clone, || clone.build_as(NO_FILES, SystemTime::now()))
                .contains("holds no key")
        );
        assert_eq!(fs::read(clone.path("target/cluster.rs")).unwrap(), module);
    }
}

#[test]
fn an_out_that_is_gone_without_its_keys_writes_nothing() {
    for harm in [
        "rm -rf out",
        "git clean -qfdX -e '!target'",
        "find out -name '*.key' -delete",
        "rm -rf out/pki out/members out/clients",
    ] {
        let cluster = Cluster::built(SPEC);
        commit(cluster.folder.path(), &["cluster.toml", "cluster.lock"]);
        cluster.succeeds();
        let module = fs::read(cluster.path("target/cluster.rs")).unwrap();
        shell(harm, cluster.folder.path());
        let said = writes_nothing(&cluster, || cluster.build());
        assert!(said.contains("holds no key"), "{harm}: {said}");
        assert_eq!(fs::read(cluster.path("target/cluster.rs")).unwrap(), module, "{harm}");
    }
}

#[test]
fn a_build_that_is_asked_to_writes_nothing_with_and_without_an_out_and_a_lock() {
    let cluster = Cluster::built(SPEC);
    let module = fs::read(cluster.path("target/cluster.rs")).unwrap();
    let build = || cluster.build_as(NO_FILES, SystemTime::now());
    fs::remove_file(cluster.path("out/members/pink/etcd.sh")).unwrap();
    assert_eq!(writes_nothing(&cluster, build), "");
    assert_eq!(fs::read(cluster.path("target/cluster.rs")).unwrap(), module);

    let lock = cluster.lock();
    fs::remove_file(cluster.path("cluster.lock")).unwrap();
    let said = writes_nothing(&cluster, build);
    assert!(said.contains("cluster.lock` is gone") && said.contains("pki/cluster.lock"), "{said}");
    assert_eq!(fs::read(cluster.path("target/cluster.rs")).unwrap(), module);

    fs::rename(cluster.path("out"), cluster.path("target/out")).unwrap();
    let said = writes_nothing(&cluster, build);
    assert!(said.contains("there is no cluster.lock, and nothing is issued here"), "{said}");
    let without = fs::read_to_string(cluster.path("target/cluster.rs")).unwrap();
    assert!(!without.contains("BEGIN CERTIFICATE"), "{without}");

    fs::write(cluster.path("cluster.lock"), lock).unwrap();
    assert_eq!(writes_nothing(&cluster, build), "");
    assert_eq!(fs::read(cluster.path("target/cluster.rs")).unwrap(), module);
}

/// What cargo verifies, or has from a registry: it has to stay as it was packed, with and without secrets in it.
#[test]
fn a_package_that_cargo_unpacked_stays_as_it_is_and_has_its_lock() {
    let asked = [None, Some(false), Some(true)].map(|write| Asked { write, locked: false });
    for spec in specs() {
        let first = Cluster::built(&spec);
        first.succeeds();
        let module = fs::read(first.path("target/cluster.rs")).unwrap();
        let packed = Cluster::new(&spec);
        fs::write(packed.path("cluster.lock"), first.lock()).unwrap();
        let manifest = "# THIS FILE IS AUTOMATICALLY GENERATED BY CARGO\n#\n[package]\n";
        fs::write(packed.path("Cargo.toml"), manifest).unwrap();
        for asked in asked {
            let said = writes_nothing(&packed, || packed.build_as(asked, SystemTime::now()));
            assert!(!said.contains("writes no files") && !said.contains("cluster.lock"), "{said}");
            assert_eq!(fs::read(packed.path("target/cluster.rs")).unwrap(), module);
        }
        fs::remove_file(packed.path("cluster.lock")).unwrap();
        for asked in asked {
            let before = package(&packed);
            let built = packed.build_as(asked, SystemTime::now());
            let said = said(&built);
            assert!(built.report.is_none(), "{said}");
            assert!(said.contains("this package was packed without its cluster.lock"), "{said}");
            assert!(difference(&before, &package(&packed)).is_empty());
        }
    }
}

#[test]
fn a_ca_whose_key_is_elsewhere_issues_again_where_that_is_asked_for() {
    let cluster = signed(SPEC);
    let lock = cluster.lock();
    fs::remove_dir_all(cluster.path("out")).unwrap();
    let said = writes_nothing(&cluster, || cluster.build());
    assert!(
        said.contains("`BOUQUET_WRITE=1 cargo build` has a CA of `[[authority]]` issue"),
        "{said}"
    );
    let asked = Asked { write: Some(true), locked: false };
    fs::rename(cluster.path("ca.crt"), cluster.path("away.crt")).unwrap();
    assert!(cluster.build_as(asked, SystemTime::now()).report.is_none());
    assert!(!cluster.path("out").exists(), "it is refused before it writes");
    fs::rename(cluster.path("away.crt"), cluster.path("ca.crt")).unwrap();
    let built = cluster.build_as(asked, SystemTime::now());
    assert!(built.report.is_some(), "{}", crate::support::cluster::said(&built));
    assert_eq!(requests(&cluster).len(), 14, "a key and a request for each");
    assert_eq!(cluster.lock(), lock);
    shell(SIGN, cluster.folder.path());
    cluster.succeeds();
    assert_eq!(requests(&cluster), [""; 0]);
    assert_eq!(cluster.lock().matches("kind = ").count(), 14);
    assert!(!Cluster::built(SPEC).succeeds().contains("BOUQUET_WRITE"));
}

/// A link to a disk that is not plugged in, and then is.
#[test]
fn an_out_on_a_disk_that_is_away_is_told_as_that() {
    let cluster = Cluster::built(SPEC);
    let module = fs::read(cluster.path("target/cluster.rs")).unwrap();
    shell(
        "mkdir target/disk; mv out target/disk/out; ln -s target/disk/out out",
        cluster.folder.path(),
    );
    assert_eq!(cluster.succeeds(), "");
    shell("mv target/disk target/away", cluster.folder.path());
    let said = writes_nothing(&cluster, || cluster.build());
    assert!(said.contains("out` is a link to `target/disk/out`, where nothing is"), "{said}");
    assert!(said.contains("mount it") && !said.contains("secrets import"), "{said}");
    assert_eq!(fs::read(cluster.path("target/cluster.rs")).unwrap(), module);
    shell("mv target/away target/disk", cluster.folder.path());
    assert_eq!(cluster.succeeds(), "");
    // Without the lock nothing tells that there is a cluster: none is made where a link leads nowhere.
    shell("rm cluster.lock; mv target/disk target/away", cluster.folder.path());
    let said = cluster.fails();
    assert!(said.contains("out`: it is a link to `target/disk/out`, where nothing is"), "{said}");
    assert!(said.contains("mount it"), "{said}");
}

#[test]
fn a_spec_that_changed_is_compiled_and_what_is_lacking_is_said() {
    let first = Cluster::built(SPEC);
    commit(first.folder.path(), &["cluster.toml", "cluster.lock"]);
    let clone = clone(&first);
    for (spec, place) in [
        (format!("{SPEC}\n[[client]]\nname = \"tulip\"\n"), "of `clients/tulip/client`"),
        (SPEC.replace("10.0.0.3", "10.0.0.7"), "of `members/camellia/certs/server` and 1 more"),
        (format!("{SPEC}\n[ca]\ntrust = [1, 2]\n"), "of CA 2"),
        (
            SPEC.replace("name = \"root\"", "name = \"root\"\ngeneration = 2"),
            "of `clients/root/client`",
        ),
    ] {
        clone.write(&spec);
        let said = writes_nothing(&clone, || clone.build());
        assert!(said.contains("cluster.lock has not what cluster.toml asks for"), "{said}");
        assert!(said.contains(place), "{place}: {said}");
    }
    clone.write(SPEC);
    let later = SystemTime::now() + Duration::from_secs(350 * 24 * 60 * 60);
    let said = writes_nothing(&clone, || clone.build_as(Asked::default(), later));
    assert!(said.contains("is to be issued again, at the latest by"), "{said}");
}

#[test]
fn another_ca_is_made_where_the_lock_was_removed_too_and_only_then() {
    let first = Cluster::built(SPEC);
    commit(first.folder.path(), &["cluster.toml", "cluster.lock"]);
    let clone = clone(&first);
    writes_nothing(&clone, || clone.build());
    assert!(clone.ca().is_none());
    fs::remove_file(clone.path("cluster.lock")).unwrap();
    assert!(clone.succeeds().contains("made a certificate authority"));
    assert_ne!(clone.ca(), first.ca());
}

#[test]
fn a_build_that_is_asked_to_write_without_keys_makes_all_but_secrets() {
    let first = Cluster::built(SPEC);
    commit(first.folder.path(), &["cluster.toml", "cluster.lock"]);
    let clone = clone(&first);
    let asked = Asked { write: Some(true), locked: false };
    let built = clone.build_as(asked, SystemTime::now());
    let said = said(&built);
    assert!(built.report.is_some(), "{said}");
    assert!(
        said.contains("`out/pki/ca.crt` was gone")
            || said.contains("was put back from cluster.lock"),
        "{said}"
    );
    assert!(said.contains("are not here, and neither is the CA's key"), "{said}");
    assert_eq!(clone.ca(), first.ca());
    assert_eq!(clone.lock(), first.lock());
    assert_eq!(clone.read("out/members/pink/etcd.sh"), first.read("out/members/pink/etcd.sh"));
    assert_eq!(clone.read("target/cluster.rs"), first.read("target/cluster.rs"));
    assert!(crate::support::snapshot::files(&clone.path("out"), ".key").is_empty());
    // The keys come later.
    shell(&format!("cp -a {}/out/. out/", first.folder.path().display()), clone.folder.path());
    assert_eq!(clone.succeeds(), "");
    assert_eq!(clone.lock(), first.lock());
}

#[test]
fn what_the_environment_asks_for_is_told_where_it_is_no_answer() {
    let cluster = Cluster::new(SPEC);
    for (name, value) in
        [("BOUQUET_WRITE", "yes"), ("BOUQUET_LOCKED", "true"), ("BOUQUET_WRITE", "2")]
    {
        let before = package(&cluster);
        let output = cluster.command().env(name, value).output().unwrap();
        let said = all(&output);
        assert!(!output.status.success(), "{said}");
        assert!(
            said.contains(&format!("the environment variable `{name}` is `{value}`")),
            "{said}"
        );
        assert!(said.contains("write `0` or `1`, or leave it unset"), "{said}");
        assert!(difference(&before, &package(&cluster)).is_empty());
    }
    for empty in ["BOUQUET_WRITE", "BOUQUET_LOCKED"] {
        assert!(cluster.command().env(empty, "").output().unwrap().status.success());
    }
}

/// A file system that takes no writes, with everything there.
#[test]
fn a_mount_that_takes_no_writes_is_read() {
    let cluster = Cluster::built(SPEC);
    let module = fs::read(cluster.path("target/cluster.rs")).unwrap();
    let target = tempfile::tempdir().unwrap();
    let script = format!(
        "mount --bind . . && mount -o remount,bind,ro . && cd \"$PWD\" && \
         OUT_DIR={} \"$COMPILE_STEP\" cluster.toml out",
        target.path().display()
    );
    let before = snapshot(cluster.folder.path());
    let output = in_own_mounts(&script, cluster.folder.path());
    let said = all(&output);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("`.` cannot be written: this build proves and prints"), "{said}");
    assert_eq!(fs::read(target.path().join("cluster.rs")).unwrap(), module);
    assert!(difference(&before, &snapshot(cluster.folder.path())).is_empty());
}

/// Who may read the package and not write it; where that can be, the user `nobody`.
#[test]
fn a_folder_of_another_account_is_read() {
    let cluster = Cluster::built(SPEC);
    let folder = cluster.folder.path();
    let module = fs::read(cluster.path("target/cluster.rs")).unwrap();
    let is_root = shell("id -u", folder).trim() == "0";
    let build = || {
        let target = tempfile::tempdir().unwrap();
        shell("chmod 777 .", target.path());
        let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
        let command = if is_root { &nobody[..] } else { &["env"] };
        let output = Command::new(command[0])
            .args(&command[1..])
            .arg(compile_step())
            .args(["cluster.toml", "out"])
            .current_dir(folder)
            .env("OUT_DIR", target.path())
            .output()
            .expect("this test needs setpriv: install util-linux");
        (output, fs::read(target.path().join("cluster.rs")).ok())
    };
    let mut cases = vec![("chmod 555 .", "."), ("chmod 777 .; chmod 555 out", "out")];
    if is_root {
        cases.extend([
            ("chmod 755 . out; chown 65534 out", "."),
            ("chown -R 65534 out", "."),
            ("chmod 777 .; chown root out; chmod -R go-rwx out", "out"),
        ]);
    }
    for (prepare, closed) in cases {
        shell(prepare, folder);
        let before = snapshot(folder);
        let (output, constants) = build();
        let said = all(&output);
        assert!(output.status.success(), "{prepare}: {said}");
        assert!(said.contains(&format!("`{closed}` cannot be written")), "{prepare}: {said}");
        assert_eq!(constants.as_ref(), Some(&module), "{prepare}");
        assert!(difference(&before, &snapshot(folder)).is_empty(), "{prepare}");
    }
    shell("chmod 000 cluster.lock", folder);
    let (output, _) = build();
    let said = all(&output);
    assert!(!output.status.success() && said.contains("cannot read `cluster.lock`"), "{said}");
    shell("chmod 755 . out", folder);
}
