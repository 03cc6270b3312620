//! `cluster.toml`, proven and turned into certificates, artifacts and constants.
//!
//! A `build.rs` is one call:
//!
//! ```no_run
//! fn main() -> std::process::ExitCode {
//!     bouquet_build::compile("cluster.toml", "out")
//! }
//! ```
//!
//! It proves the cluster that the file describes, keeps the certificates that are good and issues
//! the others, writes `out/`, and leaves the whole definition in `OUT_DIR` for the program to
//! include. Mistakes are shown as rustc shows them, and fail the build; `out/` is then as it was.
//!
//! [`prove`] does the first part alone, for whoever wants to check a file.
//!
//! All else is public for this project's own tests and benchmarks, and may change at any time.

mod certify;
mod check;
mod clock;
#[doc(hidden)]
pub mod constants;
pub mod diagnostic;
mod existing;
mod external;
mod former;
#[doc(hidden)]
pub mod ids;
#[doc(hidden)]
pub mod issuing;
mod job;
mod layout;
#[doc(hidden)]
pub mod outdir;
mod parallel;
mod passphrase;
#[doc(hidden)]
pub mod pki;
#[doc(hidden)]
pub mod render;
mod rollout;
mod run;
#[doc(hidden)]
pub mod spec;
mod upgrade;

pub use check::{Proven, prove};
#[doc(hidden)]
pub use job::Job;
pub use run::compile;
#[doc(hidden)]
pub use run::{Built, build};
