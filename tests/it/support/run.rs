//! Programs: finding those that the tests need, and running them to their end.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

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

/// What a program said, once it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) ok: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs a program to its end.
pub(crate) fn run(command: &mut Command) -> Said {
    let Output { status, stdout, stderr } = command
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}: run `cargo xtask tools`"));
    Said {
        ok: status.success(),
        stdout: String::from_utf8_lossy(&stdout).into_owned(),
        stderr: String::from_utf8_lossy(&stderr).into_owned(),
    }
}

/// Runs a program that has to succeed; its stdout.
pub(crate) fn stdout(command: &mut Command) -> String {
    let said = run(command);
    assert!(said.ok, "{command:?}\n{}\n{}", said.stdout, said.stderr);
    said.stdout
}
