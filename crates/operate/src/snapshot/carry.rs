//! The edge: looks, asks the chosen member, writes what it sends, and says so.

use super::choose::{Chosen, choose, doubts};
use super::folder;
use super::partial::{Partial, Whole, refused};
use super::told::{Saved, json_text, metrics, text};
use super::work::{Save, To};
use crate::compiled::Compiled;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::live::{Beside, Observed, asking, judge, looked};
use bouquet_etcd::{Checked, Checksum, Client, Credentials, Deadline, Endpoint, Error, database};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::url::Url;
use bouquet_outdir::write_alone;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How long the next part may take: a member reads its disk for it.
const STALLED: Duration = Duration::from_secs(30);

/// The ways out of here.
pub(crate) struct Ways<'a> {
    /// Prints data.
    pub(crate) print: &'a dyn Fn(&str),
    /// Says something.
    pub(crate) say: &'a dyn Fn(&str),
    /// Writes bytes to standard output.
    pub(crate) stdout: &'a dyn Fn(&[u8]) -> io::Result<()>,
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
    let chosen = choose(&report, work.member.as_deref())?;
    let doubts = doubts(&report);
    if !work.force
        && let Some(doubt) = doubts.into_iter().reduce(together)
    {
        let help = "where it is to be saved all the same: `--force`";
        return Err(doubt.note("nothing was saved").help(help).into());
    }
    let (urls, cluster) = asked(&observed, &chosen);
    let now = seconds((ways.clock)());
    let mut source =
        Source { urls, credentials: asking.credentials.as_ref(), deadline: work.deadline };
    let mut saved = Saved {
        token: report.token,
        cluster: report.id.or(cluster).unwrap_or_default(),
        from: chosen,
        place: None,
        size: 0,
        sha256: [0; 32],
        revision: None,
        now,
        took: Duration::ZERO,
        removed: Vec::new(),
    };
    match &work.to {
        To::Stdout => {
            let mut sink = |part: &[u8]| {
                (ways.stdout)(part).map_err(|error| {
                    Diagnostic::error(format!("standard output: {error}"))
                        .help("what came of the snapshot is torn: look why the command behind the pipe ended")
                })
            };
            (saved.size, saved.sha256) = source.stream(&saved.from, &mut sink)?;
        }
        To::File(_) | To::Folder(_) => to_disk(work, &mut source, &mut saved)?,
    }
    saved.took = begin.elapsed();
    if let Some(textfile) = &work.textfile {
        write_alone(textfile, metrics(&saved).as_bytes())?;
    }
    match (&work.to, work.json) {
        (To::Stdout, _) => (ways.say)(&text(&saved)),
        (_, true) => (ways.print)(&json_text(&saved)),
        (_, false) => (ways.print)(&text(&saved)),
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

/// Where the chosen member is asked, and the cluster that it says it is of.
fn asked(observed: &Observed, chosen: &Chosen) -> (Vec<Url>, Option<u64>) {
    let seen = observed.seen.iter().find(|seen| seen.target.name == chosen.name);
    let cluster = seen.and_then(|seen| Some(seen.status.as_ref().ok()?.header?.cluster_id));
    (seen.map(|seen| seen.target.client_urls.clone()).unwrap_or_default(), cluster)
}

/// The member that sends.
struct Source<'a> {
    urls: Vec<Url>,
    credentials: Option<&'a Credentials>,
    deadline: Duration,
}

impl Source<'_> {
    /// Hands all that the member sends to a sink, and returns how much that was and its checksum.
    fn stream(
        &mut self,
        from: &Chosen,
        sink: &mut dyn FnMut(&[u8]) -> Result<(), Diagnostic>,
    ) -> Result<(u64, [u8; 32]), Diagnostic> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| {
            Diagnostic::error(format!("no connection can be opened from here: {error}"))
        })?;
        let outcome = runtime.block_on(self.parts(sink));
        runtime.shutdown_background();
        let checksum = outcome.map_err(|end| match end {
            End::Sink(problem) => problem,
            End::Etcd(error) => sent(&from.name, &error),
        })?;
        let size = checksum.length();
        match checksum.finish() {
            Checked::Whole(sum) => Ok((size, sum)),
            Checked::Without | Checked::Damaged => Err(Diagnostic::error(format!(
                "what {} sent is not whole: its checksum does not fit",
                from.name
            ))
            .note(format!("{size} bytes came"))
            .help("try again; from another member with `--from` where it stays")),
        }
    }

    async fn parts(
        &mut self,
        sink: &mut dyn FnMut(&[u8]) -> Result<(), Diagnostic>,
    ) -> Result<Checksum, End> {
        let mut last = Error::NotEtcd("it has no client URL".to_owned());
        for url in &self.urls {
            let endpoint = Endpoint { url, credentials: self.credentials };
            let mut client = match Client::connect(endpoint, Deadline::within(self.deadline)).await
            {
                Ok(client) => client,
                Err(error) => {
                    last = error;
                    continue;
                }
            };
            let next = || Deadline::within(STALLED);
            let mut snapshot = client.snapshot(next()).await.map_err(End::Etcd)?;
            let mut checksum = Checksum::default();
            while let Some(part) = snapshot.next(next()).await.map_err(End::Etcd)? {
                checksum.add(&part.blob);
                sink(&part.blob).map_err(End::Sink)?;
            }
            return Ok(checksum);
        }
        Err(End::Etcd(last))
    }
}

/// Why no more comes.
enum End {
    Etcd(Error),
    Sink(Diagnostic),
}

fn sent(name: &str, error: &Error) -> Diagnostic {
    let problem = Diagnostic::error(format!("{name} sent no whole snapshot: {error}"))
        .note("nothing is left of it");
    match error {
        Error::Refused(text) if text.contains("permission denied") => problem.help(
            "where authentication is on, it takes a user with the role root: `--client root`",
        ),
        _ => problem.help("try again; from another member with `--from` where it stays"),
    }
}

/// Saves to a file, or into a folder under a name of its own.
fn to_disk(work: &Save, source: &mut Source<'_>, saved: &mut Saved) -> Result<(), Diagnostic> {
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
    (saved.size, saved.sha256) = source.stream(&saved.from, &mut |part| partial.write(part))?;
    let revision = database::revision(&partial.written()).map_err(|broken| {
        Diagnostic::error(format!(
            "what {} sent is no database of etcd's: {broken}",
            saved.from.name
        ))
    })?;
    if let Some(seen) = seen
        && revision < seen
        && !work.force
    {
        return Err(goes_back(saved, revision, seen));
    }
    let place = match &work.to {
        To::File(place) => place.clone(),
        _ => folder.join(folder::name(&saved.token, saved.cluster, revision, saved.now)),
    };
    partial.place(&place)?;
    saved.revision = Some(revision);
    if let Some(keep) = work.keep {
        let new = place.file_name().map(|name| name.to_string_lossy().into_owned());
        let names: Vec<String> = names.into_iter().chain(new).collect();
        for name in folder::surplus(names.iter().map(String::as_str), saved.cluster, keep) {
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
    let file = match open(place) {
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
fn open(place: &Path) -> io::Result<File> {
    File::open(place)
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
