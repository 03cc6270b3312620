//! `out/.seal`: that a large `out/` is still as a build left it, told without opening its files.
//!
//! A build proves every certificate and compares every file. For a handful of members that takes a
//! few milliseconds; for thousands of clients it is most of the work of a build that changes
//! nothing. So a build with many files leaves a digest of what it was made from and of the identity
//! of every file, as git's index does. It vouches for a day at most: what the clock decides is
//! decided again then.

use super::disk::{self, How};
use super::inspect;
use super::journal;
use super::out::Out;
use super::path::OutPath;
use crate::parallel::try_map;
use bouquet_model::diagnostic::Diagnostic;
use sha2::{Digest as _, Sha256};
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

/// From so many files on it is worth it.
const WORTH: usize = 256;

/// How long a stamp vouches, in seconds.
const DAY: i64 = 24 * 60 * 60;

/// Two ticks of a slow kernel: after it, a file that changes gets another time than those before.
const TICK: Duration = Duration::from_millis(8);

/// What a build is made from, as far as `out/` does not show it.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// The bytes of `cluster.toml`.
    pub spec: &'a [u8],
    /// The single file elsewhere that a build reads and writes.
    pub lock: &'a Path,
    /// The running program: another compiler may render the same spec in another way.
    pub program: Option<&'a Path>,
}

/// Tells whether everything that the last build wrote is there and unchanged, and it was made from
/// the same, and nothing has become due since.
pub fn holds(out: &Out, origin: Origin<'_>, now: i64) -> bool {
    let paths = &out.manifest().paths;
    let stamp = inspect::read(&out.path().join(NAME), 256).ok().flatten();
    let Some((until, digest)) = stamp.as_ref().and_then(|bytes| parse(bytes)) else {
        return false;
    };
    paths.len() >= WORTH
        && (until - DAY..until).contains(&now)
        && self::digest(out.path(), paths.iter(), origin).is_ok_and(|found| found == digest)
}

/// Leaves a stamp, if `out/` is large: it vouches until `due`, and for a day at most.
///
/// # Errors
/// If a file cannot be looked at, or the stamp written.
pub fn leave(out: &Out, origin: Origin<'_>, now: i64, due: i64) -> Result<(), Diagnostic> {
    let manifest = journal::read(&journal::place(out.path()))?;
    if manifest.paths.len() < WORTH {
        return Ok(());
    }
    // Someone may change a file right after it was written, within one tick of the clock that its
    // times are taken from.
    sleep(TICK);
    let digest = digest(out.path(), manifest.paths.iter(), origin)?;
    let text = format!("{} {digest}\n", due.min(now + DAY));
    let place = out.path().join(NAME);
    let how = How { mode: 0o644, modified: None, durable: false };
    disk::write(&place, text.as_bytes(), how)
}

/// Returns the constants that a stamped `out/` was written with: its reading copy is the same text.
///
/// # Errors
/// If the file cannot be read.
pub fn constants(out: &Out) -> Result<Option<String>, Diagnostic> {
    /// Some ten thousand certificates.
    const LIMIT: u64 = 64 << 20;
    let bytes = inspect::read(&out.path().join("cluster.rs"), LIMIT)?;
    Ok(bytes.and_then(|bytes| String::from_utf8(bytes).ok()))
}

const NAME: &str = ".seal";

fn parse(bytes: &[u8]) -> Option<(i64, String)> {
    let (until, digest) = str::from_utf8(bytes).ok()?.trim_end().split_once(' ')?;
    Some((until.parse().ok()?, digest.to_owned()))
}

fn digest<'a>(
    root: &Path,
    paths: impl Iterator<Item = &'a OutPath> + Clone,
    origin: Origin<'_>,
) -> Result<String, Diagnostic> {
    let files = paths.clone().map(|path| root.join(path.as_str()));
    let folders = paths.map(|path| root.join(path.folder()));
    let mut places: Vec<PathBuf> = files.chain(folders).collect();
    places.push(origin.lock.to_owned());
    places.extend(origin.program.map(Path::to_owned));
    places.dedup();
    let facts = try_map(&places, 512, |path| inspect::look(path))?;
    let mut all = Sha256::new();
    all.update(origin.spec);
    for (path, facts) in places.iter().zip(facts) {
        all.update(path.as_os_str().as_encoded_bytes());
        all.update(facts.map_or([0; 48], |facts| identity(&facts)));
    }
    Ok(data_encoding::HEXLOWER.encode(&all.finalize()))
}

/// What changes whenever a file's content, permissions, owner or names do. `ctime` cannot be set
/// from outside. Of a folder, only what it takes to enter it: others may put files of theirs there.
fn identity(facts: &Metadata) -> [u8; 48] {
    let file = facts.is_file();
    let numbers = [
        facts.ino(),
        u64::from(facts.mode()) << 32 | u64::from(facts.uid()),
        if file { facts.len() } else { 0 },
        if file { facts.nlink() } else { 0 },
        if file { facts.ctime().cast_unsigned() } else { 0 },
        if file { facts.ctime_nsec().cast_unsigned() } else { 0 },
    ];
    let mut bytes = [0; 48];
    for (place, number) in bytes.chunks_exact_mut(8).zip(numbers) {
        place.copy_from_slice(&number.to_be_bytes());
    }
    bytes
}
