//! The tools of others, to hold what is made here to.

use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// Runs a tool in a folder; its output, or what it complained of. `~` stands for a space within an
/// argument.
pub(crate) fn try_run(folder: &Path, command: &str) -> Result<String, String> {
    let mut words = command.split_whitespace().map(|word| word.replace('~', " "));
    let tool = words.next().expect("a tool");
    let output = Command::new(&tool)
        .args(words)
        .current_dir(folder)
        .output()
        .unwrap_or_else(|error| panic!("install {tool}: {error}"));
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let err = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(out) } else { Err(format!("{command}\n{out}{err}")) }
}

/// Runs a tool that must succeed.
pub(crate) fn run(folder: &Path, command: &str) -> String {
    try_run(folder, command).unwrap_or_else(|said| panic!("{said}"))
}

/// Writes a file for a tool to read.
#[expect(clippy::disallowed_methods, reason = "the tools read files")]
pub(crate) fn write(folder: &Path, name: &str, bytes: &[u8]) {
    std::fs::write(folder.join(name), bytes).expect("a file");
}

/// Reads a file that a tool wrote.
#[expect(clippy::disallowed_methods, reason = "the tools write files")]
pub(crate) fn read(folder: &Path, name: &str) -> Vec<u8> {
    std::fs::read(folder.join(name)).expect("a file")
}

/// Returns an empty folder.
pub(crate) fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}
