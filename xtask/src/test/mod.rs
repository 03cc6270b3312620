//! `cargo xtask test`: the whole proof in one command, or parts of it.

pub(crate) mod parts;

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::num::NonZero;
use std::process::{ExitCode, Stdio};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::cmd::Cmd;
use crate::layout::Layout;
use crate::tools::{self, Needs};
use parts::{FUZZ_SECONDS, MACHINES, PARTS, Part, Tests};

/// Runs these parts one after another, whatever comes of each: first what is missing is fetched, then
/// the tests run, then the fuzz targets.
///
/// A `filter` is for someone at work on one thing: it chooses the tests. Without `machines`, tests that boot some are left
/// out, and only those.
pub(crate) fn run(
    layout: &Layout,
    parts: &[Part],
    filter: &[String],
    machines: bool,
) -> Result<ExitCode> {
    let boots = parts.iter().any(|part| part.machines);
    if let Some(obstacle) =
        bouquet_rig::obstacle().filter(|_| machines && boots && filter.is_empty())
    {
        bail!("{obstacle}\nThe tests that take none: `cargo xtask test --without-rig`");
    }
    let mut stages = Stages::default();
    let mut counts = Counts::default();
    let mut passed = true;
    for part in parts {
        if parts.len() > 1 {
            println!("\n=== {}: {}", part.name, part.covers);
        }
        stages.time(&format!("{}: tools", part.name), || tools::ensure(layout, Needs::of(part)))?;
        if let Some(arguments) = arguments(part, filter, machines) {
            let tests = stages
                .time(&format!("{}: tests", part.name), || cargo_test(layout, part, &arguments))?;
            passed &= tests.passed();
            if tests.succeeded && tests.counts.passed == 0 {
                eprintln!("error: no test ran");
            }
            counts.add(&tests.counts);
        }
        for target in part.fuzz {
            let stage = format!("{}: fuzz {target}", part.name);
            // A target counts as a test.
            if stages.time(&stage, || fuzz_run(layout, target))? {
                counts.passed += 1;
            } else {
                eprintln!("error: the fuzz target `{target}` fails on an input; see above");
                counts.failed += 1;
                passed = false;
            }
        }
    }
    stages.report();
    if boots && !machines {
        println!(
            "left out by --without-rig: the tests that boot machines, {}",
            MACHINES.join(", ")
        );
    }
    // Last, so that neither a person nor a machine has to look for it.
    println!("{counts}");
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns the part of this name, or all of them; fails where there is none of that name.
pub(crate) fn full(name: Option<&str>) -> Result<Vec<Part>> {
    let Some(name) = name else { return Ok(PARTS.to_vec()) };
    match PARTS.iter().find(|part| part.name == name) {
        Some(part) => Ok(vec![*part]),
        None => bail!("there is no part `{name}`; these are there:\n{}", parts::list()),
    }
}

/// What the tests of a part came to.
struct Outcome {
    succeeded: bool,
    counts: Counts,
}

impl Outcome {
    /// Tells whether tests ran and none failed: a run of no test at all, as after a mistyped filter, proves nothing.
    fn passed(&self) -> bool {
        self.succeeded && self.counts.failed == 0 && self.counts.passed > 0
    }
}

/// Returns what each test binary is told to run, or nothing where a part has no tests.
fn arguments(part: &Part, filter: &[String], machines: bool) -> Option<Vec<String>> {
    let own = match part.tests {
        _ if !filter.is_empty() => filter.to_vec(),
        Tests::None => return None,
        Tests::Only(names) => names.iter().map(ToString::to_string).collect(),
        Tests::AllBut(names) => skips(names).collect(),
    };
    let left_out: &[&str] = if machines { &[] } else { &MACHINES };
    Some(own.into_iter().chain(skips(left_out)).collect())
}

fn skips(names: &[&str]) -> impl Iterator<Item = String> {
    names.iter().flat_map(|name| ["--skip".to_owned(), (*name).to_owned()])
}

/// How many tests run at once, as libtest reads it.
const THREADS: &str = "RUST_TEST_THREADS";

/// Runs tests of the whole workspace, the documentation's too, and passes their output on while it
/// adds up the result lines.
fn cargo_test(layout: &Layout, part: &Part, arguments: &[String]) -> Result<Outcome> {
    let releases: Vec<String> = part.etcd.pinned().map(|etcd| etcd.version.to_string()).collect();
    let mut command = cargo()
        .args(["test", "--workspace", "--locked", "--no-fail-fast", "--"])
        .args(arguments)
        .env("BOUQUET_TOOLS", layout.tools.to_string_lossy())
        .env("BOUQUET_ETCD", releases.join(","))
        .dir(&layout.root);
    if part.all_cases {
        command = command.env("BOUQUET_FULL", "1");
    }
    if part.crowded && env::var_os(THREADS).is_none() {
        let cores = available_parallelism().map_or(1, NonZero::get);
        command = command.env(THREADS, (2 * cores).to_string());
    }
    let mut child = command
        .command()
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{command}`"))?;
    let stdout = child.stdout.take().context("stdout is piped")?;
    let mut counts = Counts::default();
    // Bytes rather than text: a test may print anything.
    for line in BufReader::new(stdout).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        counts.add_line(&line);
    }
    let succeeded = child.wait()?.success();
    Ok(Outcome { succeeded, counts })
}

/// Runs one target, from its seeds and with the words that its input is made of, if there is a dictionary of them. True
/// where it found nothing.
fn fuzz_run(layout: &Layout, target: &str) -> Result<bool> {
    let corpus = format!("fuzz/corpus/{target}");
    let seeds = format!("fuzz/seeds/{target}");
    let words = format!("fuzz/dictionaries/{target}");
    let words = layout.root.join(&words).is_file().then(|| format!("-dict={words}"));
    fs::create_dir_all(layout.root.join(&corpus))?;
    let status = cargo_fuzz(layout, "run")
        .env("BOUQUET_FUZZ", target)
        // Sanitizers need a nightly compiler; coverage and panics, which is all that safe Rust
        // can show, do not.
        .args(["--sanitizer", "none", "--target-dir"])
        .path(&layout.target.join("fuzz"))
        .args(["decoders", corpus.as_str(), seeds.as_str()])
        .args(["--", "-verbosity=0", "-print_funcs=0", "-print_final_stats=1", "-timeout=10"])
        // Inputs are some KiB: what takes more memory than that takes it without bound.
        .arg("-rss_limit_mb=512")
        .args(words)
        .arg(format!("-max_total_time={FUZZ_SECONDS}"))
        .status()?;
    Ok(status.success())
}

fn cargo_fuzz(layout: &Layout, command: &str) -> Cmd {
    Cmd::new(tools::cargo_fuzz(&layout.tools))
        .args(["fuzz", command, "--fuzz-dir", "fuzz"])
        .dir(&layout.root)
}

fn cargo() -> Cmd {
    Cmd::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The sum of the `test result:` lines.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Counts {
    fn add(&mut self, other: &Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }

    /// Adds a line such as `test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; …`.
    fn add_line(&mut self, line: &str) {
        let Some(result) = line.strip_prefix("test result: ") else {
            return;
        };
        for part in result.split(['.', ';']) {
            let mut words = part.split_whitespace();
            let (Some(number), Some(what)) = (words.next(), words.next()) else {
                continue;
            };
            let Ok(number) = number.parse::<u64>() else {
                continue;
            };
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { passed, failed, ignored } = self;
        write!(f, "{passed} passed, {failed} failed, {ignored} skipped")
    }
}

/// How long each stage took.
#[derive(Default)]
struct Stages(Vec<(String, Duration)>);

impl Stages {
    fn time<T>(&mut self, name: &str, run: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = run();
        self.0.push((name.to_owned(), start.elapsed()));
        result
    }

    fn report(&self) {
        eprintln!();
        for (name, took) in &self.0 {
            eprintln!("{name:<24} {:>7.1} s", took.as_secs_f32());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_stands_alone() {
        let filter = ["rotation".to_owned()];
        assert_eq!(arguments(&parts::QUICK, &filter, true), Some(filter.to_vec()));
        let names = ["real_etcd::", "real_machines::", "::full_"];
        assert_eq!(arguments(&parts::QUICK, &[], true), Some(skips(&names).collect()));
    }

    #[test]
    fn machines_are_left_out_of_every_run_that_has_tests() {
        let left_out: Vec<String> = skips(&MACHINES).collect();
        let filter = ["rotation".to_owned()];
        for part in PARTS {
            for filter in [&filter[..], &[]] {
                let with = arguments(part, filter, true);
                let without = with.map(|own| [own, left_out.clone()].concat());
                assert_eq!(arguments(part, filter, false), without, "{}", part.name);
            }
        }
    }

    #[test]
    fn a_part_that_is_not_there_is_answered_with_those_that_are() {
        assert_eq!(full(None).unwrap().len(), PARTS.len());
        assert_eq!(full(Some("fuzz-pki")).unwrap().len(), 1);
        let error = full(Some("etcd-3.8")).unwrap_err().to_string();
        assert!(error.contains("`etcd-3.8`") && error.contains("\netcd-3.7 "), "{error}");
    }

    #[test]
    fn result_lines_add_up() {
        let mut counts = Counts::default();
        for line in [
            "running 3 tests",
            "test a ... ok",
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; \
             finished in 0.01s",
            "test result: FAILED. 7 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; \
             finished in 0.00s",
        ] {
            counts.add_line(line);
        }
        assert_eq!(counts.to_string(), "10 passed, 2 failed, 1 skipped");
    }
}
