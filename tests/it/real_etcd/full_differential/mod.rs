//! The check and a real etcd, asked the same: with a handful of options at random, whatever a build
//! takes must serve, and whatever it refuses must fail, unless `stricter` says why the build is.
//!
//! Each trial has a seed of its own, which follows from that of the run; `BOUQUET_SEED` has a run
//! again. What is found is reduced to the options that it takes.

mod stricter;

use crate::support::pool::{options, values};
use crate::support::releases::releases;
use crate::support::scope::{seed, time};
use crate::support::side_by_side::with_each;
use crate::support::trial::{Bench, Choice, Outcome, formats};
use bouquet_build::diagnostic::Severity;
use bouquet_model::version::EtcdVersion;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// A run ends early when a release has so many: what one change of etcd's does has many faces.
const ENOUGH: usize = 12;

/// The number of times that etcd is asked about one kind of refusal that it shares; one that it does not is enough.
const TRIES: u32 = 2;

#[test]
fn real_etcd_serves_with_what_a_build_takes_and_with_nothing_that_it_refuses() {
    let seed = seed();
    let budget = time(30, 1_200);
    let all = Mutex::new(Vec::new());
    with_each(&releases(), |release| {
        let mut hunt = Hunt::new(release);
        let began = Instant::now();
        let mut number = 0;
        while began.elapsed() < budget && hunt.found.len() < ENOUGH {
            hunt.trial(draw(release, seed, number), number);
            number += 1;
        }
        report(&hunt, seed, number);
        let found = std::mem::take(&mut hunt.found);
        all.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
    });
    let all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    assert!(all.is_empty(), "seed {seed}:\n{}", all.join("\n"));
}

#[expect(clippy::print_stderr, reason = "the tests' runner keeps it with the test")]
fn report(hunt: &Hunt<'_>, seed: u64, number: u32) {
    eprintln!(
        "etcd {}, seed {seed}: {number} draws, {} members served, {} refusals were etcd's too, and \
         others had a reason: {:?}",
        hunt.release, hunt.served, hunt.refused, hunt.stricter
    );
}

/// One to six options with values, each option once. Half of them are from the part of the table that
/// the first is from: what minds another is mostly near it.
fn draw(release: &str, seed: u64, number: u32) -> Vec<Choice> {
    let version = EtcdVersion::parse(release).expect("a release");
    let mut runner = TestRunner::new_with_rng(Config::default(), rng(release, seed, number));
    let picks = prop::collection::vec(any::<(bool, Index, Index)>(), 1..=6);
    let picks = picks.new_tree(&mut runner).expect("a draw").current();
    let all = options(version);
    let first = picks[0].1.get(&all).group();
    let near: Vec<_> = all.iter().filter(|option| option.group() == first).copied().collect();
    let choice = |(is_near, option, value): (bool, Index, Index)| {
        let option = option.get(if is_near { &near } else { &all });
        (option.name(), value.get(&values(option, version)).clone())
    };
    let chosen: BTreeMap<_, _> = picks.into_iter().map(choice).collect();
    chosen.into_iter().collect()
}

/// Returns the random numbers of one trial.
fn rng(release: &str, seed: u64, number: u32) -> TestRng {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..12].copy_from_slice(&number.to_le_bytes());
    for (to, from) in bytes[12..].iter_mut().zip(release.bytes()) {
        *to = from;
    }
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}

/// The trials of one release, and what they found.
struct Hunt<'a> {
    release: &'a str,
    bench: Bench,
    /// Sets of options that were tried because a build refuses them, or that were found.
    known: BTreeSet<String>,
    /// The number of times that each kind of refusal was tried.
    kinds: BTreeMap<String, u32>,
    served: usize,
    refused: usize,
    /// Reasons why a build refused what etcd served with.
    stricter: BTreeSet<&'static str>,
    found: Vec<String>,
}

impl<'a> Hunt<'a> {
    fn new(release: &'a str) -> Self {
        Self {
            release,
            bench: Bench::new(release),
            known: BTreeSet::new(),
            kinds: BTreeMap::new(),
            served: 0,
            refused: 0,
            stricter: BTreeSet::new(),
            found: Vec::new(),
        }
    }

