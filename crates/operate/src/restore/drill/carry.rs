//! The edge of `restore --drill`: restores every member here, asks them, and says what came of it.

use super::ask::answers;
use super::compare::{Expected, ended, faults};
use super::told::{Came, json_text, text};
use super::tool::{Tool, find};
use crate::exit::Exit;
use crate::failure::{Failure, shown};
use crate::restore::doubts::doubts;
use crate::restore::file::{Facts, facts};
use crate::restore::head::head;
use crate::show::{HINT, paint};
use crate::trial::{Trial, Ways, run};
use bouquet_etcd::database::Content;
use bouquet_etcd::messages::maintenance::AlarmType;
use bouquet_lock::Restored;
use bouquet_model::Cluster;
use bouquet_model::cluster::{Client, Tls};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::name::ClientName;
use bouquet_model::node_path::NodePath;
use bouquet_model::plan::BUMP;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::path::PathBuf;

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

/// The user that may do everything once authentication is on (`rootUser` in etcd's `auth/store.go`).
const ROOT: &str = "root";

/// Restores a snapshot into a throw-away cluster, and compares.
///
/// # Errors
/// If the file is no snapshot or not whole, it cannot be restored, or members do not have what it has.
pub(crate) fn carry(cluster: &Cluster, work: &Drill, ways: &Ways) -> Result<Exit, Failure> {
    let facts = facts(&work.file, ways.patience)?;
    let doubts = doubts(cluster, &facts);
    if !work.json {
        (ways.print)(&head(&work.shown, &facts));
    }
    for doubt in &doubts {
        // What would help is to be done before a restore, and this is none.
        (ways.say)(&shown(&Diagnostic { help: Vec::new(), ..doubt.clone() }));
    }
    if facts.content.has(AlarmType::Corrupt) {
        let note =
            "the throw-away members are asked under it; for the write it is switched off in them";
        (ways.say)(&format!("{} {note}\n", paint(HINT, "note:")));
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
                let _waiting = ways.patience.waits(format!("restoring {}", member.name));
                found.restore(member, (&work.file, &token), stage.group).await?;
            }
            // Another attempt, with other ports, finds the same one.
            let _ = tool.set(found);
            Ok(())
        },
        async |up, signals| {
            let tool = tool.get().ok_or_else(|| Diagnostic::error("nothing was restored"))?;
            let (answers, unwritten) = tokio::select! {
                came = answers(up, facts.content.has(AlarmType::Nospace)) => came?,
                asked = signals.next() => return Ok(Exit::Command(asked.code())),
            };
            let expected = expected(&facts, tool);
            let mut faults = faults(expected, &answers);
            // Of one that is at fault, faults tell all.
            if faults.is_empty()
                && let Some(note) = ended(expected, &answers)
            {
                (ways.say)(&format!("{} {note}\n", paint(HINT, "note:")));
            }
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
            let problem = Diagnostic::error("the restored cluster is not as it has to be");
            Err(faults.into_iter().fold(problem, Diagnostic::note).into())
        },
    )
}

/// Refuses what no cluster can be asked of.
fn refuse(cluster: &Cluster, facts: &Facts) -> Result<(), Diagnostic> {
    let content = &facts.content;
    if content.auth && cluster.tls.is_none() {
        let problem = "it cannot be tried: authentication is on in it, and a cluster without TLS \
                       takes passwords alone";
        return Err(Diagnostic::error(problem)
            .help("restore it by hand on a machine that holds nothing else, and log in there"));
    }
    Ok(())
}

/// Returns the cluster with a client that may ask for everything, where authentication is on, and lets etcd ask for
/// certificates: else it would take a password, which nobody has to know for a drill.
fn with_root<'a>(cluster: &'a Cluster, facts: &Facts) -> Cow<'a, Cluster> {
    if !facts.content.auth {
        return Cow::Borrowed(cluster);
    }
    let others = cluster.clients.iter().filter(|client| client.name.as_str() != ROOT);
    let root = Client {
        name: ClientName::from_static(ROOT),
        program: None,
        common_name: true,
        certs_dir: NodePath::from_static("/"),
        generation: 1,
    };
    let clients: Vec<_> = others.cloned().chain([root]).collect();
    let tls = cluster.tls.clone().map(|tls| Tls { client_auth: true, ..tls });
    Cow::Owned(Cluster { clients: clients.into(), tls, ..cluster.clone() })
}

fn expected(facts: &Facts, tool: &Tool) -> Expected {
    let raised = if tool.raises { BUMP } else { 0 };
    let Content { revision, keys, leased, .. } = facts.content;
    // A member that was never written to is at 1.
    Expected { revision: revision.saturating_add(raised).max(1), keys, leased }
}
