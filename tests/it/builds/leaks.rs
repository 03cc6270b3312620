//! Nothing of a private key is in what cargo builds, keeps and says, in what the program prints, nor
//! in any error.

use crate::support::cluster::{Cluster, SPEC, all, said};
use crate::support::package::Package;
use crate::support::programs::compile_step;
use crate::support::scope::is_full;
use crate::support::secret_scan::{assert_absent, secrets};
use crate::support::snapshot::files;
use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{SystemTime, UNIX_EPOCH};

/// What the program can print; each is run by itself.
const COMMANDS: &[&[&str]] = &[
    &[],
    &["--json"],
    &["members", "--json"],
    &["command", "pink"],
    &["command", "pink", "--format", "systemd"],
    &["certs", "--json"],
    &["certs", "--full"],
    &["etcdctl"],
    &["completions", "bash"],
    &["nonsense"],
];

/// A build of each kind, as talkative as cargo can be, and a second one, which repeats the words of
/// the first. The one that is optimised takes longer than all others together.
#[test]
fn no_key_is_in_what_cargo_builds_keeps_and_says_nor_in_what_the_program_prints() {
    let package = Package::new(&SPEC.replace("faults", "leaks"));
    let started = seconds(SystemTime::now());
    let build = |arguments: &[&str]| {
        let output = package.cargo("build").arg("-vv").args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", all(&output));
        output
    };
    let mut kinds = vec![&[][..], &["--message-format", "json"]];
    let mut profiles = vec!["debug"];
    if is_full() {
        kinds.push(&["--release"]);
        profiles.push("release");
    }
    let outputs: Vec<_> = kinds.into_iter().map(|kind| [build(kind), build(kind)]).collect();
    let secrets = secrets(&package.path("out"));
    for output in &outputs[0] {
        assert!(all(output).contains("made a certificate authority"), "{}", all(output));
    }
    for output in outputs.iter().flatten() {
        assert_absent(&secrets, "what cargo says", all(output).as_bytes());
    }
    let written = |path: &PathBuf| path.symlink_metadata().unwrap().ctime() >= started;
    let mut kept = files(&Package::target(), "");
    kept.retain(written);
    let programs = profiles.iter().map(|profile| format!("{profile}/flowers"));
    for end in programs.chain(["out/cluster.rs", "output"].map(str::to_owned)) {
        assert!(kept.iter().any(|path| path.ends_with(&end)), "{end} is not in {kept:?}");
    }
    for path in kept.iter().chain(&files(package.folder.path(), "")) {
        let own = path.extension().is_some_and(|extension| extension == "key");
        if !own {
            assert_absent(&secrets, &path.display().to_string(), &fs::read(path).unwrap());
        }
    }
    for profile in profiles {
        for arguments in COMMANDS {
            let mut program = Command::new(Package::target().join(profile).join("flowers"));
            let output = program.args(*arguments).current_dir(package.folder.path()).output();
            let said = all(&output.unwrap());
            assert!(!said.is_empty(), "{arguments:?}");
            assert_absent(&secrets, &format!("what {arguments:?} prints"), said.as_bytes());
        }
    }
}

/// What someone does to the files of a cluster, and what a build says of it.
struct Harm {
    what: &'static str,
    doing: fn(&Path),
    said: &'static str,
}

const HARM: &[Harm] = &[
    Harm { what: "a line is missing", doing: |out| edit(out, CA, without_a_line), said: CA },
    Harm { what: "a letter is wrong", doing: |out| edit(out, CA, with_a_wrong_letter), said: CA },
    Harm {
        what: "it is cut",
        doing: |out| edit(out, CA, |key| key[..key.len() / 2].into()),
        said: CA,
    },
    Harm { what: "it is there twice", doing: |out| edit(out, CA, |key| key.repeat(2)), said: CA },
    Harm { what: "it is DER", doing: |out| openssl(out, &["-outform", "DER"]), said: CA },
    Harm {
        what: "it is encrypted",
        doing: |out| openssl(out, &["-aes256", "-passout", "pass:word"]),
        said: "encrypted",
    },
    Harm {
        what: "it is a leaf's",
        doing: |out| copy(out, LEAF, CA),
        said: "is not the key of the CA",
    },
    Harm { what: "it is a certificate", doing: |out| copy(out, "pki/ca.crt", CA), said: CA },
    Harm { what: "it is a link", doing: link, said: "it is a symbolic link" },
    Harm {
        what: "it is a certificate's",
        doing: |out| copy(out, CA, "pki/ca.crt"),
        said: "private key",
    },
    Harm { what: "it follows", doing: |out| append(out, "pki/ca.crt", CA), said: "pki/ca.crt" },
    Harm { what: "it precedes", doing: |out| append(out, CA, "pki/ca.crt"), said: "" },
    Harm {
        what: "a leaf's is wrong",
        doing: |out| edit(out, LEAF, with_a_wrong_letter),
        said: "reissued",
    },
    Harm { what: "a leaf's is the CA's", doing: |out| copy(out, CA, LEAF), said: "reissued" },
    Harm {
        what: "a leaf's is a certificate's",
        doing: |out| copy(out, LEAF, "members/pink/certs/peer.crt"),
        said: "private key instead of a certificate",
    },
    Harm { what: "it is the manifest", doing: |out| copy(out, CA, "manifest"), said: "" },
];

