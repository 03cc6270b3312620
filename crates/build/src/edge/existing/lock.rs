//! `cluster.lock` as it is before a build, and its copy in `out/`.

use super::files;
use crate::pki::{LEDGER, read_ledger};
use bouquet_lock::{Authority, COPY, LARGEST, Lock, Unreadable, read};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::time::Date;
use bouquet_outdir::{Out, inspect};
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

/// Reads the file, if it is there.
///
/// # Errors
/// If it cannot be read, or is no lock.
pub(in crate::edge) fn file(place: &Path, out: &Path) -> Result<Option<File>, Diagnostic> {
    let Some(bytes) = inspect::read(place, LARGEST)? else { return Ok(None) };
    let lock = read(&bytes).map_err(|why| {
        let copy = out.join(COPY);
        unreadable(place, &why, copy.exists().then_some(copy.as_path()))
    })?;
    Ok(Some(File { bytes, lock }))
}

/// What is known of the cluster before a build.
pub(in crate::edge) struct Known {
    pub(in crate::edge) lock: Lock,
    /// The file's bytes, if it is there.
    pub(in crate::edge) bytes: Option<Vec<u8>>,
    /// Where the file was not as the last build left it.
    pub(in crate::edge) said: Option<Diagnostic>,
}

/// Returns what is known of the cluster: what the file says, and what the copy in `out/` says besides,
/// which was issued here. Says once where the file was not as the last build left it.
///
/// # Errors
/// If a file of `out/` cannot be read, or a lock that is gone cannot be put back.
pub(in crate::edge) fn known(
    file: Option<File>,
    out: &Out,
    place: &Path,
    now: i64,
) -> Result<Known, Diagnostic> {
    let copy = out.read_file(COPY)?;
    let words = Words { place, out: out.path(), day: Date(now) };
    match (file, copy) {
        (Some(File { bytes, mut lock }), copy) => {
            let copy = copy.filter(|copy| *copy != bytes);
            // A copy that is no lock, or another cluster's, tells nothing; it is written again.
            let copy = copy.and_then(|copy| read(&copy).ok());
            let count = copy.map_or(0, |copy| take_in(&mut lock, copy, now));
            let said = (count > 0).then(|| words.older(count));
            Ok(Known { lock, bytes: Some(bytes), said })
        }
        (None, Some(copy)) => {
            let lock = read(&copy);
            let lock = lock.map_err(|why| unreadable(&out.path().join(COPY), &why, None))?;
            Ok(Known { lock, bytes: None, said: Some(words.gone()) })
        }
        (None, None) => {
            let ledger = out.read_file(LEDGER)?;
            let issued = ledger.as_deref().map(read_ledger).unwrap_or_default();
            let said = if !issued.is_empty() {
                Some(words.migrated())
            } else if files::trace(out)?.is_some() {
                Some(words.lost())
            } else {
                None
            };
            Ok(Known { lock: Lock { issued, ..Lock::default() }, bytes: None, said })
        }
    }
}

/// Takes in what was issued here and the lock lacks, with the CAs that issued it; returns how many
/// certificates that were. What the copy of another cluster tells is none of it.
fn take_in(lock: &mut Lock, copy: Lock, now: i64) -> usize {
    let ours = &mut lock.identity.authorities;
    let is_ours = |(number, ca): (&u32, &Authority)| {
        ours.get(number).is_none_or(|known| known.is_same_ca(ca.certificate.as_bytes()))
    };
    if !copy.identity.authorities.iter().all(is_ours) {
        return 0;
    }
    for (number, ca) in copy.identity.authorities {
        ours.entry(number).or_insert(ca);
    }
    let mut missing = copy.issued;
    missing.forget_expired(now);
    lock.issued.take_in(missing)
}

/// What is said of a lock. The day is there because cargo repeats the words of a build until the next
/// one.
struct Words<'a> {
    place: &'a Path,
    out: &'a Path,
    day: Date,
}

impl Words<'_> {
    fn older(&self, count: usize) -> Diagnostic {
        let (place, out, day) = (self.place.display(), self.out.display(), self.day);
        let what =
            if count == 1 { "a certificate".to_owned() } else { format!("{count} certificates") };
        Diagnostic::warning(format!(
            "`{place}` lacked {what} that `{out}/` knows of: put back on {day}"
        ))
        .help("it was older than `out/`, or lost lines in a merge; commit it as it is now")
    }

    fn gone(&self) -> Diagnostic {
        let (place, out, day) = (self.place.display(), self.out.display(), self.day);
        Diagnostic::warning(format!("`{place}` was gone: put back from `{out}/{COPY}` on {day}"))
            .help("commit it: it is what makes this cluster this one")
    }

    fn migrated(&self) -> Diagnostic {
        let (place, out, day) = (self.place.display(), self.out.display(), self.day);
        Diagnostic::warning(format!(
            "`{place}` is new, and takes the place of `{out}/{LEDGER}` ({day})"
        ))
        .help("commit it with cluster.toml: no certificate was reissued for it")
    }

    fn lost(&self) -> Diagnostic {
        let (place, out, day) = (self.place.display(), self.out.display(), self.day);
        Diagnostic::warning(format!(
            "`{place}` was not there: begun again on {day} from the certificates in `{out}/`"
        ))
        .help(
            "if it is in git, `git checkout` it: it alone tells of certificates that were replaced",
        )
        .help("without it, a `[[revoked]]` name misses those; write their `serial` instead")
    }
}

/// Explains why a file is no lock; `copy` is the one in `out/`, if it is there.
fn unreadable(place: &Path, why: &Unreadable, copy: Option<&Path>) -> Diagnostic {
    let line = match why {
        Unreadable::Conflict(line) | Unreadable::Cut(line) | Unreadable::Wrong(line, _) => {
            format!(":{line}")
        }
        Unreadable::Newer(_) => String::new(),
    };
    let shown = place.display();
    let error = Diagnostic::error(format!("`{shown}{line}` {why}"));
    match why {
        Unreadable::Newer(_) => error
            .help("build with that version of Bouquet, or a later one: nothing is lost until then"),
        Unreadable::Conflict(_) => error
            .help("keep every line of `certificates` of both sides, and remove the markers")
            .help(
                "under `[identity]` both sides say the same, unless one of them began another cluster: keep \
                 what the members run with",
            ),
        Unreadable::Cut(_) | Unreadable::Wrong(..) => {
            let error = error.help(format!("`git checkout {shown}` brings back the committed one"));
            match copy {
                Some(copy) => error.help(format!(
                    "or `cp {} {shown}`: that is what the last build here wrote",
                    copy.display()
                )),
                None => error,
            }
        }
    }
}
