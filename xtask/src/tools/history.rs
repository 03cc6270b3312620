//! `target/tools/history/history`: the program of `tests/history`, which loads an etcd and has a
//! history of it checked.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::go::go;
use super::{fresh_dir, pins, step};
use crate::cmd::Cmd;

/// Builds it, unless it was built from the sources as they are.
///
/// Its own tests come first: a checker that takes everything for right would prove nothing.
pub(super) fn install(root: &Path, tools: &Path) -> Result<()> {
    let folder = root.join("tests/history");
    let there = tools.join("history");
    let (program, record) = (there.join("history"), there.join("sources"));
    let sources = sources(&folder)?;
    if program.is_file() && fs::read_to_string(&record).is_ok_and(|built| built == sources) {
        return Ok(());
    }
    step("history: building its Go module (a minute or two)", || {
        let go = go(pins::HISTORY_GO)?;
        let unformatted = Cmd::new(go.with_file_name("gofmt")).arg("-l").path(&folder).output()?;
        if !unformatted.is_empty() {
            bail!("run `gofmt -w` on\n{unformatted}");
        }
        // The program last, so that one which is there has its record.
        fresh_dir(&there)?;
        for command in go_build(&go, &folder, &there) {
            command.quiet()?;
        }
        fs::write(&record, sources).context("cannot write the record")
    })
    .context("history is missing")
}

/// The commands that test and build the program into a folder.
fn go_build(go: &Path, folder: &Path, to: &Path) -> Vec<Cmd> {
    let run = |args: &[&str]| {
        Cmd::new(go)
            .args(args.iter().copied())
            .env("GOWORK", "off")
            .env("GOFLAGS", "-mod=readonly")
            .env("CGO_ENABLED", "0")
            .dir(folder)
    };
    vec![
        run(&["vet", "."]),
        run(&["test", "-p", "2", "."]),
        run(&["build", "-p", "2", "-trimpath", "-ldflags", "-s -w", "-o"])
            .path(&to.join("history"))
            .arg("."),
    ]
}

/// All that the program is made from, in one text.
fn sources(folder: &Path) -> Result<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The load is that of the client which comes with the release of a default run.
    #[test]
    fn its_module_asks_for_what_is_pinned() {
        let text = include_str!("../../../tests/history/go.mod");
        let client = format!("go.etcd.io/etcd/client/v3 v{}\n", pins::DEFAULT_ETCD);
        assert!(text.contains(&client), "{client}");
        assert!(text.contains(&format!("\ngo {}\n", pins::HISTORY_GO)), "{}", pins::HISTORY_GO);
    }
}
