//! Each target with its seeds, and with what cuts and edits make of them: the same inputs in every run.

#![expect(clippy::disallowed_methods, reason = "seeds and dictionaries are files")]

use crate::{TARGETS, Target};
use data_encoding::HEXLOWER;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::{Union, ValueTree as _};
use proptest::test_runner::TestRunner;
use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, panic, thread};

/// At how many lengths a seed is cut off.
const CUTS: usize = 32;

/// How many inputs a target gets that are edited.
const EDITED: usize = 800;

#[test]
fn whatever_a_target_is_given_it_keeps_its_promises() {
    let broken: Vec<String> = thread::scope(|scope| {
        let start = |(name, target): &(&'static str, Target)| {
            let (name, target) = (*name, *target);
            // By its name, a panic in it tells which target it is of.
            let thread = thread::Builder::new().name(name.to_owned());
            thread.spawn_scoped(scope, move || first_broken(name, target)).expect("a thread")
        };
        let threads: Vec<_> = TARGETS.iter().map(start).collect();
        threads.into_iter().filter_map(|thread| thread.join().expect("it caught all")).collect()
    });
    assert!(broken.is_empty(), "{}", broken.join("\n\n"));
}

#[test]
fn each_target_has_seeds_and_each_folder_of_seeds_is_that_of_a_target() {
    let targets: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(targets.len(), TARGETS.len(), "a name is there twice");
    assert_eq!(names(&fuzz("seeds")), targets);
    for target in &targets {
        assert!(!seeds(target).is_empty(), "fuzz/seeds/{target} is empty");
    }
}

/// A dictionary that several targets have is a file, and a link to it for each of them.
#[test]
fn each_dictionary_is_that_of_a_target() {
    let folder = fuzz("dictionaries");
    let names = names(&folder);
    let led_to: BTreeSet<_> =
        names.iter().filter_map(|name| fs::read_link(folder.join(name)).ok()).collect();
    for name in &names {
        let is_shared = led_to.contains(Path::new(name));
        let is_of_a_target = TARGETS.iter().any(|(target, _)| target == name);
        assert!(is_shared || is_of_a_target, "nothing has fuzz/dictionaries/{name}");
        assert!(!dictionary(name).is_empty(), "fuzz/dictionaries/{name} has no words");
    }
}

/// Returns what the first input comes to that breaks a promise, with all that makes a seed of it.
fn first_broken(name: &str, target: Target) -> Option<String> {
    let seeds = seeds(name);
    let words = dictionary(name);
    let mut runner = TestRunner::deterministic();
    seeds.iter().find_map(|(file, seed)| {
        let mut inputs = inputs(seed, &words, EDITED / seeds.len(), &mut runner);
        inputs.find_map(|input| {
            let panic = panic::catch_unwind(|| target(&input)).err()?;
            Some(format!(
                "the target `{name}` fails on an input made of fuzz/seeds/{name}/{file}: {}\n\
                 this keeps it as a seed:\n\
                 echo {} | xxd -r -p >fuzz/seeds/{name}/NAME",
                said(&*panic),
                HEXLOWER.encode(&input),
            ))
        })
    })
}

/// Returns what a panic said.
fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref().copied()).unwrap_or("a panic without words")
}

/// Returns a seed as it is, cut off at some lengths, and edited as often as is said.
fn inputs(
    seed: &[u8],
    words: &[Vec<u8>],
    edited: usize,
    runner: &mut TestRunner,
) -> impl Iterator<Item = Vec<u8>> {
    let step = seed.len().div_ceil(CUTS).max(1);
    let cut = (0..seed.len()).step_by(step).map(|length| seed[..length].to_vec());
    let edits = vec(edit(words), 1..6);
    let edited = (0..edited).map(move |_| {
        let mut bytes = seed.to_vec();
        for (at, gone, piece) in edits.new_tree(runner).expect("edits").current() {
            let at = at.index(bytes.len() + 1);
            let end = (at + gone).min(bytes.len());
            bytes.splice(at..end, piece);
        }
        bytes
    });
    [seed.to_vec()].into_iter().chain(cut).chain(edited)
}

/// Returns where bytes go, how many of them, and what is there instead.
fn edit(words: &[Vec<u8>]) -> impl Strategy<Value = (Index, usize, Vec<u8>)> + use<> {
    let byte = (Just(1), vec(any::<u8>(), 1)).boxed();
    let deletion = (1..16_usize, Just(Vec::new())).boxed();
    let insertion = (Just(0), vec(any::<u8>(), 1..8)).boxed();
    let mut changes = vec![byte, deletion, insertion];
    if !words.is_empty() {
        changes.push((0..16_usize, select(words.to_vec())).boxed());
    }
    (any::<Index>(), Union::new(changes)).prop_map(|(at, (gone, piece))| (at, gone, piece))
}

/// Returns the seeds of a target by the names of their files.
fn seeds(target: &str) -> BTreeMap<String, Vec<u8>> {
    let folder = fuzz("seeds").join(target);
    let read = |name: String| {
        let seed = fs::read(folder.join(&name)).expect("a seed is a file");
        (name, seed)
    };
    names(&folder).into_iter().map(read).collect()
}

/// Returns the words of a dictionary of libFuzzer's: those that a target's inputs are made of, or none.
fn dictionary(target: &str) -> Vec<Vec<u8>> {
    let file = fuzz("dictionaries").join(target);
    if !file.exists() {
        return Vec::new();
    }
    let text = fs::read_to_string(&file).expect("a dictionary is text");
    let words = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    words.map(|line| word(line).unwrap_or_else(|| panic!("{}: {line}", file.display()))).collect()
}

/// Returns the bytes of a line such as `name="word\x00"`.
fn word(line: &str) -> Option<Vec<u8>> {
    let (_, quoted) = line.split_once('"')?;
    let mut rest = quoted.strip_suffix('"')?;
    let mut bytes = Vec::new();
    while let Some(first) = rest.chars().next() {
        let (byte, length) = match first {
            '\\' if rest.starts_with("\\x") => (u8::from_str_radix(rest.get(2..4)?, 16).ok()?, 4),
            ' '..='~' if first != '\\' => (first as u8, 1),
            _ => return None,
        };
        bytes.push(byte);
        rest = &rest[length..];
    }
    Some(bytes)
}

/// Returns the names of all that is in a folder.
fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
    entries.map(|entry| name(entry).into_string().expect("a name is text")).collect()
}

fn fuzz(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name(folder)
}
