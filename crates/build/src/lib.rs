//! `cluster.toml`, proven and turned into certificates, artifacts and constants.

mod certify;
mod check;
pub mod constants;
pub mod diagnostic;
mod external;
pub mod ids;
pub mod issuing;
mod layout;
pub mod outdir;
pub mod pki;
pub mod render;
mod rollout;
mod run;
pub mod secret;
pub mod spec;

pub use check::{Proven, prove};
pub use run::{Built, Job, build, compile};
