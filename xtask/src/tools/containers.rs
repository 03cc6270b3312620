//! What reads the forms that are no etcd's own: `target/tools/bin/quadlet`, Podman's generator of units; `compose`, the
//! reader of Docker Compose; and `target/tools/cloud-init`, the modules of cloud-init, unpacked rather than installed: on a
//! machine that has it, it runs at the next boot.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::{apt, fresh_dir, go, pins, step};

/// Builds and unpacks what is missing; what came of each.
pub(super) fn install(tools: &Path) -> [Result<()>; 3] {
    [
        go::dependency(tools, "quadlet", &pins::QUADLET),
        go::dependency(tools, "compose", &pins::COMPOSE),
        cloud_init(tools).context("cloud-init is missing"),
    ]
}

fn cloud_init(tools: &Path) -> Result<()> {
    let there = tools.join("cloud-init");
    if there.is_dir() {
        return Ok(());
    }
    step("unpacking Debian's cloud-init", || {
        let build = tools.join(".cloud-init");
        fresh_dir(&build)?;
        apt::unpack("cloud-init", &build)?;
        fs::rename(build.join("usr/lib/python3/dist-packages"), &there)?;
        fs::remove_dir_all(&build).context("cannot tidy up")
    })
}
