//! The edge: looks, asks the chosen member, writes what it sends, and says so.

use super::choose::{Chosen, choose, doubts};
use super::folder;
use super::partial::{Partial, Whole, open_whole, refused};
use super::progress::Progress;
use super::source::{Source, Stopped};
use super::told::{Saved, json_text, metrics, text};
use super::work::{Save, To};
use crate::compiled::Compiled;
use crate::exit::Exit;
use crate::failure::{Failure, shown};
use crate::live::{Beside, Observed, Seen, asking, judge, looked};
use bouquet_etcd::database;
use bouquet_model::diagnostic::{Diagnostic, Severity};
use bouquet_model::url::Url;
use bouquet_outdir::write_alone;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The ways out of here.
pub(crate) struct Ways<'a> {
    /// Prints data.
    pub(crate) print: &'a dyn Fn(&str),
    /// Says something.
    pub(crate) say: &'a dyn Fn(&str),
    /// Writes bytes to standard output.
    pub(crate) stdout: &'a dyn Fn(&[u8]) -> io::Result<()>,
    /// Shows how far it has come, over and over in one line; `None` where that is no terminal.
    pub(crate) progress: Option<&'a dyn Fn(&str)>,
    pub(crate) read: &'a dyn Fn(&Path) -> io::Result<Vec<u8>>,
    pub(crate) clock: fn() -> SystemTime,
}

/// Takes a snapshot.
///
/// # Errors
/// If none could be taken, or what there is to take is in doubt; nothing is left of it then.
pub(crate) fn carry(
    compiled: &Compiled<'_>,
    work: &Save,
    ways: &Ways<'_>,
) -> Result<Exit, Failure> {
    let asking = asking(work.client.as_deref(), work.deadline, ways.read, ways.clock)?;
    let begin = Instant::now();
    let observed = looked(compiled, &asking)?;
    let report = judge(compiled, &observed, &Beside::default());
    let leaderless = leaderless(&observed);
    let chosen = choose(&report, &leaderless, work.member.as_deref())?;
    let doubts = doubts(&report, &leaderless, &chosen);
    if !work.force
        && let Some(doubt) = doubts.iter().cloned().reduce(together)
    {
        let help = "where it is to be saved all the same: `--force`";
        return Err(doubt.note("nothing was saved").help(help).into());
    }
    for doubt in &doubts {
        (ways.say)(&shown(&Diagnostic { severity: Severity::Warning, ..doubt.clone() }));
    }
    if report.is_full {
        let alarm = "the alarm NOSPACE is on, and in the snapshot: restored, it takes no write before that is off";
        (ways.say)(&shown(&Diagnostic::warning(alarm)));
    }
    let (urls, cluster) = asked(&observed, &chosen);
    let source = Source { urls, credentials: asking.credentials.as_ref(), deadline: work.deadline };
    let expected = report.rows.iter().find(|row| row.name == chosen.name);
    let expected = expected.and_then(|row| row.db_size);
    let mut saved = Saved {
        token: report.token,
        cluster: report.id.or(cluster).unwrap_or_default(),
        from: chosen,
        place: None,
        size: 0,
        sha256: [0; 32],
        revision: None,
        now: seconds((ways.clock)()),
        took: Duration::ZERO,
        removed: Vec::new(),
        doubts: doubts.into_iter().map(|doubt| doubt.message).collect(),
    };
    let mut progress = Progress::new(ways.progress, expected);
    let streamed = match &work.to {
        To::Stdout => to_stdout(&source, &mut saved, &mut progress, ways),
        To::File(_) | To::Folder(_) => to_disk(work, &source, &mut saved, &mut progress),
    };
    drop(progress);
    match streamed {
        Ok(()) => {}
        Err(Stopped::Asked(asked)) => return Ok(Exit::Command(asked.code())),
        Err(Stopped::Failed(problem)) => return Err(problem.into()),
    }
    saved.took = begin.elapsed();
    match (&work.to, work.json) {
        (To::Stdout, _) => (ways.say)(&text(&saved)),
        (_, true) => (ways.print)(&json_text(&saved)),
        (_, false) => (ways.print)(&text(&saved)),
    }
    // What is in doubt is not the last good one.
    if let Some(textfile) = work.textfile.as_ref().filter(|_| saved.doubts.is_empty()) {
        write_alone(textfile, metrics(&saved).as_bytes())?;
    }
    Ok(Exit::Done)
}

/// Several reasons in one.
fn together(mut one: Diagnostic, other: Diagnostic) -> Diagnostic {
    one.notes.push(other.message);
    one.notes.extend(other.notes);
    one.help.extend(other.help);
    one
}

/// Those who answer and know no leader.
fn leaderless(observed: &Observed) -> BTreeSet<&str> {
    let knows_none = |seen: &&Seen| seen.status.as_ref().is_ok_and(|status| status.leader == 0);
    observed.seen.iter().filter(knows_none).map(|seen| seen.target.name.as_str()).collect()
}

