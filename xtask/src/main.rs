//! Project tasks, run as `cargo xtask COMMAND`.
//!
//! `cargo xtask test` is the one command that proves the whole project: it fetches or builds what
//! the tests need, then runs them. What it needs is data in [`tools::pins`].
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a task runner is an IO edge: it starts programs, lays files and talks to a person"
)]

mod cmd;
mod layout;
mod peers;
mod test;
mod tools;
mod version;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use layout::Layout;

/// Project tasks
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install or build whatever the tests need and this machine lacks
    Tools {
        /// Also what the comparison with other certificate tools needs
        #[arg(long)]
        bench: bool,
    },
    /// Run every test of the project, then each fuzz target for a bounded time
    Test {
        /// Seconds for each fuzz target; 0 leaves fuzzing out
        #[arg(long, default_value_t = 20, value_name = "SECONDS")]
        fuzz: u32,
        /// Run only the tests whose name contains one of these (and no fuzz target)
        #[arg(last = true, value_name = "FILTER")]
        filter: Vec<String>,
    },
    /// Measure the compile step beside other tools that do the same job, as Markdown
    BenchPeers(peers::Options),
}

fn main() -> ExitCode {
    let layout = Layout::find();
    let result = match Cli::parse().task {
        Task::Tools { bench } => tools::ensure(&layout, bench).map(|()| ExitCode::SUCCESS),
        Task::Test { fuzz, filter } => test::run(&layout, &filter, fuzz),
        Task::BenchPeers(options) => peers::run(&layout, &options).map(|()| ExitCode::SUCCESS),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
