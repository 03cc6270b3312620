//! A package that was written for an earlier release, with what was built for it, goes on with this one.

use super::full_migration::Old;
use crate::support::cluster::{SPEC, all};
use crate::support::git::git;
use crate::support::package::{self, Package};
use crate::support::snapshot::snapshot;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// The files that README.md told users to write before `bouquet-compile` was renamed. `../bouquet`
/// is where the clone is.
mod before_the_rename {
    pub(super) const MANIFEST: &str = r#"
[package]
name = "flowers"
version = "0.1.0"
edition = "2024"

[dependencies]
bouquet-model = { path = "../bouquet/crates/model" }
bouquet-operate = { path = "../bouquet/crates/operate" }

[build-dependencies]
bouquet-compile = { path = "../bouquet/crates/compile" }
"#;

    pub(super) const BUILD: &str = r#"//! Compiles cluster.toml.

fn main() -> std::process::ExitCode {
    bouquet_compile::cargo::run("cluster.toml", "out")
}
"#;

    pub(super) const MAIN: &str = r#"//! The cluster that `cluster.toml` describes, as one program.

mod cluster {
    //! What `build.rs` made of `cluster.toml`.
    #![expect(unreachable_pub, reason = "generated for any package, private to this one")]
    include!(concat!(env!("OUT_DIR"), "/cluster.rs"));
}

fn main() -> std::process::ExitCode {
    bouquet_operate::main(&cluster::CLUSTER, cluster::CERTIFICATES)
}
"#;
}

/// A client of whom the name told then what it is.
const APISERVER: &str = "\n[[client]]\nname = \"kube-apiserver\"\n";

#[test]
fn a_package_and_an_out_of_the_first_version_go_on_and_what_has_to_be_edited_is_printed() {
    let package = Package::new(&format!("{SPEC}{APISERVER}"));
    let manifest = before_the_rename::MANIFEST.replace("../bouquet", env!("CARGO_MANIFEST_DIR"));
    let write = |path: &str, text: &str| fs::write(package.path(path), text).unwrap();
    write("Cargo.toml", &manifest);
    write("build.rs", before_the_rename::BUILD);
    write("src/main.rs", before_the_rename::MAIN);
    write(".gitignore", "/target\n*.lock\n");
    Old::build().makes_out(package.folder.path());
    let folder = package.folder.path();
    git(folder, &["init", "--quiet"]);
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", "As it was"]);
    let before = certificates(&package);
    assert_eq!(before.len(), 3 * 5 + 2 * 3 + 2);

    let said = package.build();
    let page = include_str!("../../../docs/upgrading.md");
    let (_, table) = page.split_once("| it says | do |").unwrap();
    let rows: Vec<&str> = table.lines().skip(2).take_while(|row| row.starts_with('|')).collect();
    assert!(rows.len() >= 6, "{rows:?}");
    for row in rows {
        let quoted = row.split('|').nth(1).unwrap().replace("``", "");
        for words in quoted.split('…').map(str::trim) {
            assert!(said.contains(words), "{words} is not said:\n{said}");
        }
    }
    for line in [
        r#"bouquet-build = { path = "../bouquet/crates/build" }"#,
        r#"bouquet_build::compile("cluster.toml", "out")"#,
    ] {
        assert!(said.contains(line), "{said}");
    }
    let goes_on = |words: &str| {
        assert!(!words.contains(": reissued "), "{words}");
        let after = certificates(&package);
        assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>(), "{words}");
        assert!(after == before, "{words}");
    };
    goes_on(&said);

    let crates = "/crates/compile\"";
    write(
        "Cargo.toml",
        &manifest.replace("bouquet-compile", "bouquet-build").replace(crates, "/crates/build\""),
    );
    write("build.rs", &before_the_rename::BUILD.replace("_compile::cargo::run", "_build::compile"));
    write(".gitignore", "/target\n");
    let keys = "for = \"kubernetes\"\ncerts-dir = \"/opt/etcd/certs/kube-apiserver\"\n";
    package.write(&format!("{SPEC}{APISERVER}{keys}"));
    let said = package.build();
    assert!(!said.contains("warning"), "{said}");
    goes_on(&said);
    assert!(package.path("out/clients/kube-apiserver/kube-apiserver.flags").exists(), "{said}");
    let plan = package::program(folder, &["plan", "--offline"]).output().unwrap();
    assert!(all(&plan).contains("nothing to do"), "{}", all(&plan));
}

/// All certificates and keys of `out/`, with their contents.
fn certificates(package: &Package) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = snapshot(&package.path("out")).into_iter();
    let is_one = |path: &PathBuf| path.extension().is_some_and(|end| end == "crt" || end == "key");
    files.filter(|(path, _)| is_one(path)).map(|(path, entry)| (path, entry.0.unwrap())).collect()
}