/// Where the chosen member is asked, and the cluster that it says it is of.
fn asked(observed: &Observed, chosen: &Chosen) -> (Vec<Url>, Option<u64>) {
    let of_it = observed.seen.iter().filter(|seen| seen.target.name == chosen.name);
    // It may be asked at several places, and answer at one.
    let seen = of_it.min_by_key(|seen| seen.status.is_err());
    let cluster = seen.and_then(|seen| Some(seen.status.as_ref().ok()?.header?.cluster_id));
    (seen.map(|seen| seen.target.client_urls.clone()).unwrap_or_default(), cluster)
}

/// Hands all of it to standard output.
fn to_stdout(
    source: &Source<'_>,
    saved: &mut Saved,
    progress: &mut Progress<'_>,
    ways: &Ways<'_>,
) -> Result<(), Stopped> {
    let mut sink = |part: &[u8]| {
        progress.add(part.len());
        (ways.stdout)(part).map_err(|error| {
            Diagnostic::error(format!("standard output: {error}")).help(
                "what came of the snapshot is torn: look why the command behind the pipe ended",
            )
        })
    };
    (saved.size, saved.sha256) = source.stream(&saved.from, &mut sink)?;
    Ok(())
}

/// Saves to a file, or into a folder under a name of its own.
fn to_disk(
    work: &Save,
    source: &Source<'_>,
    saved: &mut Saved,
    progress: &mut Progress<'_>,
) -> Result<(), Stopped> {
    let (folder, name) = match &work.to {
        To::Folder(folder) => (folder.as_path(), None),
        To::File(place) => (place.parent().unwrap_or(Path::new("")), place.file_name()),
        To::Stdout => unreachable!("that is no file"),
    };
    let names = match work.to {
        To::Folder(_) => list(folder)?,
        _ => Vec::new(),
    };
    let seen = match &work.to {
        To::File(place) => before(place)?,
        _ => folder::latest(names.iter().map(String::as_str), saved.cluster),
    };
    let begun = name.map_or("bouquet-snapshot".into(), |name| name.to_string_lossy());
    let mut partial = Partial::begin(folder, &begun)?;
    let mut sink = |part: &[u8]| {
        progress.add(part.len());
        partial.write(part)
    };
    (saved.size, saved.sha256) = source.stream(&saved.from, &mut sink)?;
    let revision = database::revision(&partial.written()).map_err(|broken| {
        Diagnostic::error(format!(
            "what {} sent is no database of etcd's: {broken}",
            saved.from.name
        ))
    })?;
    if let Some(seen) = seen.filter(|seen| revision < *seen) {
        let problem = goes_back(saved, revision, seen);
        if !work.force {
            return Err(problem.into());
        }
        saved.doubts.push(problem.message);
    }
    let place = match &work.to {
        To::File(place) => place.clone(),
        _ => folder.join(folder::name(
            (&saved.token, saved.cluster),
            (revision, saved.now),
            !saved.doubts.is_empty(),
        )),
    };
    partial.place(&place)?;
    saved.revision = Some(revision);
    if let Some(keep) = work.keep {
        // One of the same second was written over.
        let new = place.file_name().map(|name| name.to_string_lossy().into_owned());
        let others = names.iter().filter(|name| Some(*name) != new.as_ref()).map(String::as_str);
        for name in folder::surplus(others, saved.cluster, keep) {
            let path = folder.join(name);
            remove(&path)?;
            saved.removed.push(path);
        }
    }
    saved.place = Some(place);
    Ok(())
}

fn goes_back(saved: &Saved, revision: i64, seen: i64) -> Diagnostic {
    Diagnostic::error(format!(
        "the cluster went back: {} is at revision {revision}, and the snapshot before had {seen}",
        saved.from.name
    ))
    .note("nothing was saved: the snapshots that are there may be all that is left of what is missing")
    .help("look at the cluster first: `status`")
    .help("after a restore, or where it is another cluster: save to another place, or with `--force`")
}

/// The revision of what is at that place; anything else than a snapshot is not written over.
fn before(place: &Path) -> Result<Option<i64>, Diagnostic> {
    let file = match open_whole(place) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(refused(place, &error)),
    };
    database::revision(&Whole(&file)).map(Some).map_err(|broken| {
        Diagnostic::error(format!("`{}` is there, and is no snapshot: {broken}", place.display()))
            .note("nothing was written over it")
            .help("name another file, or a folder")
    })
}

#[expect(clippy::disallowed_methods, reason = "the edge where snapshots are written")]
fn remove(path: &Path) -> Result<(), Diagnostic> {
    fs::remove_file(path).map_err(|error| {
        Diagnostic::error(format!("cannot remove `{}`: {error}", path.display()))
            .note("the new snapshot is in its place")
    })
}

#[expect(clippy::disallowed_methods, reason = "the edge where snapshots are written")]
fn list(folder: &Path) -> Result<Vec<String>, Diagnostic> {
    let read = || -> io::Result<Vec<String>> {
        let entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
        Ok(entries.into_iter().filter_map(|entry| entry.file_name().into_string().ok()).collect())
    };
    read().map_err(|error| refused(folder, &error))
}

fn seconds(time: SystemTime) -> i64 {
    let since_1970 = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_1970.as_secs()).unwrap_or(i64::MAX)
}
