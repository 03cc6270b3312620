//! The program of the package in `BOUQUET_PACKAGE`, as if cargo had compiled it from what is there.

#![expect(clippy::disallowed_methods, reason = "a program of the tests")]

#[path = "../support/compiled.rs"]
mod compiled;

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let package = std::env::var_os("BOUQUET_PACKAGE").expect("BOUQUET_PACKAGE names a package");
    let (cluster, certificates) = compiled::compiled(&PathBuf::from(package));
    bouquet_operate::main(&cluster, &certificates)
}
