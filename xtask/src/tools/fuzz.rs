//! cargo-fuzz, which runs the fuzz targets.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{pins, step};
use crate::cmd::Cmd;

/// Returns where cargo-fuzz is, once [`super::ensure`] has run.
pub(crate) fn cargo_fuzz(tools: &Path) -> PathBuf {
    tools.join("bin/cargo-fuzz")
}

/// Builds the pinned cargo-fuzz if it is not there.
pub(super) fn install(tools: &Path) -> Result<()> {
    // Cargo's own record of what it installed below a root.
    let record = tools.join(".crates.toml");
    let pin = format!("cargo-fuzz {} ", pins::CARGO_FUZZ);
    let installed = fs::read_to_string(record).is_ok_and(|text| text.contains(&pin));
    if installed && cargo_fuzz(tools).is_file() {
        return Ok(());
    }
    let build = tools.join("build/cargo-fuzz");
    step(&format!("cargo-fuzz {}: building", pins::CARGO_FUZZ), || {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Cmd::new(cargo)
            .args(["install", "--locked", "cargo-fuzz", "--version", pins::CARGO_FUZZ])
            .arg("--root")
            .path(tools)
            .env("CARGO_TARGET_DIR", build.to_string_lossy())
            .quiet()?;
        fs::remove_dir_all(&build).context("cannot tidy up")
    })
    .context("cargo-fuzz is missing")
}
