//! The build step as a process of its own, as cargo would start it: for benchmarks and tests.
//!
//! `OUT_DIR=/tmp/x compile-step cluster.toml out`

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [spec, out] => bouquet_build::compile(spec, out),
        _ => ExitCode::from(2),
    }
}
