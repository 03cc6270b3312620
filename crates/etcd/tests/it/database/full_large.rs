//! A database of 1 GiB.

use crate::support::bolt::{Bolt, Element, compaction, put};
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::process::Command;

/// What a value has, and how many there are: some 1 GiB together.
const VALUE: [u8; 900] = [b'f'; 900];
const COUNT: i64 = 1_100_000;

/// The most that may be resident, in KiB.
const MEMORY: u64 = 32 << 10;

#[test]
fn it_is_read_in_little_memory() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let path = folder.path().join("large.db");
    let out = BufWriter::with_capacity(1 << 20, File::create(&path).expect("a file"));
    let mut bolt = Bolt::new(out, 4096);
    let root = bolt.tree((2..2 + COUNT).map(|at| put(at, at, 1, &format!("key {at}"), &VALUE)));
    let meta = bolt.tree(compaction(2, 2).into_iter());
    let buckets = [("key", root), ("meta", meta)];
    let buckets = buckets.map(|(name, root)| Element::Bucket(name.into(), root));
    drop(bolt.finish(&buckets));
    assert!(path.metadata().expect("a file").len() > 1 << 30);

    let test = std::env::current_exe().expect("this program");
    let example = test.ancestors().nth(2).map(|folder| folder.join("examples/content"));
    let output =
        Command::new(example.as_deref().unwrap_or(Path::new("content"))).arg(&path).output();
    let said = String::from_utf8(output.expect("cargo built the example").stdout).expect("text");
    assert!(said.contains(&format!("revision {}, {COUNT} keys", COUNT + 1)), "{said}");
    let memory = said.split_whitespace().rev().nth(1).and_then(|number| number.parse().ok());
    assert!(memory.is_some_and(|memory: u64| memory <= MEMORY), "{said}");
}
