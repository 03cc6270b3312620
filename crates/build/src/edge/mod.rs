//! The edge: the build step as a whole, with the environment, the clock, cargo's stdout and the files
//! that are read and written.

mod advice;
mod asked;
mod build;
mod certify;
mod clones;
mod existing;
mod held;
mod job;
mod log;
mod observe;
mod revision;
mod typed;
mod writes;

pub use build::{Built, build};
pub use job::{Asked, Job};

use self::asked::{VARIABLES, asked};
use self::existing::lock::place;
use crate::diagnostic::{Diagnostics, Source, Style};
use bouquet_model::Cluster;
use bouquet_model::digest::Digest;
use bouquet_outdir::watch;
use bouquet_x509::fingerprint;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

/// Compiles the cluster that `spec` describes: into the folder `out`, and into the constants that the
/// program includes.
///
/// Paths are relative to the package. Says in cargo's own terms on stdout what is worth a warning.
/// Where there is an error, all that was found is on stderr alone, with its places, and the build
/// fails: cargo then shows stderr, and whatever is on stdout besides, so that an error that was
/// also a `cargo::error` would be there three times. It needs no watched paths then either, as it
/// runs a script that failed again.
#[expect(
    clippy::disallowed_methods,
    reason = "cargo says by its environment where to write, and what it calls the program"
)]
#[expect(clippy::print_stdout, reason = "cargo listens on stdout")]
pub fn compile(spec: &str, out: &str) -> ExitCode {
    let started = SystemTime::now();
    let Some(folder) = std::env::var_os("OUT_DIR").map(PathBuf::from) else {
        let _ = writeln!(io::stderr(), "OUT_DIR is not set: call this from build.rs, run by cargo");
        return ExitCode::FAILURE;
    };
    let constants = folder.join("cluster.rs");
    let asked = match asked() {
        Ok(asked) => asked,
        Err(wrong) => {
            let found = Diagnostics::from(wrong);
            let _ = writeln!(io::stderr(), "{}", found.render(Source::new(spec, ""), Style::Plain));
            return ExitCode::FAILURE;
        }
    };
    let (spec_path, out_path) = (Path::new(spec), Path::new(out));
    let program = std::env::var("CARGO_PKG_NAME");
    let program = program.as_deref().unwrap_or(Cluster::PROGRAM);
    let job =
        Job { spec: spec_path, out: out_path, constants: &constants, program, started, asked };
    let mut built = build(job);
    let shown = Source::new(spec, &built.source);
    if built.report.is_none() {
        let _ = writeln!(io::stderr(), "{}", built.found.render(shown, Style::Plain));
        return ExitCode::FAILURE;
    }
    // Only now: the build may have written what git is asked of.
    let revision = revision::revision(job.spec);
    built.found.extend(revision.said);
    println!("cargo::rerun-if-changed={spec}");
    let package = spec_path.parent().unwrap_or(Path::new(""));
    for variable in VARIABLES.into_iter().chain(clones::variable(&folder, package, out_path)) {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    // Be it there or not: where nothing may be written, it may still come by a pull.
    let lock = [place(spec_path)].into_iter();
    let watched = lock.chain(watch(job.out).unwrap_or_default());
    for path in watched.chain(revision.watched) {
        println!("cargo::rerun-if-changed={}", path.display());
    }
    for instruction in &built.watched {
        println!("{instruction}");
    }
    if let Some(commit) = revision.commit {
        println!("cargo::rustc-env=BOUQUET_REVISION={commit}");
    }
    let source = Digest(fingerprint(built.source.as_bytes()));
    println!("cargo::rustc-env=BOUQUET_SOURCE={}", source.full());
    println!("cargo::rustc-env=BOUQUET_ACCEPT={}", built.accept);
    for (variable, destination) in &built.ssh {
        println!("cargo::rustc-env={variable}={destination}");
    }
    for (_, warning) in built.found.one_lines(shown) {
        println!("cargo::warning={warning}");
    }
    ExitCode::SUCCESS
}
