//! Rust's standard library for other targets than this machine.

use anyhow::{Context, Result};

use super::step;
use crate::cmd::Cmd;

/// Adds those of some targets that the toolchain lacks.
pub(super) fn targets(wanted: &[&'static str]) -> Result<()> {
    let installed = Cmd::new("rustup").args(["target", "list", "--installed"]).output();
    let missing = missing(wanted, &installed);
    if missing.is_empty() {
        return Ok(());
    }
    let add = Cmd::new("rustup").args(["target", "add"]).args(missing);
    step(&format!("adding targets with `{add}`"), || add.quiet())
        .context("a toolchain without rustup has to bring these targets itself")
}

fn missing(wanted: &[&'static str], installed: &Result<String>) -> Vec<&'static str> {
    let installed = installed.as_deref().unwrap_or_default();
    let is_missing = |target: &&str| !installed.lines().any(|line| line == *target);
    wanted.iter().copied().filter(is_missing).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::pins;

    #[test]
    fn what_is_installed_is_not_added_again() {
        let one = Ok("x86_64-unknown-linux-gnu\nx86_64-unknown-linux-musl\n".to_owned());
        assert_eq!(missing(pins::TARGETS, &one), ["aarch64-unknown-linux-musl"]);
        let none = Err(anyhow::anyhow!("no rustup"));
        assert_eq!(missing(pins::TARGETS, &none), pins::TARGETS);
    }
}