    /// Has etcd confirm each refusal on its own, and then starts with what is left.
    fn trial(&mut self, mut options: Vec<Choice>, number: u32) {
        while !self.bench.said(Severity::Error, self.release, &options).is_empty() {
            let culprits = least(&options, |some| {
                !self.bench.said(Severity::Error, self.release, some).is_empty()
            });
            let Some((last, _)) = culprits.last().cloned() else {
                self.find("a spec without options is refused".to_owned());
                return;
            };
            self.confirm(&culprits, number);
            options.retain(|(name, _)| *name != last);
        }
        self.accepted(&options, number);
    }

    /// Has etcd look at what a build refuses, a few times for each option and message of that kind.
    fn confirm(&mut self, options: &[Choice], number: u32) {
        let messages = self.bench.said(Severity::Error, self.release, options);
        let names: Vec<&str> = options.iter().map(|(name, _)| *name).collect();
        let tries = self.kinds.entry(format!("{names:?} {:?}", stripped(&messages))).or_default();
        if *tries == TRIES || !self.known.insert(shown(options)) {
            return;
        }
        *tries += 1;
        if let Outcome::Fails(_) = self.bench.unchecked(options) {
            self.refused += 1;
            return;
        }
        *tries = TRIES;
        let has_log_output = names.contains(&"log-output");
        let reasons = messages.iter().map(|message| stricter::reason(message, has_log_output));
        match reasons.collect::<Option<Vec<_>>>() {
            Some(reasons) => self.stricter.extend(reasons),
            None => self.find(format!(
                "etcd {} serves (draw {number}) with\n{}though the build says {messages:?}",
                self.release,
                shown(options)
            )),
        }
    }

    #[expect(clippy::print_stderr, reason = "a run is long, and a finding worth knowing at once")]
    fn find(&mut self, what: String) {
        eprintln!("{what}\n");
        self.found.push(what);
    }

    fn accepted(&mut self, options: &[Choice], number: u32) {
        if self.known.contains(&shown(options)) {
            return;
        }
        // For a line of releases, only what all of them have is taken.
        let line = self.release.rsplit_once('.').map_or(self.release, |(line, _)| line);
        let any =
            number.is_multiple_of(4) && self.bench.said(Severity::Error, line, options).is_empty();
        let version = if any { line } else { self.release };
        let formats = formats(version, options);
        let format = formats[number as usize % formats.len()];
        let start = |some: &[Choice]| self.bench.accepted(&self.bench.spec(version, some), format);
        let Outcome::Fails(_) = start(options) else {
            self.served += 1;
            return;
        };
        let fails = |some: &[Choice]| {
            self.bench.said(Severity::Error, version, some).is_empty()
                && matches!(start(some), Outcome::Fails(_))
        };
        let culprits = least(options, fails);
        let Outcome::Fails(why) = start(&culprits) else {
            self.find(format!("etcd {}: only once, with\n{}", self.release, shown(options)));
            return;
        };
        let warnings = self.bench.said(Severity::Warning, version, &culprits);
        let announced = warnings.iter().any(|warning| stricter::is_announced(warning));
        if self.known.insert(shown(&culprits)) && !announced {
            self.find(format!(
                "etcd {} by {format} (draw {number}), with\n{}does not serve: {why}",
                self.release,
                shown(&culprits)
            ));
        }
    }
}

/// Messages without their values.
fn stripped(messages: &[String]) -> Vec<String> {
    let words = |message: &String| message.split('`').step_by(2).collect::<Vec<_>>().join("_");
    messages.iter().map(words).collect()
}

/// The options without those that it does not take.
fn least(options: &[Choice], holds: impl Fn(&[Choice]) -> bool) -> Vec<Choice> {
    let mut left = options.to_vec();
    for (name, _) in options {
        let fewer: Vec<Choice> = left.iter().filter(|(other, _)| other != name).cloned().collect();
        if holds(&fewer) {
            left = fewer;
        }
    }
    left
}

fn shown(options: &[Choice]) -> String {
    let lines: Vec<String> =
        options.iter().map(|(name, value)| format!("{name} = {value}\n")).collect();
    lines.concat()
}
