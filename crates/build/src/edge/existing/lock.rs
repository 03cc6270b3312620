//! `cluster.lock` as it is before a build, and its copy in `out/`.

use super::files;
use crate::edge::held::{all_of, last_module};
use crate::pki::{LEDGER, read_ledger};
use bouquet_lock::{COPY, LARGEST, Later, Lock, Origin, Recorded, Taken, read};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::time::{Date, Instant};
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

/// Reads the file, if it is there.
///
/// # Errors
/// If it cannot be read, or is no lock.
pub(in crate::edge) fn file(place: &Path, out: &Path) -> Result<Option<File>, Diagnostic> {
    let Some(bytes) = inspect::read(place, LARGEST)? else { return Ok(None) };
    let lock = read(&bytes).map_err(|why| {
        let copy = out.join(COPY);
        why.explain(place, Origin::Package(copy.exists().then_some(copy.as_path())))
    })?;
    Ok(Some(File { bytes, lock }))
}

/// What is known of the cluster before a build.
pub(in crate::edge) struct Known {
    pub(in crate::edge) lock: Lock,
    /// The file's bytes, if it is there.
    pub(in crate::edge) bytes: Option<Vec<u8>>,
    /// Whether the file tells of all that the last build here knew, and of more, as after a `git pull`.
    pub(in crate::edge) is_newer: bool,
    /// Where the file was not as the last build left it.
    pub(in crate::edge) said: Vec<Diagnostic>,
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
    place: &Path,
    now: i64,
) -> Result<Known, Diagnostic> {
    let copy = out.read_file(COPY)?;
    let ledger = out.read_file(LEDGER)?;
    let ledger = ledger.as_deref().map(read_ledger).unwrap_or_default();
    let words = Words { place, out: out.path(), day: Date(now) };
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
            let taken = lock.take_in(&copy).map_err(|serial| words.edited(&serial))?;
            let is_newer = has_copy && has_more && !taken.is_issued();
            // That of an `out/` which comes from a backup of before there was a lock.
            for (serial, entry) in ledger.iter() {
                if !lock.issued.knows(serial) {
                    lock.issued.enter(serial, entry.clone());
                }
            }
            Ok(Known { lock, bytes: Some(bytes), is_newer, said: words.taken(&taken) })
        }
        (None, Some(copy)) => {
            let lock = read(&copy);
            let lock = lock.map_err(|why| {
                let error = why.explain(&out.path().join(COPY), Origin::Other);
                error.help(format!(
                    "it stands in for `{}`, which is gone: `git checkout` that one, then build",
                    place.display()
                ))
            })?;
            Ok(Known { lock, bytes: None, is_newer: false, said: vec![words.gone()] })
        }
        (None, None) => {
            let recorded = recorded_by_earlier(out, now)?;
            let said = if !ledger.is_empty() || recorded.is_some() {
                Some(words.migrated(!ledger.is_empty(), recorded.is_some()))
            } else if files::trace(out)?.is_some() || wrote_a_lock(out) {
                Some(words.lost(files::trace(out)?.is_some()))
            } else {
                None
            };
            let recorded = recorded.unwrap_or_default();
            let lock = Lock { issued: ledger, recorded, ..Lock::default() };
            Ok(Known { lock, bytes: None, is_newer: false, said: said.into_iter().collect() })
        }
    }
}

/// Returns what the last build was for, as running, where that was one of a release that wrote no lock.
fn recorded_by_earlier(out: &Out, now: i64) -> Result<Option<Recorded>, Diagnostic> {
    if wrote_a_lock(out) {
        return Ok(None);
    }
    Ok(last_module(out)?.and_then(|module| all_of(&module, now)))
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

/// What is said of a lock. The day is there because cargo repeats the words of a build until the next
/// one.
struct Words<'a> {
    place: &'a Path,
    out: &'a Path,
    day: Date,
}

