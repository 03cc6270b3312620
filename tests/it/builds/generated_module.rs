//! The generated module, in programs as people write them.

use crate::support::cluster::{SPEC, all};
use crate::support::package::Package;
use std::fs;

/// Uses what the module has, and one of the members by its name.
const PROGRAM: &str = r#"//! A program.
bouquet_model::include_cluster!();

fn main() {
    println!("{} {}", cluster::members::PINK.node(), cluster::clients::ROOT.name);
    println!("{} {:?}", cluster::TOKEN, cluster::CLUSTER_ID);
    assert!(cluster::ENDPOINTS.iter().all(|url| url.starts_with("https://")));
    assert!(cluster::CA_PEM.starts_with("-----BEGIN CERTIFICATE-----\n"));
    assert!(cluster::CA_PEM.ends_with("-----END CERTIFICATE-----\n"));
}
"#;

/// How the module was taken in before there was a macro, beside items of the same names.
const BY_HAND: &str = r#"//! A program.
include!(concat!(env!("OUT_DIR"), "/cluster.rs"));

mod members {
    pub(crate) const PINK: u8 = 1;
}
const ENDPOINTS: [u8; 1] = [members::PINK];
const CA_PEM: u8 = ENDPOINTS[0];

fn main() -> std::process::ExitCode {
    assert_eq!(CA_PEM, 1);
    bouquet_operate::main(&CLUSTER, CERTIFICATES)
}
"#;

const EDITIONS: [&str; 3] = ["2018", "2021", "2024"];

/// The editions of before, and clippy, which looks at all that a package is made of once more.
mod full_lints {
    use super::{EDITIONS, PROGRAM, all, package, runs};

    #[test]
    fn every_edition_takes_the_module_in_and_no_lint_of_the_compiler_complains() {
        for edition in EDITIONS {
            runs(edition);
        }
    }

    #[test]
    fn clippy_has_no_complaint_of_the_module_in_any_edition() {
        for edition in EDITIONS {
            let output = package(edition, PROGRAM).cargo("clippy").output().unwrap();
            assert!(output.status.success(), "{edition}: {}", all(&output));
        }
    }
}

#[test]
fn a_program_takes_the_module_in_and_no_lint_of_the_compiler_complains() {
    runs("2024");
}

/// A program of that edition is built without a word, and tells what the module has.
fn runs(edition: &str) {
    let package = package(edition, PROGRAM);
    let output = package.cargo("run").output().unwrap();
    assert!(output.status.success(), "{edition}: {}", all(&output));
    assert!(all(&output).contains("10.0.0.1 root\n"), "{edition}: {}", all(&output));
}

#[test]
fn a_program_that_names_who_is_gone_does_not_compile() {
    let package = package("2024", PROGRAM);
    package.write(&SPEC.replace("\"pink\"", "\"rose\""));
    let output = package.cargo("build").output().unwrap();
    assert!(!output.status.success());
    assert!(all(&output).contains("cannot find value `PINK` in module"), "{}", all(&output));
}

#[test]
fn a_file_that_is_included_by_hand_brings_no_name_but_two() {
    let package = package("2021", BY_HAND);
    let output = package.cargo("build").output().unwrap();
    assert!(output.status.success(), "{}", all(&output));
}

#[test]
fn a_package_without_a_build_script_is_told_so() {
    let package = package("2024", PROGRAM);
    fs::remove_file(package.path("build.rs")).unwrap();
    let output = package.cargo("build").output().unwrap();
    assert!(!output.status.success());
    let said = all(&output);
    assert!(said.contains("needs a build.rs that calls bouquet_build::compile"), "{said}");
}

/// A package of some edition whose own lints are all errors.
fn package(edition: &str, program: &str) -> Package {
    let package = Package::new(SPEC);
    let manifest = fs::read_to_string(package.path("Cargo.toml")).unwrap();
    let lints = "[lints.rust]\nwarnings = \"deny\"\nmissing_docs = \"deny\"\n\
                 unreachable_pub = \"deny\"\n[lints.clippy]\nall = { level = \"deny\", priority = -1 }\n\
                 pedantic = { level = \"deny\", priority = -1 }\n";
    let manifest = manifest.replace("2024", edition) + lints;
    fs::write(package.path("Cargo.toml"), manifest).unwrap();
    fs::write(package.path("src/main.rs"), program).unwrap();
    package
}
