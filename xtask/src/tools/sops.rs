//! `target/tools/bin/sops`: keys that are sealed by another program than age.

use std::path::Path;

use anyhow::Result;

use super::{go, pins};

pub(super) fn install(tools: &Path) -> Result<()> {
    go::dependency(tools, "sops", &pins::SOPS)
}
