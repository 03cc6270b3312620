//! Repositories of git, without what their user has set up for all of them.

use std::path::Path;
use std::process::Command;

/// Runs git, which must succeed, and returns what it prints.
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=Flora", "-c", "user.email=flora@example.org"])
        .args(["-c", "protocol.file.allow=always"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env_remove("GIT_DIR")
        .env_remove("GIT_INDEX_FILE")
        .output()
        .expect("this test needs git: install it");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {said}");
    String::from_utf8(output.stdout).expect("text").trim_end().to_owned()
}

/// Whether git merges a branch without a conflict.
pub(crate) fn merges(folder: &Path, branch: &str) -> bool {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=Flora", "-c", "user.email=flora@example.org", "merge", "--quiet"]);
    let output = git.args(["--no-edit", branch]).current_dir(folder).output().unwrap();
    output.status.success()
}

/// Commits some files of a folder, which becomes a repository if it is none; returns the commit's first
/// twelve digits.
pub(crate) fn commit(folder: &Path, files: &[&str]) -> String {
    if !folder.join(".git").exists() {
        git(folder, &["init", "--quiet"]);
    }
    git(folder, &[&["add", "--"], files].concat());
    git(folder, &["commit", "--quiet", "--allow-empty", "--message", "Change it"]);
    head(folder)
}

/// The first twelve digits of the commit that a folder is at.
pub(crate) fn head(folder: &Path) -> String {
    git(folder, &["rev-parse", "--short=12", "HEAD"])
}
