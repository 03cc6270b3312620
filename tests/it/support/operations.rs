//! What a program does to files, operation by operation, as strace sees it: to kill it at each.

use std::collections::BTreeMap;
use std::process::Command;

/// What changes a file system, or what is in a file.
const CHANGES: [&str; 26] = [
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
    "symlink",
    "symlinkat",
    "chmod",
    "fchmod",
    "fchmodat",
    "chown",
    "fchown",
    "fchownat",
    "utimensat",
    "ftruncate",
    "fallocate",
    "fsync",
    "fdatasync",
];

/// What starts programs, and waits for them.
const PROGRAMS: [&str; 5] = ["clone3", "clone", "vfork", "wait4", "waitid"];

/// Returns an strace of what changes files, with all threads and processes.
pub(crate) fn strace() -> Command {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-y", "-e", &format!("trace={}", CHANGES.join(","))]);
    strace
}

/// Returns the command of an strace into that file, of what one process changes and which programs it runs.
pub(crate) fn strace_of_one(file: &str) -> String {
    format!("strace -qq -y -o {file} -e trace={},{}", CHANGES.join(","), PROGRAMS.join(","))
}

/// An operation in a trace.
pub(crate) struct Operation<'a> {
    pub(crate) name: &'a str,
    /// Its number among those of its name, as strace counts them: for each thread.
    pub(crate) number: u32,
    arguments: &'a str,
}

impl Operation<'_> {
    /// Tells whether it changes a file that has a name, or runs a program.
    pub(crate) fn is_change(&self) -> bool {
        match self.name {
            "openat" => ["O_CREAT", "O_WRONLY"].iter().any(|flag| self.arguments.contains(flag)),
            "write" | "pwrite64" => {
                let to = self.arguments.split(", ").next().unwrap_or_default();
                to.contains("</") && !to.contains("(deleted)")
            }
            _ => true,
        }
    }

    /// Tells whether it writes to what the program was given to say something.
    pub(crate) fn says(&self) -> bool {
        self.name == "write" && self.arguments.starts_with("1<")
    }
}

/// Returns the operations of a trace, whether it tells of threads or of one process.
pub(crate) fn operations(trace: &str) -> Vec<Operation<'_>> {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    let mut all = Vec::new();
    for line in trace.lines() {
        let Some((call, arguments)) = line.split_once('(') else { continue };
        let name = call.rsplit(' ').next().unwrap_or(call);
        if CHANGES.contains(&name) || PROGRAMS.contains(&name) {
            let number = counts.entry(call).or_default();
            *number += 1;
            all.push(Operation { name, number: *number, arguments });
        }
    }
    all
}

/// Returns the operations that change something, each with its number.
pub(crate) fn changes(trace: &str) -> Vec<(String, u32)> {
    let changes = operations(trace).into_iter().filter(Operation::is_change);
    changes.map(|operation| (operation.name.to_owned(), operation.number)).collect()
}
