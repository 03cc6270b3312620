//! `target/tools/bin/sops`: keys that are sealed by another program than age.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::go::go;
use super::{fresh_dir, pins, step};
use crate::cmd::Cmd;

/// Builds the pinned release, unless it is there.
///
/// It is built as a dependency of an empty module, as etcd is.
pub(super) fn install(tools: &Path) -> Result<()> {
    let version = pins::SOPS;
    let bin = tools.join("bin");
    let (program, record) = (bin.join("sops"), bin.join(".sops"));
    if program.is_file() && fs::read_to_string(&record).is_ok_and(|there| there == version) {
        return Ok(());
    }
    let build = tools.join("build/sops");
    step(&format!("sops {version}: building its Go module (a minute or two)"), || {
        let go = go(pins::SOPS_GO)?;
        fresh_dir(&build)?;
        let run = |args: &[&str]| {
            Cmd::new(&go)
                .args(args.iter().copied())
                .env("GOWORK", "off")
                .env("GOFLAGS", "-mod=mod")
                .env("CGO_ENABLED", "0")
                .dir(&build)
        };
        run(&["mod", "init", "bouquet.invalid/sops"]).quiet()?;
        run(&["get"]).arg(format!("github.com/getsops/sops/v3/cmd/sops@v{version}")).quiet()?;
        let command = ["build", "-p", "2", "-trimpath", "-ldflags", "-s -w", "-o", "sops"];
        run(&command).arg("github.com/getsops/sops/v3/cmd/sops").quiet()?;
        fs::create_dir_all(&bin)?;
        fs::rename(build.join("sops"), &program)?;
        fs::write(&record, version).context("cannot write the record")?;
        fs::remove_dir_all(&build).context("cannot tidy up")
    })
    .context("sops is missing")
}
