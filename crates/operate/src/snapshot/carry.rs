//! The edge: looks, asks the chosen member, writes what it sends, and says so.

use super::choose::{Chosen, choose, doubts};
use super::disk::Begun;
use super::folder::name;
use super::progress::Progress;
use super::source::{Source, Stopped};
use super::told::{Saved, json_text, metrics, text};
use super::work::{Save, To};
use crate::at_once::rethrow;
use crate::compiled::Compiled;
use crate::exit::Exit;
use crate::failure::{Failure, shown};
use crate::live::{Beside, Observed, Seen, asking, judge, looked};
use crate::patience::Patience;
use crate::since::since_1970;
use bouquet_etcd::messages::maintenance::SnapshotResponse;
use bouquet_model::diagnostic::{Diagnostic, Severity};
use bouquet_model::url::Url;
use bouquet_outdir::write_alone;
use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};
use tokio::task::spawn_blocking;

/// The ways out of here.
pub(crate) struct Ways<'a> {
    /// Prints data.
    pub(crate) print: &'a dyn Fn(&str),
    /// Says something.
    pub(crate) say: &'a dyn Fn(&str),
    /// Writes bytes to standard output.
    pub(crate) stdout: fn(&[u8]) -> io::Result<()>,
    /// Shows how far it has come, over and over in one line; `None` where that is no terminal.
    pub(crate) progress: Option<&'a dyn Fn(&str)>,
    pub(crate) read: &'a dyn Fn(&Path) -> io::Result<Vec<u8>>,
    pub(crate) clock: fn() -> SystemTime,
    pub(crate) patience: Patience,
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
    let asking = asking(&work.client, work.deadline, ways.read, ways.clock)?;
    let asking = asking.with(ways.patience);
    let started = Instant::now();
    let observed = looked(compiled, &asking)?;
    let report = judge(compiled, &observed, &Beside::new(&work.program));
    let leaderless = leaderless(&observed);
    let chosen = choose(&report, &leaderless, work.member.as_deref(), &work.program)?;
    let doubts = doubts(&report, &leaderless, (&chosen, work.is_right));
    if !work.force
        && let Some(doubt) = doubts.iter().cloned().reduce(together)
    {
        let help = "to save it all the same: `--force`";
        return Err(doubt.note("nothing was saved").help(help).into());
    }
    let told = report.doubts.iter().filter(|_| work.is_right);
    for doubt in told.chain(&doubts) {
        (ways.say)(&shown(&Diagnostic { severity: Severity::Warning, ..doubt.clone() }));
    }
    let alarm = report.is_full.then_some(
        "the alarm NOSPACE is on, and in the snapshot: a cluster that is restored from it takes \
         no write until the alarm is off",
    );
    if let Some(alarm) = alarm {
        (ways.say)(&shown(&Diagnostic::warning(alarm)));
    }
    let (urls, cluster) = asked(&observed, &chosen);
    let source = Source { urls, asking: &asking };
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
        now: since_1970((ways.clock)()),
        took: Duration::ZERO,
        removed: Vec::new(),
        alarm,
        doubts: doubts.into_iter().map(|doubt| doubt.message).collect(),
    };
    let mut progress = Progress::new(ways.progress, expected);
    let streamed = match &work.to {
        To::Stdout => to_stdout(&source, &mut saved, &mut progress, ways.stdout),
        To::File(place) => to_disk(Begun::at(place)?, work, &source, &mut saved, &mut progress),
        To::Folder(folder) => {
            let begun = Begun::within(folder, saved.cluster)?;
            to_disk(begun, work, &source, &mut saved, &mut progress)
        }
    };
    drop(progress);
    match streamed {
        Ok(()) => {}
        Err(Stopped::Asked(asked)) => return Ok(Exit::Command(asked.code())),
        Err(Stopped::Failed(problem)) => return Err(problem.into()),
    }
    saved.took = started.elapsed();
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

/// Joins several reasons into one.
fn together(mut one: Diagnostic, other: Diagnostic) -> Diagnostic {
    one.notes.push(other.message);
    one.notes.extend(other.notes);
    one.help.extend(other.help);
    one
}

/// Returns those who answer and know no leader.
fn leaderless(observed: &Observed) -> BTreeSet<&str> {
    let knows_none = |seen: &&Seen| seen.status.as_ref().is_ok_and(|status| status.leader == 0);
    observed.seen.iter().filter(knows_none).map(|seen| seen.target.name.as_str()).collect()
}

/// Returns where the chosen member is asked, and the cluster that it says it is of.
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
    stdout: fn(&[u8]) -> io::Result<()>,
) -> Result<(), Stopped> {
    let sink = async |part: SnapshotResponse| {
        progress.add(part.blob.len());
        // A pipe whose reader does nothing keeps a thread, and no signal from being heard.
        let written = spawn_blocking(move || stdout(&part.blob)).await.unwrap_or_else(rethrow);
        written.map_err(|error| {
            Diagnostic::error(format!("standard output: {error}"))
                .help("the snapshot is incomplete: see why the command behind the pipe ended")
        })
    };
    (saved.size, saved.sha256) = source.stream(&saved.from, sink)?;
    Ok(())
}

/// Saves to a file, or into a folder under a name of its own.
fn to_disk(
    mut begun: Begun<'_>,
    work: &Save,
    source: &Source<'_>,
    saved: &mut Saved,
    progress: &mut Progress<'_>,
) -> Result<(), Stopped> {
    let sink = async |part: SnapshotResponse| {
        progress.add(part.blob.len());
        begun.write(&part.blob)
    };
    (saved.size, saved.sha256) = source.stream(&saved.from, sink)?;
    let revision = begun.revision().map_err(|broken| {
        Diagnostic::error(format!(
            "what {} sent is no database of etcd's: {broken}",
            saved.from.name
        ))
    })?;
    if let Some(seen) = begun.seen.filter(|seen| revision < *seen) {
        let problem = goes_back(saved, (revision, seen), &work.program);
        if !work.force {
            return Err(problem.into());
        }
        saved.doubts.push(problem.message);
    }
    let is_doubtful = !saved.doubts.is_empty();
    let name = name((&saved.token, saved.cluster), (revision, saved.now), is_doubtful);
    // No good one goes for one that is in doubt.
    let (place, removed) = begun.end(&name, work.keep.filter(|_| !is_doubtful))?;
    (saved.revision, saved.place, saved.removed) = (Some(revision), Some(place), removed);
    Ok(())
}

fn goes_back(saved: &Saved, (revision, seen): (i64, i64), program: &str) -> Diagnostic {
    Diagnostic::error(format!(
        "the cluster went back: {} is at revision {revision}, and the last snapshot had {seen}",
        saved.from.name
    ))
    .note(
        "nothing was saved: the snapshots that are there may be the only copies of what is missing",
    )
    .help(format!("look at the cluster first: `{program} status`"))
    .help("after a restore, or if it is another cluster: save to another place, or with `--force`")
}
