//! What a program changes in files, operation by operation, as strace sees it.

use std::collections::BTreeMap;
use std::process::Command;

/// What changes a file system, or what is in a file.
const CHANGES: [&str; 21] = [
    "openat",
    "write",
    "pwrite64",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "mkdir",
    "mkdirat",
    "rmdir",
    "link",
    "linkat",
    "chmod",
    "fchmod",
    "fchown",
    "utimensat",
    "ftruncate",
    "fallocate",
    "fsync",
    "fdatasync",
];

/// Returns an strace of these, with all threads and processes.
pub(crate) fn strace() -> Command {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-e", &format!("trace={}", CHANGES.join(","))]);
    strace
}

/// The operations that change something, each with its number among those of its name, as strace counts
/// them: for each thread.
pub(crate) fn changes(trace: &str) -> Vec<(String, u32)> {
    let mut counts: BTreeMap<(String, String), u32> = BTreeMap::new();
    let mut all = Vec::new();
    for line in trace.lines() {
        let Some((thread, call)) = line.split_once(' ') else { continue };
        let Some((name, arguments)) = call.trim_start().split_once('(') else { continue };
        if !CHANGES.contains(&name) {
            continue;
        }
        let count = counts.entry((thread.to_owned(), name.to_owned())).or_default();
        *count += 1;
        let reads =
            name == "openat" && !arguments.contains("O_CREAT") && !arguments.contains("O_WRONLY");
        let talks = name == "write" && (arguments.starts_with("1,") || arguments.starts_with("2,"));
        if !reads && !talks {
            all.push((name.to_owned(), *count));
        }
    }
    all
}
