//! What a build is made from and where it goes.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// Says what a build is made from and where it goes.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// `cluster.toml`.
    pub spec: &'a Path,
    /// The folder of certificates and artifacts.
    pub out: &'a Path,
    /// The generated module.
    pub constants: &'a Path,
    /// The name of the package, and so of its program.
    pub program: &'a str,
    /// When the build began.
    pub started: SystemTime,
    /// What the environment asks for.
    pub asked: Asked,
}

/// Holds what the environment asks of a build.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked {
    /// `BOUQUET_WRITE`: `0` writes nothing but the constants, `1` writes also where there are no secrets;
    /// where it is not set, that follows from what is there.
    pub write: Option<bool>,
    /// `BOUQUET_LOCKED=1`: `cluster.lock` must say what the spec asks for, and nothing is issued.
    pub locked: bool,
}

/// Returns a time in seconds since 1970.
pub(super) fn seconds(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
