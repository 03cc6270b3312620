//! `cargo xtask bench-peers`: this project's compile step beside other tools that do the same job.
//!
//! The job is one new CA and a number of new certificates with their names and keys, P-256
//! throughout, keys 0600. Each run starts in a folder of its own. What a tool needs to be told is
//! written before the clock starts; whatever a person could switch off to make it faster is off.
//! The tools take turns, so that a slow minute of the machine hits all of them.

mod contestant;
mod job;
mod machine;
mod measure;
mod table;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::layout::Layout;
use crate::tools::{self, Needs};
use contestant::Contestant;
use job::Job;
use table::Row;

#[derive(Args)]
pub(crate) struct Options {
    /// This project's compile step: a program called as `PATH cluster.toml out` with `OUT_DIR` set
    #[arg(long, value_name = "PATH")]
    compile_step: Option<PathBuf>,
    /// How many client certificates, besides the two of each of the three members
    #[arg(long, value_delimiter = ',', default_value = "3,1000", value_name = "N,…")]
    clients: Vec<u32>,
    /// Timed runs of each tool at most
    #[arg(long, default_value_t = 11)]
    runs: u32,
    /// Seconds of timed runs of each tool and job, after which three runs are enough
    #[arg(long, default_value_t = 45, value_name = "SECONDS")]
    budget: u64,
    /// Where they work, by default target/peers; a tmpfs such as /dev/shm leaves out the disk, which
    /// on ext4 is slow for minutes after many files were deleted, as after every one of these runs
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// Measures and prints Markdown on stdout: the machine, then a table for each number of clients.
pub(crate) fn run(layout: &Layout, options: &Options) -> Result<()> {
    ensure!(options.runs > 0, "`--runs` must be at least 1");
    let compile_step = options
        .compile_step
        .as_ref()
        .map(|path| {
            path.canonicalize().with_context(|| format!("the compile step `{}`", path.display()))
        })
        .transpose()?;
    tools::ensure(layout, Needs::of_all(false, true))?;
    let python = layout.tools.join("venv/bin/python");
    let folder = options.folder.as_deref().unwrap_or(&layout.target).join("peers");

    println!("{}", machine::describe(&python));
    for &clients in &options.clients {
        let job = Job::new(clients);
        let contestants = contestant::all(&job, compile_step.as_deref(), &python);
        println!("\n### {job}\n");
        println!("{}", table::render(&compare(&folder, options, &job, contestants)?));
    }
    // Only now: see `measure::time`.
    std::fs::remove_dir_all(folder)?;
    Ok(())
}

fn compare(
    folder: &Path,
    options: &Options,
    job: &Job,
    contestants: Vec<Contestant>,
) -> Result<Vec<Row>> {
    let dir = folder.join(format!("{}-clients", job.clients));
    let dir = |contestant: usize, run: u32| dir.join(format!("{contestant}-{run}"));
    let mut rows = Vec::new();
    // The first run warms the caches, shows the memory, and proves that the job gets done.
    for (i, contestant) in contestants.into_iter().enumerate() {
        eprintln!("{job}: {}: trying", contestant.name);
        let peak_rss_kib = measure::prove(&dir(i, 0), &contestant, job)?;
        rows.push((contestant, Vec::new(), peak_rss_kib));
    }
    let budget = Duration::from_secs(options.budget);
    for round in 1..=options.runs {
        for (i, (contestant, times, _)) in rows.iter_mut().enumerate() {
            if times.len() >= 3 && times.iter().sum::<Duration>() > budget {
                continue;
            }
            eprintln!("{job}: {}: run {round}", contestant.name);
            times.push(measure::time(&dir(i, round), contestant)?);
        }
    }
    Ok(rows
        .into_iter()
        .map(|(contestant, times, peak_rss_kib)| Row { name: contestant.name, times, peak_rss_kib })
        .collect())
}
