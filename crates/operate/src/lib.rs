//! What the compiled binary does: its command line.
//!
//! The whole program of a cluster is
//!
//! ```ignore
//! mod cluster {
//!     include!(concat!(env!("OUT_DIR"), "/cluster.rs"));
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     bouquet_operate::main(&cluster::CLUSTER, cluster::CERTIFICATES)
//! }
//! ```
//!
//! [`run`] is pure: it takes the arguments and what it may know of its [`Outside`], and returns an
//! [`Outcome`]. [`main`] is the edge that looks around before and carries out after.
//!
//! Standard output is data, standard error is talk. [`Exit`] lists the exit codes.

mod cli;
mod commands;
mod edge;
mod exit;
mod expiry;
mod failure;
mod names;
mod out;
mod outside;
mod show;

pub use exit::Exit;
pub use outside::{Outcome, Outside, Program};

use bouquet_model::Cluster;
use bouquet_model::certificate::Certificate;
use std::ffi::OsString;
use std::process::ExitCode;

/// Does what the command line says with a compiled cluster and the facts of its certificates.
pub fn main(cluster: &Cluster, certificates: &[Certificate]) -> ExitCode {
    edge::main(cluster, certificates)
}

/// Decides what a command line, of which the first word is the program's name, leads to.
pub fn run(
    cluster: &Cluster,
    certificates: &[Certificate],
    arguments: impl IntoIterator<Item = OsString>,
    outside: &Outside<'_>,
) -> Outcome {
    commands::run(&Compiled { cluster, certificates }, arguments.into_iter().collect(), outside)
}

/// What the build put into the binary.
#[derive(Clone, Copy)]
struct Compiled<'a> {
    cluster: &'a Cluster,
    certificates: &'a [Certificate],
}
