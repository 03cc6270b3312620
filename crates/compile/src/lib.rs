//! `cluster.toml`, proven and turned into certificates, artifacts and constants.

pub mod pki;
