//! The build step: `cluster.toml`, proven and turned into certificates,
//! artifacts and constants.

pub mod diagnostic;
pub mod spec;
