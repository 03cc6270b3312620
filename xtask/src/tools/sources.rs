//! Programs whose sources are here: each is built again when those differ.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{fresh_dir, step};

/// Builds what the files of `folder` say into the folder `there`, which is emptied before, unless it was built from
/// those very files. `what` is said before.
pub(super) fn built(
    folder: &Path,
    there: &Path,
    what: &str,
    build: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let record = there.join("sources");
    let sources = text(folder)?;
    if fs::read_to_string(&record).is_ok_and(|built| built == sources) {
        return Ok(());
    }
    step(what, || {
        fresh_dir(there)?;
        build()?;
        // Last, so that what has its record is whole.
        fs::write(&record, sources).context("cannot write the record")
    })
}

/// Returns all files of a folder in one text, each below its name.
fn text(folder: &Path) -> Result<String> {
    let entries = fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    paths.sort();
    let named = |path: &PathBuf| {
        let text =
            fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Ok(format!("== {name}\n{text}"))
    };
    paths.iter().map(named).collect()
}
