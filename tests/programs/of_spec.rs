//! The program of any cluster, without a build of its own: the spec is the one that `SPEC` names.
#![expect(clippy::disallowed_methods, reason = "a program for tests, which say where the spec is")]

use std::process::ExitCode;

fn main() -> ExitCode {
    let path = std::env::var_os("SPEC").expect("the variable SPEC names a spec");
    let spec = std::fs::read(path).expect("a spec");
    let (proven, _) = bouquet_build::prove(&spec);
    bouquet_operate::main(&proven.expect("a sound spec").cluster, &[])
}
