//! Programs: finding those that the tests need, and running them to their end.

pub(crate) use bouquet_rig::{Said, run, stdout};
use std::path::{Path, PathBuf};

/// The folder of one release: `etcd`, `etcdctl`.
pub(crate) fn etcd(version: &str) -> PathBuf {
    let folder = tools().join("etcd").join(version);
    let server = folder.join("etcd");
    assert!(server.is_file(), "no {}: run `cargo xtask tools --full`", server.display());
    folder
}

/// What `cargo xtask tools` put there; it also tells the tests where.
pub(crate) fn tools() -> PathBuf {
    std::env::var_os("BOUQUET_TOOLS").map_or_else(
        || Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("tools"),
        PathBuf::from,
    )
}