impl Words<'_> {
    fn taken(&self, taken: &Taken) -> Vec<Diagnostic> {
        self.older(taken).into_iter().chain(self.older_records(&taken.records)).collect()
    }

    fn older_records(&self, records: &[Later]) -> Option<Diagnostic> {
        let (place, out, day) = (self.place.display(), self.out.display(), self.day);
        let first = records.first()?;
        let (whose, Later { ours, theirs, .. }) = (first.whose(), first);
        let ours = match ours {
            Some(ours) => format!("a record of {whose} of {}", Instant(*ours)),
            None => format!("no record of {whose}"),
        };
        let theirs = Instant(*theirs);
        let more = match records.len() {
            1 => String::new(),
            count => format!(", and so of {} more", count - 1),
        };
        Some(
            Diagnostic::warning(format!(
                "`{place}` had {ours}, and `{out}/{COPY}` has one of {theirs}: put back from there on \
                 {day}{more}"
            ))
            .help("it was older than `out/`, or lost lines in a merge; commit it as it is now")
            .help(format!(
                "if the machines went back to what the older one tells: `git checkout {place}`, then \
                 `BOUQUET_WRITE=0 cargo run -- done --from-lock`"
            )),
        )
    }

    fn older(&self, taken: &Taken) -> Option<Diagnostic> {
        let (place, out, day) = (self.place.display(), self.out.display(), self.day);
        let mut what: Vec<String> =
            taken.authorities.iter().map(|number| format!("CA {number}")).collect();
        match taken.certificates {
            0 => {}
            1 => what.push("a certificate".to_owned()),
            count => what.push(format!("{count} certificates")),
        }
        let what = (!what.is_empty()).then(|| what.join(", "))?;
        Some(
            Diagnostic::warning(format!(
                "`{place}` lacked {what}: put back on {day} from `{out}/{COPY}`"
            ))
            .help("it was older than `out/`, or lost lines in a merge; commit it as it is now"),
        )
    }

    fn edited(&self, serial: &str) -> Diagnostic {
        let (place, out) = (self.place.display(), self.out.display());
        Diagnostic::error(format!(
            "`{place}` and its copy, `{out}/{COPY}`, tell different things of the serial number {serial}"
        ))
        .about(place.to_string(), None)
        .note("a certificate never changes, so that line was edited, or lost a part in a merge")
        .help(format!(
            "`diff {place} {out}/{COPY}` shows it: make both lines what the committed one is"
        ))
        .help(format!(
            "`git checkout {place}` brings back the committed one; what was issued here since then is \
             put back from the copy"
        ))
    }

    fn gone(&self) -> Diagnostic {
        let (place, out, day) = (self.place.display(), self.out.display(), self.day);
        Diagnostic::warning(format!("`{place}` was gone: put back from `{out}/{COPY}` on {day}"))
            .help("commit it: it is what makes this cluster this one")
    }

    fn migrated(&self, has_ledger: bool, is_running: bool) -> Diagnostic {
        let (place, out, day) = (self.place.display(), self.out.display(), self.day);
        let ledger = if has_ledger {
            format!(", and takes the place of `{out}/{LEDGER}`")
        } else {
            String::new()
        };
        let said = Diagnostic::warning(format!("`{place}` is new{ledger} ({day})"))
            .help("commit it with cluster.toml: no certificate was reissued for it");
        if !is_running {
            return said;
        }
        said.help(format!(
            "what `{out}/` was built for is recorded as running: where it does not run yet, `cargo run -- done \
             --undo` after a build of the cluster.toml that it was built for"
        ))
    }

    fn lost(&self, has_certificates: bool) -> Diagnostic {
        let (place, out, day) = (self.place.display(), self.out.display(), self.day);
        let from = if has_certificates {
            format!(" from the certificates in `{out}/`")
        } else {
            String::new()
        };
        let said = Diagnostic::warning(format!(
            "`{place}` was not there: begun again on {day}{from}: what runs, and the IDs of its members, are \
             unknown now"
        ))
        .note(
            "IDs and `initial-cluster-state` are as if cluster.toml were to found a cluster: where members \
             run, they may be wrong",
        )
        .help(format!(
            "if it is in git, take it from there first: `git checkout {place}`, then build; copy nothing to \
             the machines before: it alone tells what runs, the IDs, and which certificates were replaced"
        ))
        .help(
            "without it: where the members run what cluster.toml says, `cargo run -- done` records them; hold \
             their IDs against `etcdctl member list`",
        );
        if !has_certificates {
            return said;
        }
        said.help(
            "a `[[revoked]]` name misses certificates that were replaced; write their `serial` instead",
        )
    }
}
