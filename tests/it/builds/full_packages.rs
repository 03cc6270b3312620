//! What is published, and the root beside it, built from nothing but what cargo packs of it.

use super::packages::PUBLISHED;
use crate::support::cluster::all;
use crate::support::programs::{cargo, compile_step, shell};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// The files that git has of this repository, as they are now, where there is no git.
fn copy() -> TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    let files = "git ls-files -z | xargs -0 cp --parents --no-dereference -t";
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    shell(&format!("{files} '{}'", copy.path().display()), here);
    copy
}

/// Cargo verifies a package by building it where it has unpacked it, and holds the build to leaving that as it was.
#[test]
fn each_crate_and_the_root_are_verified_from_their_packages() {
    let copy = copy();
    let mut step = Command::new(compile_step());
    step.args(["cluster.toml", "out"]).env("OUT_DIR", copy.path()).current_dir(copy.path());
    let made = step.output().expect("the build step");
    assert!(made.status.success(), "{}", all(&made));

    let packages: Vec<&str> = PUBLISHED.into_iter().chain(["bouquet"]).collect();
    let mut cargo = cargo();
    cargo.args(["package", "--offline", "--target-dir"]).arg(copy.path().join("target"));
    cargo.args(packages.iter().flat_map(|name| ["--package", name]));
    cargo.env_remove("RUSTFLAGS");
    let output = cargo.env("CARGO_PROFILE_DEV_DEBUG", "false").current_dir(copy.path()).output();
    let output = output.expect("cargo runs");
    let said = all(&output);
    assert!(output.status.success(), "{said}");
    for name in packages {
        assert!(said.contains(&format!("Verifying {name} v")), "{said}");
    }
}
