//! The edge of `restore --drill`: restores every member here, asks them, and says what came of it.

use super::compare::{Answer, Expected, faults, is_one};
use super::told::{Came, json_text, text};
use super::tool::{Tool, find};
use crate::exit::Exit;
use crate::failure::{Failure, shown};
use crate::restore::doubts::doubts;
use crate::restore::file::{Facts, facts};
use crate::restore::head::head;
use crate::trial::{Trial, Up, Ways, run};
use bouquet_etcd::database::Content;
use bouquet_etcd::messages::kv::{PutRequest, RangeRequest};
use bouquet_etcd::messages::maintenance::{AlarmMember, AlarmType};
use bouquet_etcd::{Client, Deadline, Endpoint, Error};
use bouquet_lock::Restored;
use bouquet_model::Cluster;
use bouquet_model::cluster::Client as NamedClient;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::name::ClientName;
use bouquet_model::node_path::NodePath;
use bouquet_model::plan::BUMP;
use bouquet_model::url::Url;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::path::PathBuf;
use std::time::Duration;

/// A snapshot that is to be tried.
#[derive(Debug, PartialEq, Eq)]
pub struct Drill {
    /// The file, by a path that leads there from any folder.
    pub(crate) file: PathBuf,
    /// The file as it was typed.
    pub(crate) shown: String,
    /// The etcd to run; that of `PATH` where none is named.
    pub(crate) etcd: Option<PathBuf>,
    /// What the members log is shown.
    pub(crate) log: bool,
    pub(crate) json: bool,
    /// When it begins, in seconds since 1970.
    pub(crate) now: i64,
}

/// How long an answer may take: a hash reads all keys.
const ANSWER: Duration = Duration::from_secs(120);

/// Until the next look where hashes differ: what compacts may not have done so everywhere yet.
const PAUSE: Duration = Duration::from_millis(500);
const LOOKS: usize = 3;

/// The user that may do everything once authentication is on (`rootUser` in etcd's `auth/store.go`).
const ROOT: &str = "root";

/// What is written at the end.
const KEY: &str = "bouquet/drill";

/// Restores a snapshot into a throw-away cluster, and compares.
///
/// # Errors
/// If the file is no snapshot or not whole, it cannot be restored, or members do not have what it has.
pub(crate) fn carry(cluster: &Cluster, work: &Drill, ways: &Ways) -> Result<Exit, Failure> {
    let facts = facts(&work.file)?;
    let doubts = doubts(cluster, &facts);
    if !work.json {
        (ways.print)(&head(&work.shown, &facts));
    }
    for doubt in &doubts {
        // What would help is to be done before a restore, and this is none.
        (ways.say)(&shown(&Diagnostic { help: Vec::new(), ..doubt.clone() }));
    }
    refuse(cluster, &facts)?;
    let asked = with_root(cluster, &facts);
    let token = Restored::token_of(&cluster.token, &facts.sha256, work.now);
    let tool = OnceCell::new();
    let trial = Trial { cluster: &asked, etcd: work.etcd.as_deref(), show: work.log, ways };
    run(
        &trial,
        async |stage| {
            let found = find(stage.etcd).await?;
            for member in &stage.layout.members {
                found.restore(member, (&work.file, &token), stage.group).await?;
            }
            // Another attempt, with other ports, finds the same one.
            let _ = tool.set(found);
            Ok(())
        },
        async |up, signals| {
            let tool = tool.get().ok_or_else(|| Diagnostic::error("nothing was restored"))?;
            let (answers, unwritten) = tokio::select! {
                came = answers(up) => came?,
                asked = signals.next() => return Ok(Exit::Command(asked.code())),
            };
            let mut faults = faults(expected(&facts, tool), &answers);
            faults.extend(unwritten.map(|error| format!("no write goes through: {error}")));
            let came = Came {
                file: &work.shown,
                facts: &facts,
                doubts: &doubts,
                etcd: up.version,
                tool: &tool.program,
                took: up.took,
                answers: &answers,
                faults: &faults,
            };
            (ways.print)(&if work.json { json_text(&came) } else { text(&came) });
            if faults.is_empty() {
                return Ok(Exit::Done);
            }
            let problem = Diagnostic::error("restored, it is not as it has to be");
            Err(faults.into_iter().fold(problem, Diagnostic::note).into())
        },
    )
}