const CA: &str = "pki/ca.key";
const LEAF: &str = "members/pink/certs/peer.key";

#[test]
fn no_key_is_in_what_a_build_says_or_writes_of_files_that_were_harmed() {
    for kind in ["ecdsa-p256", "ed25519"] {
        for Harm { what, doing, said: words } in HARM {
            let cluster = Cluster::built(format!("{SPEC}\n[tls]\nkey = \"{kind}\"\n"));
            let out = cluster.path("out");
            let secrets = secrets(&out);
            doing(&out);
            let harmed = holding_keys(&out);
            let process = cluster.process();
            let built = cluster.build();
            assert!(all(&process).contains(words), "{what}: {}", all(&process));
            assert_absent(&secrets, what, all(&process).as_bytes());
            assert_absent(&secrets, what, said(&built).as_bytes());
            assert_absent(&secrets, what, format!("{built:?} {built:#?}").as_bytes());
            for path in files(cluster.folder.path(), "") {
                if !harmed.contains(&path) {
                    let bytes = fs::read(&path).unwrap();
                    assert_absent(&secrets, &format!("{what}: {}", path.display()), &bytes);
                }
            }
        }
    }
}

#[test]
fn no_key_is_in_what_a_build_says_that_may_not_read_it() {
    let cluster = Cluster::built(SPEC);
    let secrets = secrets(&cluster.path("out"));
    for key in [CA, LEAF] {
        let path = cluster.path("out").join(key);
        let permissions = |mode| {
            fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
        };
        permissions(0);
        let output = without_power(&cluster);
        permissions(0o600);
        let said = all(&output);
        assert!(!output.status.success(), "{said}");
        assert!(said.contains(&format!("cannot read `out/{key}`: permission denied")), "{said}");
        assert_absent(&secrets, "an error", said.as_bytes());
    }
}

/// A build that permissions hold, even where the tests are run by root.
fn without_power(cluster: &Cluster) -> Output {
    let mut command = Command::new("unshare");
    command
        .args(["--user", "--map-root-user", "setpriv", "--bounding-set=-all", "--inh-caps=-all"])
        .arg(compile_step())
        .args(["cluster.toml", "out"])
        .current_dir(cluster.folder.path())
        .env("OUT_DIR", cluster.path("target"));
    command.output().expect("this test needs unshare and setpriv: install util-linux")
}

/// The files that may hold a key: those that end so, and what was put in the place of others.
fn holding_keys(out: &Path) -> Vec<PathBuf> {
    let marked = |path: &PathBuf| {
        let text = fs::read(path).unwrap();
        path.extension().is_some_and(|extension| extension == "key")
            || text.windows(11).any(|window| window == b"PRIVATE KEY")
    };
    files(out, "").into_iter().filter(marked).collect()
}

fn edit(out: &Path, file: &str, change: fn(&str) -> String) {
    let path = out.join(file);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(path, change(&text)).unwrap();
}

fn without_a_line(key: &str) -> String {
    let lines = key.split_inclusive('\n').enumerate();
    lines.filter(|(number, _)| *number != 1).map(|(_, line)| line).collect()
}

/// Only the number itself is another.
fn with_a_wrong_letter(key: &str) -> String {
    let at = key.find('\n').unwrap() + 62;
    let other = if &key[at..=at] == "A" { "B" } else { "A" };
    format!("{}{other}{}", &key[..at], &key[at + 1..])
}

fn copy(out: &Path, from: &str, to: &str) {
    fs::copy(out.join(from), out.join(to)).unwrap();
}

fn append(out: &Path, to: &str, what: &str) {
    let text = [fs::read(out.join(to)).unwrap(), fs::read(out.join(what)).unwrap()].concat();
    fs::write(out.join(to), text).unwrap();
}

fn link(out: &Path) {
    let key = out.join(CA);
    fs::rename(&key, out.join("elsewhere.key")).unwrap();
    symlink(out.join("elsewhere.key"), key).unwrap();
}

fn openssl(out: &Path, arguments: &[&str]) {
    let key = out.join(CA);
    let mut openssl = Command::new("openssl");
    openssl.arg("pkey").args(arguments).arg("-in").arg(&key);
    let output = openssl.output().expect("this test needs the command openssl: install it");
    assert!(output.status.success(), "{}", all(&output));
    fs::write(key, output.stdout).unwrap();
}

fn seconds(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).unwrap().as_secs().cast_signed()
}
