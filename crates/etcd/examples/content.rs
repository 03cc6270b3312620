//! Tells what is in a database of etcd's, and what it took to read it: `content FILE`.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a program of a few lines is an edge"
)]

use std::error::Error;
use std::fs::{self, File};
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args_os().nth(1).ok_or("which file?")?;
    let begin = Instant::now();
    let content = bouquet_etcd::database::content(&File::open(file)?)?;
    let took = begin.elapsed().as_millis();
    let (hash, revision, keys, size) = (content.hash, content.revision, content.keys, content.size);
    println!("hash {hash:x}, revision {revision}, {keys} keys, {size} bytes, {took} ms");
    // The most that was resident at a time, in KiB.
    let status = fs::read_to_string("/proc/self/status")?;
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default());
    Ok(())
}
