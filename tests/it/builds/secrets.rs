//! Private keys: where they are, who can read them, and that they are nowhere else.

use crate::support::cluster::{Cluster, SPEC, all, said, with_clients};
use crate::support::programs::target;
use crate::support::secret_scan::{assert_absent, holds, secrets};
use crate::support::snapshot::files;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

const KINDS: [&str; 3] = ["ecdsa-p256", "ecdsa-p384", "ed25519"];

#[test]
fn keys_are_found_by_these_tests_where_they_are() {
    for kind in KINDS {
        let cluster = Cluster::built(format!("{SPEC}\n[tls]\nkey = \"{kind}\"\n"));
        for secret in secrets(&cluster.path("out")) {
            let text = fs::read(&secret.file).unwrap();
            let mut openssl = Command::new("openssl");
            openssl.args(["pkey", "-outform", "DER", "-in"]).arg(&secret.file);
            let der = openssl.output().unwrap().stdout;
            let file = secret.file.display().to_string();
            let secret = [secret];
            assert!(holds(&secret, &text), "{file}");
            assert!(holds(&secret, &der), "{file} as DER");
            assert!(holds(&secret, format!("{der:?} ").as_bytes()), "{file} in Debug");
            assert!(!holds(&secret, b"-----BEGIN PRIVATE KEY-----"), "{file}");
        }
    }
}

#[test]
fn keys_are_in_no_message_and_no_debug_output() {
    for kind in KINDS {
        let cluster = Cluster::new(format!("{SPEC}\n[tls]\nkey = \"{kind}\"\n"));
        let first = cluster.build();
        let secrets = secrets(&cluster.path("out"));
        assert_absent(&secrets, "what a build says", said(&first).as_bytes());
        assert_absent(&secrets, "Debug of a build", format!("{first:?} {first:#?}").as_bytes());

        let key = cluster.path("out/pki/ca.key");
        fs::copy(cluster.path("out/members/pink/certs/peer.key"), &key).unwrap();
        let second = cluster.build();
        assert!(second.report.is_none());
        assert_absent(&secrets, "an error", said(&second).as_bytes());
        assert_absent(&secrets, "Debug of an error", format!("{second:?}").as_bytes());
        let output = cluster.process();
        assert_absent(&secrets, "what a process says", all(&output).as_bytes());
    }
}

#[test]
fn keys_are_in_no_file_but_their_own() {
    let cluster = Cluster::built(with_clients(3));
    let secrets = secrets(&cluster.path("out"));
    for file in files(cluster.folder.path(), "") {
        if !file.to_string_lossy().ends_with(".key") {
            assert_absent(&secrets, &file.display().to_string(), &fs::read(&file).unwrap());
        }
    }
}

/// The repository's own cluster, as cargo has built it for this test.
#[test]
fn keys_are_neither_in_the_binary_nor_anywhere_that_cargo_keeps() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let secrets = secrets(&here.join("out"));
    let binary = fs::read(env!("CARGO_BIN_EXE_bouquet")).unwrap();
    assert_absent(&secrets, "the binary", &binary);
    let constants = concat!(env!("OUT_DIR"), "/cluster.rs");
    assert_absent(&secrets, "the constants", &fs::read(constants).unwrap());
    let kept = files(&target().join("debug/build"), "");
    let ours = kept.iter().filter(|path| {
        let path = path.to_string_lossy();
        // The script itself was built before there was a key.
        path.contains("/bouquet-")
            && !path.contains("/build-script-build")
            && !path.contains("/build_script_build")
    });
    let mut seen = 0;
    for file in ours {
        assert_absent(&secrets, &file.display().to_string(), &fs::read(file).unwrap());
        seen += 1;
    }
    assert!(seen >= 3, "cargo keeps what a script says in debug/build, and {seen} files are there");
}

