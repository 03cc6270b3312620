//! The edge: reads the files, asks, and writes `cluster.lock` with its copy.

use super::decide::{Decision, Files, decide};
use super::look::{Asked, is_it, looked};
use super::work::{Action, Recording, RestoredFrom};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::kept::keep_all;
use crate::package::SPEC;
use crate::patience::Patience;
use crate::restore::facts;
use crate::since::since_1970;
use crate::touch::touch;
use bouquet_lock::{COPY, LARGEST, Lock, NAME, Restored};
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_outdir::{Hold, Out, Output, inspect, write_alone};
use std::io::ErrorKind;
use std::path::Path;
use std::time::SystemTime;

/// More than a spec may have.
const SPEC_LIMIT: u64 = 4 << 20;

/// The ways to a person.
pub(crate) struct Talk<'a> {
    /// Prints data.
    pub(crate) print: &'a dyn Fn(&str),
    /// Says something.
    pub(crate) say: &'a dyn Fn(&str),
    /// Asks a question, and returns whether the answer is yes; `None` where nobody is there to answer.
    pub(crate) ask: &'a dyn Fn(&str) -> Option<bool>,
    pub(crate) patience: Patience,
}

/// The package while nobody else writes it.
struct Held {
    /// `out/`, if it is there.
    out: Result<Out, Hold>,
    files: Files,
}

/// Records what runs, once a person agreed.
///
/// # Errors
/// If it cannot be recorded; nothing was written then.
pub(crate) fn carry(
    work: &Recording,
    clock: &dyn Fn() -> SystemTime,
    talk: &Talk<'_>,
    look: &Asked<'_>,
) -> Result<Exit, Failure> {
    let seconds = since_1970(clock());
    // Builds are not kept waiting for an answer.
    let restored = work
        .restoring
        .as_ref()
        .map(|restoring| restored(work, &restoring.from, talk))
        .transpose()?;
    let decision = decide(work, &hold(work, talk, restored.as_ref())?.files, seconds)?;
    let (listing, summary, seen) = match &decision {
        Decision::Nothing(words) => {
            is_it(work, look)?;
            (talk.say)(words);
            return Ok(Exit::Done);
        }
        Decision::Write { listing, summary, members, lock } => {
            (listing, summary, (members, lock.as_ref()))
        }
    };
    if let Some(words) = looked(work, seen, look)? {
        (talk.say)(&words);
    }
    (talk.print)(listing);
    if !work.yes {
        match (talk.ask)(question(work.action)) {
            Some(true) => {}
            Some(false) => {
                (talk.say)("nothing was recorded");
                return Ok(Exit::Failed);
            }
            None => {
                return Err(Diagnostic::error(
                    "standard input is no terminal, and nobody can agree: nothing was recorded",
                )
                .help(unasked(work.action))
                .into());
            }
        }
    }
    let held = hold(work, talk, restored.as_ref())?;
    let again = decide(work, &held.files, seconds)?;
    if again != decision {
        return Err(Diagnostic::error("cluster.lock was changed meanwhile: nothing was recorded")
            .help("look at what changed in it, and try again")
            .into());
    }
    if let Decision::Write { lock, .. } = again {
        for problem in write(&held, &lock, clock())? {
            (talk.say)(Failure::from(problem).to_string().trim_end());
        }
    }
    (talk.say)(summary);
    Ok(Exit::Done)
}

/// Reads the snapshot that was restored.
fn restored(
    work: &Recording,
    from: &RestoredFrom,
    talk: &Talk<'_>,
) -> Result<Restored, Diagnostic> {
    let (place, token) = match from {
        RestoredFrom::File(place, token) => (place, token),
        RestoredFrom::Known(restored) => return Ok(restored.clone()),
    };
    let facts = facts(place, talk.patience)?;
    let restored = Restored::of(&work.token, facts.sha256, facts.content.revision, token);
    restored.ok_or_else(|| {
        Diagnostic::error(format!("{} is no token of a restore of this file", quoted(token)))
            .help("name the file and the token with which all members were restored, as `restore` printed them")
    })
}

const fn question(action: Action) -> &'static str {
    match action {
        Action::Record | Action::Restored => "record this? [y/N] ",
        Action::Undo => "take this back? [y/N] ",
        Action::FromLock => "take this as true? [y/N] ",
    }
}

const fn unasked(action: Action) -> &'static str {
    match action {
        Action::Record => "if all of it is on the machines: the same with `--yes`",
        Action::Restored => "if it was restored: the same with `--yes`",
        Action::Undo => "if that record is to be taken back: the same with `--yes`",
        Action::FromLock => {
            "if the machines went back to what cluster.lock tells: the same with `--yes`"
        }
    }
}

/// Waits until no build runs, and reads the files. What a killed build has left is put right first:
/// cluster.lock may be part of it.
fn hold(
    work: &Recording,
    talk: &Talk<'_>,
    restored: Option<&Restored>,
) -> Result<Held, Diagnostic> {
    let root = &work.package.out;
    let place = work.package.folder.join(NAME);
    let hold = Hold::take(&work.package.folder, |word| (talk.say)(word))?;
    let is_there = inspect::is_there(root)?;
    let out = if is_there { Ok(Out::open(root, &[place.as_path()], hold)?) } else { Err(hold) };
    let copy = match &out {
        Ok(out) => out.read_file(COPY)?,
        Err(_) => None,
    };
    let spec = spec(&work.package.folder.join(SPEC))?;
    let lock = inspect::read(&place, LARGEST)?;
    let restored = restored.cloned();
    let files = Files { spec, lock, copy, place, copy_place: root.join(COPY), restored };
    Ok(Held { out, files })
}

/// Reads `cluster.toml`, which may be a link, as for a build; one that is gone is empty.
fn spec(place: &Path) -> Result<Vec<u8>, Diagnostic> {
    match inspect::read_linked(place, SPEC_LIMIT) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        read => read.map_err(|error| {
            Diagnostic::error(format!("cannot read `{}`: {error}", place.display()))
        }),
    }
}

/// Writes the lock, with its copy where there is an `out/` of a build, all or nothing; returns what the
/// commit noticed.
fn write(held: &Held, lock: &Lock, now: SystemTime) -> Result<Vec<Diagnostic>, Diagnostic> {
    let place = &held.files.place;
    let text = lock.text();
    let notices = match &held.out {
        Ok(out) if !out.manifest().paths.is_empty() => {
            let mut output = Output::new();
            output.file(COPY, text.as_str());
            output.extra(place, text);
            keep_all(&mut output, out)?;
            out.commit(&output, now)?.notices
        }
        Ok(_) | Err(_) => {
            write_alone(place, text.as_bytes())?;
            Vec::new()
        }
    };
    // A build that does not see it comes to the same as soon as anything else changes.
    let _ = touch(place, now);
    Ok(notices)
}
