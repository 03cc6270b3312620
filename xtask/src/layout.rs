//! Where this workspace keeps things.

use std::env;
use std::path::{Path, PathBuf};

/// The workspace's folders, absolute.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    /// The workspace's root: the folder of `cluster.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target folder.
    pub(crate) target: PathBuf,
    /// What the tests need beyond Cargo's own: `target/tools`, told to them as `BOUQUET_TOOLS`.
    pub(crate) tools: PathBuf,
}

impl Layout {
    /// Reads the environment that `cargo run` gives.
    pub(crate) fn find() -> Self {
        // The value at run time comes first, because several checkouts may share one target
        // folder, and then also one xtask binary.
        let manifest = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest.parent().unwrap_or(&manifest).to_path_buf();
        let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
        Self::new(root, target.as_deref())
    }

    /// Places the tools below `target`, which may be relative to the root, where Cargo starts this
    /// program's parent.
    fn new(root: PathBuf, target: Option<&Path>) -> Self {
        let target = root.join(target.unwrap_or(Path::new("target")));
        let tools = target.join("tools");
        Self { root, target, tools }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_follow_the_target_folder() {
        let tools = |target| Layout::new("/repo".into(), target).tools;
        assert_eq!(tools(None), Path::new("/repo/target/tools"));
        assert_eq!(tools(Some(Path::new("/t"))), Path::new("/t/tools"));
        assert_eq!(tools(Some(Path::new("t"))), Path::new("/repo/t/tools"));
    }
}
