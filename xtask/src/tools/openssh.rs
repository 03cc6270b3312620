//! `target/tools/openssh`: the server of Debian's, for machines that tests boot.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::pins::OPENSSH;
use super::{apt, fresh_dir, step};

/// Unpacks the packages, unless they are there: installed, they would start a server on this computer.
pub(super) fn install(tools: &Path) -> Result<()> {
    let folder = tools.join("openssh");
    if folder.join("usr/sbin/sshd").is_file() {
        return Ok(());
    }
    step(&format!("unpacking Debian's {}", OPENSSH.join(" and ")), || {
        let build = tools.join(".openssh");
        fresh_dir(&build)?;
        for package in OPENSSH {
            apt::unpack(package, &build)?;
        }
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        Ok(fs::rename(&build, &folder)?)
    })
    .with_context(|| {
        format!("sshd is missing (the other way: unpack it below {})", folder.display())
    })
}
