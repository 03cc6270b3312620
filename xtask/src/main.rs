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
mod deny;
mod hosts;
mod layout;
mod peers;
mod test;
mod tools;
mod version;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use layout::Layout;
use test::parts;
use tools::Needs;

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
        /// Also what `cargo xtask test --full` needs: every release of etcd
        #[arg(long)]
        full: bool,
        /// Also what the comparison with other certificate tools needs
        #[arg(long)]
        bench: bool,
    },
    /// Run the tests, with one release of etcd and a few cases of each kind
    Test {
        /// Leave out what takes an etcd
        #[arg(long)]
        quick: bool,
        /// Run the whole matrix instead, or one part of it
        #[arg(long, value_name = "PART", num_args = 0..=1, conflicts_with = "quick")]
        #[expect(clippy::option_option, reason = "no flag, a flag alone, a flag with a value")]
        full: Option<Option<String>>,
        /// List the parts with what each covers
        #[arg(long, requires = "full")]
        list: bool,
        /// Leave out the tests that boot machines, which take root and namespaces
        #[arg(long)]
        without_rig: bool,
        /// Run only the tests whose name contains one of these
        #[arg(last = true, value_name = "FILTER", conflicts_with = "full")]
        filter: Vec<String>,
    },
    /// Check the dependencies' licences, versions and origins, and advisories where their database is at hand
    Deny,
    /// Type-check for macOS, and see that Windows is refused in one sentence
    Hosts,
    /// Measure the compile step beside other tools that do the same job, as Markdown
    BenchPeers(peers::Options),
}

fn main() -> ExitCode {
    let layout = Layout::find();
    let result = match Cli::parse().task {
        Task::Tools { full, bench } => {
            tools::ensure(&layout, Needs::of_all(full, bench)).map(|()| ExitCode::SUCCESS)
        }
        Task::Test { list: true, .. } => {
            println!("{}", parts::list());
            Ok(ExitCode::SUCCESS)
        }
        Task::Test { full: Some(part), without_rig, .. } => test::full(part.as_deref())
            .and_then(|parts| test::run(&layout, &parts, &[], !without_rig)),
        Task::Test { quick, filter, without_rig, .. } => {
            let part = if quick { parts::QUICK } else { parts::DEFAULT };
            test::run(&layout, &[part], &filter, !without_rig)
        }
        Task::Deny => deny::run(&layout).map(|()| ExitCode::SUCCESS),
        Task::Hosts => hosts::run(&layout).map(|()| ExitCode::SUCCESS),
        Task::BenchPeers(options) => peers::run(&layout, &options).map(|()| ExitCode::SUCCESS),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
