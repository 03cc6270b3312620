//! `target/tools/bin/promtool`: Prometheus' own reader of metrics.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::{apt, fresh_dir, step};

/// Takes the one program out of Debian's package, unless it is there: installed, the package would
/// start a server.
pub(super) fn install(tools: &Path) -> Result<()> {
    let program = tools.join("bin/promtool");
    if program.is_file() {
        return Ok(());
    }
    step("unpacking promtool from Debian's prometheus", || {
        let build = tools.join(".promtool");
        fresh_dir(&build)?;
        apt::unpack("prometheus", &build)?;
        fs::create_dir_all(tools.join("bin"))?;
        fs::rename(build.join("usr/bin/promtool"), &program)?;
        fs::remove_dir_all(&build)?;
        Ok(())
    })
    .with_context(|| {
        format!("promtool is missing (the other way: put it at {})", program.display())
    })
}
