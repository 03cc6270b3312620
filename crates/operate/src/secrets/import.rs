//! `secrets import`: the edge that reads a stream and writes `out/`.

use super::compare::{Plan, compare};
use super::done::Done;
use super::place::{Part, Place};
use super::verify::{Verified, verify};
use super::{file, folder, pipe, tar};
use crate::kept::keep_all;
use crate::package::{Package, lock};
use crate::since::since_1970;
use crate::touch::touch;
use bouquet_lock::{COPY, NAME, Origin};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_outdir::{Hold, Out, Output, inspect};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The keys of a stream that are to be put into an `out/`.
#[derive(Debug, PartialEq, Eq)]
pub struct Import {
    pub(crate) package: Package,
    /// Where the stream is; otherwise it is on stdin.
    pub(crate) file: Option<PathBuf>,
    /// Replaces what differs.
    pub(crate) replace: bool,
    /// The SHA-256 of the CAs that were compiled in.
    pub(crate) compiled: Vec<[u8; 32]>,
    /// The name of the program.
    pub(crate) program: String,
}

/// Reads a stream, verifies all of it, and then writes what is missing, all or nothing.
///
/// # Errors
/// If the stream, the lock or what is there already does not allow it; nothing was written then.
pub(crate) fn import(
    work: &Import,
    now: SystemTime,
    announce: &dyn Fn(&str),
) -> Result<Done, Diagnostic> {
    let Import { package: Package { folder, out: root }, file, replace, compiled, program } = work;
    let stream = pipe::read(file.as_deref(), program)?;
    let files = file::files(&tar::read(stream.expose(), program)?)?;
    let place = folder.join(NAME);
    let hold = Hold::take(folder, announce)?;
    let open = |hold| Out::open(root, &[place.as_path()], hold);
    // The remains of a killed build are put right first: cluster.lock may be part of them.
    let opened = if inspect::is_there(root)? { Ok(open(hold)?) } else { Err(hold) };
    let bytes = inspect::read(&place, bouquet_lock::LARGEST)?;
    let copy = Some(root.join(COPY)).filter(|copy| copy.exists());
    let origin = Origin::Package(copy.as_deref());
    let lock = lock(bytes.as_deref(), &place, origin, compiled, WHY)?;
    let Verified { files, mut said } = verify(files, &lock, since_1970(now))?;
    let out = opened.or_else(open)?;
    let answered: Vec<Place> = files.keys().filter_map(Place::of_answer).collect();
    let here = folder::read(root, files.keys().chain(&answered))?;
    let plan = compare(files, &here, &lock, *replace)?;
    said.extend(plan.said.iter().cloned());
    let summary = summary(&plan, said.is_empty());
    if !plan.writes.is_empty() {
        // Before the first file: a build that comes after a kill in between looks once more.
        touched(&place, now)?;
        let report = out.commit(&output(&out, plan)?, now)?;
        said.extend(report.notices);
    }
    Ok(Done { stream: None, said, summary })
}

const WHY: &str = "keys are verified against it before any is written";

/// Says what came; `all` tells that nothing of the stream was passed over or kept out.
fn summary(plan: &Plan, all: bool) -> String {
    let Plan { writes, keys, renewed, there, .. } = plan;
    let count =
        |count: usize, of: &str| format!("{count} {of}{}", if count == 1 { "" } else { "s" });
    let were = if *there == 1 { "was" } else { "were" };
    if writes.is_empty() {
        return match there {
            0 if all => "nothing to import: all of it is here already".to_owned(),
            0 => "nothing was imported".to_owned(),
            there => format!("nothing to import: {} {were} here already", count(*there, "key")),
        };
    }
    let (imported, present) = match keys {
        0 => (count(writes.len(), "file"), count(*there, "key")),
        keys => (count(*keys, "key"), there.to_string()),
    };
    let earlier = if *renewed == 1 { "an earlier one" } else { "earlier ones" };
    let renewed = match *renewed {
        0 => String::new(),
        all if all == *keys => format!(", in the place of {earlier}"),
        some => format!(", {some} in the place of {earlier}"),
    };
    let already =
        if *there == 0 { String::new() } else { format!("; {present} {were} here already") };
    format!("imported {imported}{renewed}{already}\nnext: `cargo build`")
}

/// Wants what is new, and all that builds have written as it is.
fn output(out: &Out, plan: Plan) -> Result<Output, Diagnostic> {
    let mut output = Output::new();
    for (path, (part, content)) in plan.writes {
        if part == Part::Key {
            output.key(&path, content);
        } else {
            output.file(&path, content.expose());
        }
    }
    keep_all(&mut output, out)?;
    Ok(output)
}

/// Sets the time of cluster.lock, so that Cargo builds: it watches that file, and not yet an `out/`
/// that was not there.
fn touched(lock: &Path, now: SystemTime) -> Result<(), Diagnostic> {
    touch(lock, now).map_err(|error| {
        Diagnostic::error(format!("cannot set the time of `{}`: {error}", lock.display()))
            .note("nothing was written")
            .help("import as the account that the package's folder belongs to")
    })
}
