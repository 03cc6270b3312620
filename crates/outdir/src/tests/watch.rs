//! Whether cargo runs a build script again, with a real cargo and a build script that calls us.

use super::child::child;
use super::*;
use crate::{watch, write_if_changed};
use std::process::Command;

/// A build script that builds through the test binary, and notes that it ran.
const SCRIPT: &str = r#"
use std::io::Write;
fn main() {
    let args: Vec<String> = std::env::var("CHILD").unwrap().split('\n').map(str::to_owned).collect();
    assert!(std::process::Command::new(&args[0]).args(&args[1..]).status().unwrap().success());
    let out = std::env::var("BOUQUET_TEST_OUT").unwrap();
    let mut log = std::fs::File::options().create(true).append(true).open("log").unwrap();
    writeln!(log, "ran").unwrap();
    println!("cargo::rerun-if-changed=cluster.toml");
    for path in ["manifest", "pki", "members", "clients"] {
        println!("cargo::rerun-if-changed={out}/{path}");
    }
}
"#;

struct Package {
    place: Place,
}

impl Package {
    fn new() -> Self {
        let place = place();
        let file = |path: &str, text: &str| {
            let path = place.folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        file("Cargo.toml", "[package]\nname = \"toy\"\nedition = \"2021\"\n[workspace]\n");
        file("src/lib.rs", "");
        file("build.rs", SCRIPT);
        file("cluster.toml", "");
        Self { place }
    }

    /// Runs cargo and returns how often the build script has run by now.
    fn cargo(&self, command: &str, spec: &str) -> usize {
        let inner = child(&self.place.out, spec);
        let mut words = vec![inner.get_program()];
        words.extend(inner.get_args());
        let words: Vec<_> = words.iter().map(|word| word.to_str().unwrap()).collect();
        let mut cargo = Command::new(std::env::var("CARGO").expect("tests are run by cargo"));
        cargo.args([command, "--quiet", "--offline"]).current_dir(self.place.folder.path());
        cargo.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
        cargo.env("CARGO_TARGET_DIR", self.place.folder.path().join("target"));
        cargo.env("CHILD", words.join("\n"));
        let done = cargo.output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        text(self.place.folder.path().join("log")).lines().count()
    }
}

#[test]
fn cargo_runs_the_script_after_a_change_and_only_then() {
    const SPEC: &str = "m:orange c:root";
    let package = Package::new();
    let out = &package.place.out;
    let path = |path: &str| out.join(path);
    assert_eq!(package.cargo("build", SPEC), 1);
    assert_eq!(package.cargo("build", SPEC), 1, "a build writes nothing newer than its start");
    let spec = package.place.folder.path().join("cluster.toml");
    let mut runs = 1;
    let edits: [(&str, &dyn Fn()); 7] = [
        ("a file is edited", &|| fs::write(path("members/orange/etcd.sh"), "edited").unwrap()),
        ("a file is removed", &|| fs::remove_file(path("members/orange/certs/ca.crt")).unwrap()),
        ("a folder is removed", &|| fs::remove_dir_all(path("clients/root")).unwrap()),
        ("a key is removed", &|| fs::remove_file(path("members/orange/certs/peer.key")).unwrap()),
        ("a file is added", &|| fs::write(path("pki/notes.txt"), "text").unwrap()),
        ("the manifest is removed", &|| fs::remove_file(path("manifest")).unwrap()),
        ("the spec is edited", &|| fs::write(&spec, "#").unwrap()),
    ];
    for (what, edit) in edits {
        edit();
        runs += 1;
        assert_eq!(package.cargo("build", SPEC), runs, "{what}");
        assert_eq!(package.cargo("build", SPEC), runs, "once is enough: {what}");
    }
    assert_eq!(text(path("members/orange/etcd.sh")), "# m:orange c:root\n");
    assert!(path("clients/root/client.key").exists());
}

#[test]
fn only_what_is_there_is_watched() {
    let place = place();
    let mut plain = Output::new();
    plain.script("members/orange/etcd.sh", "exec etcd");
    build(&place.out, &plain).unwrap();
    let watched = watch(&place.out).unwrap();
    assert_eq!(watched, [place.out.join("manifest"), place.out.join("members")]);
}

#[test]
fn all_that_is_written_is_older_than_the_build() {
    let place = place();
    let started = SystemTime::now();
    build(&place.out, &cluster(&["orange", "pink"], &["root"], "1")).unwrap();
    build(&place.out, &cluster(&["orange"], &["root", "new"], "2")).unwrap();
    for (path, (_, _, modified, _)) in state(&place.out) {
        assert!(modified < started, "{path}");
    }
}

#[test]
fn constants_are_written_only_when_they_change() {
    let place = place();
    fs::create_dir(&place.out).unwrap();
    let path = place.out.join("cluster.rs");
    let write = |text: &str| write_if_changed(&path, text).unwrap();
    assert!(write("one"));
    let before = state(&place.out);
    assert!(!write("one"));
    assert_eq!(state(&place.out), before);
    assert!(write("two") && write("longer"));
    assert_eq!(text(&path), "longer");
    assert_eq!(listing(&place.out), ["cluster.rs"]);
}
