//! A package that was written for an earlier release builds with this one.

use crate::support::cluster::SPEC;
use crate::support::package::Package;
use std::fs;

/// The files that README.md told users to write before `bouquet-compile` was renamed. `../bouquet`
/// is where the clone is.
mod before_the_rename {
    pub(super) const MANIFEST: &str = r#"
[package]
name = "cluster"
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

#[test]
fn a_package_that_depends_on_the_former_name_builds_and_is_told_the_lines_to_change() {
    let package = Package::new(SPEC);
    let manifest = before_the_rename::MANIFEST.replace("../bouquet", env!("CARGO_MANIFEST_DIR"));
    fs::write(package.path("Cargo.toml"), manifest).unwrap();
    fs::write(package.path("build.rs"), before_the_rename::BUILD).unwrap();
    fs::write(package.path("src/main.rs"), before_the_rename::MAIN).unwrap();
    let said = package.build();
    assert!(said.contains("use of deprecated function `bouquet_compile::cargo::run`"), "{said}");
    for line in [
        r#"bouquet-build = { path = "../bouquet/crates/build" }"#,
        r#"bouquet_build::compile("cluster.toml", "out")"#,
    ] {
        assert!(said.contains(line), "{said}");
    }
    assert!(package.path("out/pki/ca.crt").exists(), "{said}");
}
