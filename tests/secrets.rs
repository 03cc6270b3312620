//! Private keys: where they are, who can read them, and that they are nowhere else.

#![expect(clippy::disallowed_methods, reason = "tests touch files, and read the clock")]
#![expect(clippy::unwrap_used, reason = "a test that cannot touch its own files fails")]

#[expect(dead_code, reason = "each of the tests uses a part of it")]
mod faults;

use faults::snapshot::files;
use faults::tools::target;
use faults::{Cluster, SPEC, all, said, with_clients};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

const KINDS: [&str; 3] = ["ecdsa-p256", "ecdsa-p384", "ed25519"];

/// What of a private key must be nowhere else: its lines, its bytes, and the secret number in them.
struct Secret {
    file: PathBuf,
    texts: Vec<Vec<u8>>,
}

/// Every private key below a folder.
fn secrets(out: &Path) -> Vec<Secret> {
    let keys = files(out, ".key");
    assert!(!keys.is_empty(), "there is no key in {}", out.display());
    keys.into_iter().map(secret).collect()
}

fn secret(file: PathBuf) -> Secret {
    let text = fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("-----")).collect();
    assert!(!lines.is_empty() && text.contains("PRIVATE KEY"), "{}", file.display());
    let output = Command::new("openssl")
        .args(["pkey", "-noout", "-text", "-in"])
        .arg(&file)
        .output()
        .expect("this test needs the command openssl: install it");
    let shown = String::from_utf8(output.stdout).unwrap();
    let shown_number: String = shown
        .lines()
        .skip_while(|line| !line.starts_with("priv"))
        .skip(1)
        .take_while(|line| line.starts_with(' '))
        .collect();
    let number: Vec<u8> = shown_number
        .split(':')
        .map(|byte| u8::from_str_radix(byte.trim(), 16).expect("openssl shows hexadecimal"))
        .collect();
    assert!(number.len() >= 32, "openssl shows no private key in {}", file.display());
    // As bytes, in hexadecimal, and as a list of numbers: `Debug` of bytes looks so.
    let hex: String = shown_number.chars().filter(char::is_ascii_hexdigit).collect();
    let list = format!("{:?}", &number[1..16]);
    let mut texts: Vec<Vec<u8>> = lines.iter().map(|line| line.as_bytes().to_vec()).collect();
    // The first line of a short key begins with what all keys of its kind begin with; the last may
    // be no more than padding.
    texts.retain(|line| line.len() >= 40);
    texts.extend([number[1..].to_vec(), hex.into_bytes(), list.trim_matches(['[', ']']).into()]);
    Secret { file, texts }
}

/// One pass over what may be a large file: most places are ruled out by their first two bytes.
fn assert_absent(secrets: &[Secret], place: &str, bytes: &[u8]) {
    let mut begins = vec![false; 1 << 16];
    let pair = |bytes: &[u8]| usize::from(bytes[0]) << 8 | usize::from(bytes[1]);
    for text in secrets.iter().flat_map(|secret| &secret.texts) {
        begins[pair(text)] = true;
    }
    for at in 0..bytes.len().saturating_sub(1) {
        if !begins[pair(&bytes[at..])] {
            continue;
        }
        for Secret { file, texts } in secrets {
            let found = texts.iter().any(|text| bytes[at..].starts_with(text));
            assert!(!found, "a part of {} is in {place}", file.display());
        }
    }
}

#[test]
fn keys_are_found_by_these_tests_where_they_are() {
    for kind in KINDS {
        let cluster = Cluster::built(format!("{SPEC}\n[tls]\nkey = \"{kind}\"\n"));
        for secret in secrets(&cluster.path("out")) {
            let text = fs::read(&secret.file).unwrap();
            let found = |part: &Vec<u8>| text.windows(part.len()).any(|window| window == part);
            assert!(secret.texts.iter().any(found), "{}", secret.file.display());
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
    for umask in ["000", "022", "077"] {
        let cluster = Cluster::new(SPEC);
        let output = Command::new("sh")
            .args(["-c", &format!("umask {umask}; exec \"$COMPILE_STEP\" cluster.toml out")])
            .current_dir(cluster.folder.path())
            .env("COMPILE_STEP", faults::tools::compile_step())
            .env("OUT_DIR", cluster.path("target"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", all(&output));
        let mode = |path: &Path| path.symlink_metadata().unwrap().permissions().mode() & 0o7777;
        for key in files(&cluster.path("out"), ".key") {
            let folder = key.parent().unwrap();
            assert_eq!(mode(&key), 0o600, "{} under umask {umask}", key.display());
            assert_eq!(mode(folder), 0o700, "{} under umask {umask}", folder.display());
        }
    }
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
