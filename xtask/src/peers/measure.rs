//! One run of one tool: its time, its memory, and whether it did the job.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::contestant::Contestant;
use super::job::Job;
use crate::cmd::Cmd;
use crate::tools;

/// Runs it once, checks what it left, and returns its peak memory in KiB: of the largest process,
/// where there are several.
pub(super) fn prove(dir: &Path, contestant: &Contestant, job: &Job) -> Result<u64> {
    prepare(dir, contestant)?;
    let report = dir.with_extension("rss");
    // GNU time, because memory is read from the kernel's account of a finished child, which safe
    // Rust cannot ask for.
    let wrapped = Cmd::new("time").args(["-f", "%M", "-o"]).path(&report).arg("--");
    run(&contestant.command.wrapped_by(wrapped), dir)?;
    let printed = fs::read_to_string(&report)?;
    let left = inspect(dir)?;
    let wanted = job.certs.len() + 1;
    ensure!(
        left.certs == wanted && left.keys == wanted,
        "`{}` left {} certificates and {} keys where {wanted} of each were asked for",
        contestant.name,
        left.certs,
        left.keys
    );
    fs::remove_file(&report)?;
    (printed.trim().parse()).with_context(|| format!("GNU time printed `{printed}`"))
}

/// Runs it once and returns how long it took, from before its start to after its end.
///
/// What it left stays: for a minute ext4 passes over the inodes of deleted files one by one whenever
/// it needs a free one (`recently_deleted` in its ialloc.c), and anyone who came next would pay for it.
pub(super) fn time(dir: &Path, contestant: &Contestant) -> Result<Duration> {
    prepare(dir, contestant)?;
    let start = Instant::now();
    run(&contestant.command, dir)?;
    Ok(start.elapsed())
}

fn prepare(dir: &Path, contestant: &Contestant) -> Result<()> {
    tools::fresh_dir(dir)?;
    for (name, text) in &contestant.files {
        let path = dir.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, text)?;
    }
    Ok(())
}

fn run(command: &Cmd, dir: &Path) -> Result<()> {
    let status = command
        .command()
        .current_dir(dir)
        // As a build script would find it, rather than this program's own.
        .env("CARGO_MANIFEST_DIR", dir)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .with_context(|| format!("cannot start `{command}`"))?;
    if !status.success() {
        bail!("`{command}` failed ({status}); see {}", dir.display());
    }
    Ok(())
}

/// How many different certificates and private keys lie below a folder.
#[derive(Debug, PartialEq, Eq)]
struct Left {
    certs: usize,
    keys: usize,
}

/// Counts the different certificates and keys below a folder: a tool may lay the CA's certificate beside each of the
/// others. A key that others may read is an error.
fn inspect(dir: &Path) -> Result<Left> {
    // `cluster.lock` and `cluster.rs` repeat the CA's certificate.
    let tells = |path: &Path| path.extension().is_some_and(|end| end == "lock" || end == "rs");
    let (mut certs, mut keys) = (BTreeSet::new(), BTreeSet::new());
    let mut folders: Vec<PathBuf> = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                folders.push(path);
                continue;
            }
            let text = String::from_utf8_lossy(&fs::read(&path)?).into_owned();
            if text.contains("PRIVATE KEY-----") {
                let mode = entry.metadata()?.permissions().mode();
                ensure!(
                    matches!(mode & 0o777, 0o600 | 0o400),
                    "{} has mode {mode:o}: others may read a key",
                    path.display()
                );
                keys.insert(text);
            } else if text.contains("-----BEGIN CERTIFICATE-----") && !tells(&path) {
                certs.insert(text);
            }
        }
    }
    Ok(Left { certs: certs.len(), keys: keys.len() })
}
