//! Rust's standard library for other targets than this machine.

use anyhow::{Context, Result};

use super::{pins, step};
use crate::cmd::Cmd;

/// Adds those of [`pins::TARGETS`] that the toolchain lacks.
pub(super) fn targets() -> Result<()> {
    let missing = missing(&Cmd::new("rustup").args(["target", "list", "--installed"]).output());
    if missing.is_empty() {
        return Ok(());
    }
    let add = Cmd::new("rustup").args(["target", "add"]).args(missing);
    step(&format!("adding targets with `{add}`"), || add.quiet())
        .context("a toolchain without rustup has to bring these targets itself")
}

fn missing(installed: &Result<String>) -> Vec<&'static str> {
    let installed = installed.as_deref().unwrap_or_default();
    let is_missing = |target: &&str| !installed.lines().any(|line| line == *target);
    pins::TARGETS.iter().copied().filter(is_missing).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_installed_is_not_added_again() {
        let one = Ok("x86_64-unknown-linux-gnu\nx86_64-unknown-linux-musl\n".to_owned());
        assert_eq!(missing(&one), ["aarch64-unknown-linux-musl"]);
        assert_eq!(missing(&Err(anyhow::anyhow!("no rustup"))), pins::TARGETS);
    }
}
