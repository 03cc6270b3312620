//! `target/tools/history/history`: the program of `tests/history`, which loads an etcd and has a
//! history of it checked.

use std::path::Path;

use anyhow::{Context, Result};

use super::go::{go, program};
use super::{pins, sources};

/// Builds it, unless it was built from the sources as they are.
///
/// Its own tests come first: a checker that takes everything for right would prove nothing.
pub(super) fn install(root: &Path, tools: &Path) -> Result<()> {
    let folder = root.join("tests/history");
    let there = tools.join("history");
    sources::built(&folder, &there, "history: building its Go module (a minute or two)", || {
        program(&go(pins::HISTORY_GO)?, &folder, &there.join("history"))
    })
    .context("history is missing")
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
