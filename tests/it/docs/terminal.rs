//! What is typed into a terminal: shell commands, and `cargo build`.

use bouquet_build::diagnostic::{Source, Style};
use bouquet_build::{Asked, Job, build as compile};
use bouquet_model::Cluster;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

/// What a shell prints, on stdout and stderr. `bin` holds the program.
pub(crate) fn shell(command: &str, folder: &Path, home: &Path, bin: &Path) -> String {
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", bin.display());
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1\n{command}")])
        .current_dir(folder)
        .env_clear()
        .env("PATH", path)
        .env("HOME", home)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The compile step in a folder, and what cargo shows of it. `produced` is the folder of `out/`.
pub(crate) fn build(folder: &Path, produced: &Path, asked: Asked) -> (bool, String) {
    std::fs::create_dir_all(produced.join("target")).unwrap();
    let (spec, out) = (folder.join("cluster.toml"), produced.join("out"));
    let constants = produced.join("target/cluster.rs");
    let started = SystemTime::now();
    let program = Cluster::PROGRAM;
    let built =
        compile(Job { spec: &spec, out: &out, constants: &constants, program, started, asked });
    let source = Source::new("cluster.toml", &built.source);
    let mut printed = String::new();
    if built.report.is_some() {
        for (_, line) in built.found.one_lines(source) {
            let _ = writeln!(printed, "warning: bouquet@{}: {line}", env!("CARGO_PKG_VERSION"));
        }
    } else {
        for line in built.found.render(source, Style::Plain).lines() {
            let indent = if line.is_empty() { "" } else { "  " };
            let _ = writeln!(printed, "{indent}{line}");
        }
    }
    // Cargo runs the script in the package, where these paths are short.
    let printed = printed.replace(&out.display().to_string(), "out");
    let printed = printed.replace(&format!("git -C {} ", folder.display()), "git ");
    (built.report.is_some(), printed.replace(&format!("{}/", folder.display()), ""))
}