/// Refuses what no cluster can be asked of.
fn refuse(cluster: &Cluster, facts: &Facts) -> Result<(), Diagnostic> {
    let content = &facts.content;
    let is_corrupt = |alarm: &AlarmMember| alarm.alarm == i32::from(AlarmType::Corrupt);
    if content.alarms.iter().any(is_corrupt) {
        let problem = "it cannot be tried: under the alarm CORRUPT members answer nothing";
        return Err(Diagnostic::error(problem).help("try one that was taken before it"));
    }
    if content.auth && cluster.tls.is_none() {
        let problem = "it cannot be tried: authentication is on in it, and a cluster without TLS answers passwords alone";
        return Err(Diagnostic::error(problem)
            .help("restore it by hand on a machine that holds nothing else, and log in there"));
    }
    Ok(())
}

/// The cluster with a client that may ask for everything where authentication is on.
fn with_root<'a>(cluster: &'a Cluster, facts: &Facts) -> Cow<'a, Cluster> {
    if !facts.content.auth {
        return Cow::Borrowed(cluster);
    }
    let others = cluster.clients.iter().filter(|client| client.name.as_str() != ROOT);
    let root = NamedClient {
        name: ClientName::from_static(ROOT),
        common_name: true,
        certs_dir: NodePath::from_static("/"),
        generation: 1,
    };
    let clients: Vec<_> = others.cloned().chain([root]).collect();
    Cow::Owned(Cluster { clients: clients.into(), ..cluster.clone() })
}

fn expected(facts: &Facts, tool: &Tool) -> Expected {
    let raised = if tool.raises { BUMP } else { 0 };
    let Content { revision, keys, .. } = facts.content;
    Expected { revision: revision.saturating_add(raised), keys }
}

/// Asks all members what they have, and then writes; with that, why it was refused.
async fn answers(up: &Up) -> Result<(Vec<Answer>, Option<Error>), Diagnostic> {
    let mut answers = looked(up).await?;
    for _ in 1..LOOKS {
        if is_one(&answers) {
            break;
        }
        tokio::time::sleep(PAUSE).await;
        answers = looked(up).await?;
    }
    let written = match asked(up).next() {
        Some((_, url)) => write(up, url).await,
        None => Ok(()),
    };
    Ok((answers, written.err()))
}

async fn looked(up: &Up) -> Result<Vec<Answer>, Diagnostic> {
    let mut answers = Vec::new();
    for (name, url) in asked(up) {
        let answer = answer(up, name, url).await;
        answers.push(answer.map_err(|error| refused(name, &error))?);
    }
    Ok(answers)
}

/// The members, and where each answers.
fn asked(up: &Up) -> impl Iterator<Item = (&str, &Url)> {
    let members = up.layout.cluster.members.iter();
    members.filter_map(|member| Some((member.name.as_str(), member.advertise_client_urls.first()?)))
}

fn refused(name: &str, error: &Error) -> Diagnostic {
    Diagnostic::error(format!("`{name}` was restored, and does not answer: {error}"))
}

/// What one member has, by its own word.
async fn answer(up: &Up, name: &str, url: &Url) -> Result<Answer, Error> {
    let deadline = Deadline::within(ANSWER);
    let mut client = connect(up, url, deadline).await?;
    let hash = client.hash_kv(0, deadline).await?;
    let all = RangeRequest {
        key: ALL.into(),
        range_end: ALL.into(),
        serializable: true,
        count_only: true,
        ..RangeRequest::default()
    };
    let range = client.range(&all, deadline).await?;
    Ok(Answer {
        name: name.to_owned(),
        revision: hash.header.map_or(0, |header| header.revision),
        compacted: hash.compact_revision,
        keys: u64::try_from(range.count).unwrap_or(0),
        hash: hash.hash,
    })
}

/// From the first key to the last.
const ALL: &[u8] = b"\0";

/// Writes, once no alarm is in the way.
async fn write(up: &Up, url: &Url) -> Result<(), Error> {
    let deadline = Deadline::within(ANSWER);
    let mut client = connect(up, url, deadline).await?;
    for alarm in client.alarms(deadline).await? {
        client.disarm(alarm, deadline).await?;
    }
    let put = PutRequest { key: KEY.into(), ..PutRequest::default() };
    client.put(&put, deadline).await?;
    Ok(())
}

async fn connect(up: &Up, url: &Url, deadline: Deadline) -> Result<Client, Error> {
    Client::connect(Endpoint { url, credentials: up.credentials.as_ref() }, deadline).await
}
