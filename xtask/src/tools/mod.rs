//! `cargo xtask tools`: what the tests need, installed or built where it is missing.
//!
//! Everything lands in `target/tools`, but for what only the system's package manager can give.
//! A piece that cannot be had is an error that says what to do, never a test left out.

mod apt;
mod clients;
mod containers;
mod etcd;
mod fuzz;
mod go;
mod history;
mod openssh;
pub(crate) mod pins;
mod promtool;
mod python;
mod rust;
mod sops;
mod sources;

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::layout::Layout;
use crate::test::parts::{Part, Releases};

pub(crate) use fuzz::cargo_fuzz;

/// What a run needs besides the programs that every run calls.
#[expect(clippy::struct_excessive_bools, reason = "each is a thing to bring, or not")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Needs {
    etcd: Releases,
    fuzz: bool,
    history: bool,
    clients: bool,
    sops: bool,
    targets: bool,
    bench: bool,
}

impl Needs {
    /// Returns the needs of a part's tests.
    pub(crate) fn of(part: &Part) -> Self {
        let Part { etcd, fuzz, history, clients, sops, targets, .. } = *part;
        Self { etcd, fuzz: !fuzz.is_empty(), history, clients, sops, targets, bench: false }
    }

    /// Returns the needs of a default run, or of every part, and of the comparison with other
    /// tools.
    pub(crate) fn of_all(full: bool, bench: bool) -> Self {
        let etcd = if full { Releases::Every } else { Releases::Default };
        Self { etcd, fuzz: full, history: full, clients: full, sops: full, targets: full, bench }
    }
}

/// Makes sure that all of this in [`pins`] is there. Says what it does on stderr, one line each,
/// and nothing when nothing is missing.
///
/// One failure does not hide another: every missing piece is tried, and the error lists all that
/// failed.
pub(crate) fn ensure(layout: &Layout, needs: Needs) -> Result<()> {
    let tools = &layout.tools;
    fs::create_dir_all(tools).with_context(|| format!("cannot create {}", tools.display()))?;
    let _lock = lock(&tools.join(".lock"))?;

    let mut failures = Vec::new();
    let mut note = |result: Result<()>| {
        if let Err(error) = result {
            failures.push(format!("{error:#}"));
        }
    };
    let more = [
        (needs.fuzz, pins::FUZZ),
        (needs.targets, pins::STATIC),
        (needs.clients, pins::CLIENTS),
        (needs.bench, pins::BENCH),
    ];
    let more = more.into_iter().filter_map(|(is_needed, programs)| is_needed.then_some(programs));
    let wanted = pins::SYSTEM.iter().chain(more.flatten());
    // First, because the rest is built with some of these.
    note(apt::programs(wanted));
    note(python::venv(tools));
    for release in needs.etcd.pinned() {
        note(etcd::release(tools, release));
    }
    if needs.fuzz {
        note(fuzz::install(tools));
    }
    if needs.targets {
        note(rust::targets(pins::TARGETS));
    }
    if needs.history {
        note(history::install(&layout.root, tools));
    }
    if needs.clients {
        for result in clients::install(&layout.root, tools) {
            note(result);
        }
    }
    if needs.sops {
        note(sops::install(tools));
    }
    for result in containers::install(tools) {
        note(result);
    }
    note(promtool::install(tools));
    note(openssh::install(tools));

    if failures.is_empty() {
        return Ok(());
    }
    bail!("what the tests need is incomplete:\n\n{}", failures.join("\n\n"))
}

/// Brings what type-checks for other systems need.
pub(crate) fn ensure_hosts(layout: &Layout) -> Result<()> {
    fs::create_dir_all(&layout.tools)?;
    let _lock = lock(&layout.tools.join(".lock"))?;
    apt::programs(pins::HOSTS.iter())?;
    rust::targets(&[pins::CHECKED, &[pins::REFUSED][..]].concat())
}

/// Brings what the checks of `deny.toml` need.
pub(crate) fn ensure_python(layout: &Layout) -> Result<()> {
    fs::create_dir_all(&layout.tools)?;
    let _lock = lock(&layout.tools.join(".lock"))?;
    python::venv(&layout.tools)
}

/// Locks the folder of tools, and waits for another run: two at once would build into the same
/// folders.
fn lock(path: &Path) -> Result<File> {
    let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    if file.try_lock().is_err() {
        say("another `cargo xtask` is at it; waiting");
        file.lock().with_context(|| format!("cannot lock {}", path.display()))?;
    }
    Ok(file)
}

/// Prints one line on stderr.
fn say(what: &str) {
    eprintln!("tools: {what}");
}

/// Announces a step, runs it, and says how long it took.
fn step<T>(what: &str, run: impl FnOnce() -> Result<T>) -> Result<T> {
    say(what);
    let start = Instant::now();
    let done = run()?;
    say(&format!("… {:.1} s", start.elapsed().as_secs_f32()));
    Ok(done)
}

/// Returns where `program` is on the PATH.
fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|dir| dir.join(program)).find(|candidate| candidate.is_file())
}

/// Makes an empty folder for a build, whatever an interrupted run left there.
pub(crate) fn fresh_dir(dir: &Path) -> Result<()> {
    if dir.exists() {
        fs::remove_dir_all(dir).with_context(|| format!("cannot remove {}", dir.display()))?;
    }
    fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))
}