#[test]
fn git_takes_no_key() {
    let cluster = Cluster::built(SPEC);
    let git = |arguments: &[&str]| {
        let output = Command::new("git")
            .args(arguments)
            .current_dir(cluster.folder.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .expect("this test needs git: install it");
        assert!(output.status.success(), "{}", all(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    git(&["init", "--quiet"]);
    git(&["add", "--all"]);
    let taken = git(&["ls-files", "out"]);
    assert_eq!(taken, "out/.gitignore\nout/README.md\n");
    let secrets = secrets(&cluster.path("out"));
    let objects = git(&["cat-file", "--batch", "--batch-all-objects"]);
    assert!(objects.contains("[[member]]"), "cluster.toml is an object: {objects}");
    assert_absent(&secrets, "git's objects", objects.as_bytes());
    assert_absent(&secrets, "git's index", &fs::read(cluster.path(".git/index")).unwrap());
    let status = git(&["status", "--porcelain", "--untracked-files=all"]);
    assert!(!status.contains(".key"), "{status}");
}

#[test]
fn this_repository_holds_no_key() {
    let output = Command::new("git")
        .args(["ls-files", "out"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("this test needs git: install it");
    // Nothing where the sources are no repository.
    let taken = String::from_utf8(output.stdout).unwrap();
    assert!(
        taken.lines().all(|file| ["out/.gitignore", "out/README.md"].contains(&file)),
        "{taken}"
    );
}

#[test]
fn keys_are_their_owners_alone_whatever_the_umask() {
    for umask in ["000", "022", "077", "177", "777"] {
        let cluster = Cluster::new(SPEC);
        let output = Command::new("sh")
            .args(["-c", &format!("umask {umask}; exec \"$COMPILE_STEP\" cluster.toml out")])
            .current_dir(cluster.folder.path())
            .env("COMPILE_STEP", crate::support::programs::compile_step())
            .env("OUT_DIR", cluster.path("target"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", all(&output));
        assert_eq!(mode(&cluster.path("out")), 0o755, "under umask {umask}");
        for key in files(&cluster.path("out"), ".key") {
            let folder = key.parent().unwrap();
            assert_eq!(mode(&key), 0o600, "{} under umask {umask}", key.display());
            assert_eq!(mode(folder), 0o700, "{} under umask {umask}", folder.display());
        }
    }
}

#[test]
fn keys_that_others_can_read_are_closed_and_that_is_said() {
    let cluster = Cluster::built(SPEC);
    let folder = "out/members/pink/certs";
    let opened = [
        ("out/pki/ca.key", 0o644, 0o600),
        ("out/members/pink/certs/peer.key", 0o666, 0o600),
        ("out/clients/root/client.key", 0o640, 0o600),
        (folder, 0o755, 0o700),
    ];
    for (path, open, _) in opened {
        fs::set_permissions(cluster.path(path), fs::Permissions::from_mode(open)).unwrap();
    }
    let said = cluster.succeeds();
    for (path, open, closed) in opened {
        let path = cluster.path(path);
        assert_eq!(mode(&path), closed);
        let words = format!(
            "`{}` was open to others (mode {open:04o}); it is {closed:04o}",
            path.display()
        );
        assert!(said.contains(&words), "{words}: {said}");
    }
    assert!(!cluster.succeeds().contains("open to others"), "it is said once");
}

fn mode(path: &Path) -> u32 {
    path.symlink_metadata().unwrap().permissions().mode() & 0o7777
}

#[test]
fn key_of_the_authority_is_in_one_place_and_a_member_holds_no_others() {
    let cluster = Cluster::built(SPEC);
    let name = |path: &Path| path.strip_prefix(cluster.path("out")).unwrap().display().to_string();
    let keys: Vec<String> = files(&cluster.path("out"), ".key").iter().map(|p| name(p)).collect();
    let member =
        |name: &str| ["peer", "server"].map(|file| format!("members/{name}/certs/{file}.key"));
    let mut expected = vec!["clients/root/client.key".to_owned()];
    expected.extend(["camellia", "orange", "pink"].into_iter().flat_map(member));
    expected.push("pki/ca.key".to_owned());
    assert_eq!(keys, expected);
    let mut contents: Vec<Vec<u8>> =
        files(&cluster.path("out"), ".key").iter().map(|p| fs::read(p).unwrap()).collect();
    contents.sort();
    contents.dedup();
    assert_eq!(contents.len(), expected.len(), "two keys are the same");
}
