//! `cluster.lock` as it is before a build, and its copy in `out/`.

use super::lock_words::Words;
use super::{files, last};
use crate::pki::{LEDGER, Typed, read_ledger};
use bouquet_lock::{COPY, LARGEST, Lock, Origin, Recorded, git, read};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::time::Date;
use bouquet_outdir::{Out, OutPath, inspect};
use std::path::{Path, PathBuf};

/// The file as it is.
pub(in crate::edge) struct File {
    pub(in crate::edge) bytes: Vec<u8>,
    pub(in crate::edge) lock: Lock,
}

/// Returns the place of the lock: beside `cluster.toml`, by its name.
pub(in crate::edge) fn place(spec: &Path) -> PathBuf {
    spec.with_extension("lock")
}

/// Reads the file, if it is there. `typed` has its path, and that of `out/`, in commands.
///
/// # Errors
/// If it cannot be read, or is no lock.
pub(in crate::edge) fn file(
    place: &Path,
    out: &Path,
    typed: Typed<'_>,
) -> Result<Option<File>, Diagnostic> {
    let Some(bytes) = inspect::read(place, LARGEST)? else { return Ok(None) };
    let lock = read(&bytes).map_err(|why| {
        let copy = out.join(COPY).exists().then(|| typed.out.join(COPY));
        why.explain(typed.lock, Origin::Package(copy.as_deref()))
    })?;
    Ok(Some(File { bytes, lock }))
}

/// Holds what is known of the cluster before a build.
pub(in crate::edge) struct Known {
    pub(in crate::edge) lock: Lock,
    /// The file's bytes, if it is there.
    pub(in crate::edge) bytes: Option<Vec<u8>>,
    /// Whether the file tells of all that the last build here knew, and of more, as after a `git pull`.
    pub(in crate::edge) is_newer: bool,
    /// Whether there was one, and neither it nor its copy is there.
    pub(in crate::edge) is_lost: bool,
    /// Where the file was not as the last build left it: what a build says that has put it right.
    pub(in crate::edge) said: Vec<Diagnostic>,
    /// The same of a build that does not write it: it fails, or is held to the lock.
    pub(in crate::edge) unwritten: Vec<Diagnostic>,
}

/// Returns the copy in `out/` where the file is gone and cannot be put back, and says so; nothing, where there
/// is none that can be read.
pub(in crate::edge) fn copy(place: &Path, out: &Path) -> Option<(Lock, Diagnostic)> {
    let copy = out.join(COPY);
    let lock = read(&inspect::read(&copy, LARGEST).ok()??).ok()?;
    let said = Diagnostic::warning(format!(
        "`{}` is gone: compiled as its copy has it, `{}`",
        place.display(),
        copy.display()
    ));
    Some((lock, said.help("build where files may be written, which puts it back; then commit it")))
}

/// Returns what is known of the cluster: what the file says, and what the copy in `out/` says besides,
/// which was issued here. Says once where the file was not as the last build left it.
///
/// # Errors
/// If a file of `out/` cannot be read, a lock that is gone cannot be put back, or the two contradict
/// each other.
pub(in crate::edge) fn known(
    file: Option<File>,
    out: &Out,
    typed: Typed<'_>,
    now: i64,
) -> Result<Known, Diagnostic> {
    let copy = out.read_file(COPY)?;
    let ledger = out.read_file(LEDGER)?;
    let ledger = ledger.as_deref().map(read_ledger).unwrap_or_default();
    let words = |day| Words { place: typed.lock, out: typed.out, day };
    let twice = |say: &dyn Fn(Words<'_>) -> Vec<Diagnostic>| {
        [Some(Date(now)), None].map(|day| say(words(day)))
    };
    match (file, copy) {
        (Some(File { bytes, mut lock }), copy) => {
            let copy = copy.filter(|copy| *copy != bytes);
            // A copy that is no lock tells nothing; it is written again.
            let copy = copy.and_then(|copy| read(&copy).ok());
            let has_copy = copy.is_some();
            let mut copy = copy.unwrap_or_default();
            copy.issued.forget_expired(now);
            copy.identity.authorities.retain(|_, ca| ca.not_after >= now);
            let has_more = has_more(&lock, &copy);
            let taken = lock.take_in(&copy).map_err(|serial| words(None).edited(&serial))?;
            let is_newer = has_copy && has_more && !taken.is_issued();
            // That of an `out/` which comes from a backup of before there was a lock.
            for (serial, entry) in ledger.iter() {
                if !lock.issued.knows(serial) {
                    lock.issued.enter(serial, entry.clone());
                }
            }
            let [said, unwritten] = twice(&|words| words.taken(&taken));
            Ok(Known { lock, bytes: Some(bytes), is_newer, is_lost: false, said, unwritten })
        }
        (None, Some(copy)) => {
            let lock = read(&copy);
            let lock = lock.map_err(|why| {
                let error = why.explain(&out.path().join(COPY), Origin::Other);
                error.help(format!(
                    "it stands in for `cluster.lock`, which is gone: `{}`, then build",
                    git("checkout", typed.lock)
                ))
            })?;
            let [said, unwritten] = twice(&|words| vec![words.gone()]);
            Ok(Known { lock, bytes: None, is_newer: false, is_lost: false, said, unwritten })
        }
        (None, None) => {
            let recorded = recorded_by_earlier(out, now)?;
            let trace = files::trace(out)?.is_some();
            let is_migrated = !ledger.is_empty() || recorded.is_some();
            let is_lost = !is_migrated && (trace || wrote_a_lock(out));
            let [said, unwritten] = twice(&|words| {
                let said = if is_migrated {
                    words.migrated(!ledger.is_empty(), recorded.is_some())
                } else {
                    is_lost.then(|| words.lost(trace))
                };
                said.into_iter().collect()
            });
            let recorded = recorded.unwrap_or_default();
            let lock = Lock { issued: ledger, recorded, ..Lock::default() };
            Ok(Known { lock, bytes: None, is_newer: false, is_lost, said, unwritten })
        }
    }
}

/// Returns what the last build was for, as running, where that was one of a release that wrote no lock.
fn recorded_by_earlier(out: &Out, now: i64) -> Result<Option<Recorded>, Diagnostic> {
    if wrote_a_lock(out) {
        return Ok(None);
    }
    Ok(last::module(out)?.and_then(|module| last::all_of(&module, now)))
}

/// Tells whether the last build left a copy of the lock, be it there or not.
fn wrote_a_lock(out: &Out) -> bool {
    OutPath::parse(COPY).is_some_and(|copy| out.manifest().paths.contains(&copy))
}

/// Tells whether a lock tells of a certificate or a CA that another does not.
fn has_more(lock: &Lock, other: &Lock) -> bool {
    let others = &other.identity.authorities;
    lock.issued.iter().any(|(serial, _)| !other.issued.knows(serial))
        || lock.identity.authorities.keys().any(|number| !others.contains_key(number))
}
