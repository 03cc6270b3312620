//! The edge of `status`: reads the credentials, looks, and says what was seen.

use super::look::look;
use super::observed::Target;
use super::{json, judge, prometheus, table};
use crate::compiled::Compiled;
use crate::exit::Exit;
use crate::failure::Failure;
use bouquet_etcd::Credentials;
use bouquet_model::diagnostic::Diagnostic;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// What is to be looked at, and how it is to be told.
#[derive(Debug, PartialEq, Eq)]
pub struct Look {
    /// Where the files of the client that asks are; `None` for a cluster without TLS.
    pub(crate) client: Option<PathBuf>,
    /// How long each member has for its answers.
    pub(crate) deadline: Duration,
    /// How it is told.
    pub(crate) form: Form,
    /// Look again and again, with so much time in between.
    pub(crate) watch: Option<Duration>,
}

/// How it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Table,
    Json,
    Prometheus,
}

/// The ways out of here.
pub(crate) struct Ways<'a> {
    pub(crate) print: &'a dyn Fn(&str),
    pub(crate) read: &'a dyn Fn(&Path) -> io::Result<Vec<u8>>,
    pub(crate) clock: fn() -> SystemTime,
}

/// Looks at the cluster, and prints what was seen.
///
/// # Errors
/// If nothing can be asked: the credentials cannot be read, or no connection can be opened at all.
pub(crate) fn carry(
    compiled: &Compiled<'_>,
    work: &Look,
    ways: &Ways<'_>,
) -> Result<Exit, Failure> {
    let credentials = credentials(work.client.as_deref(), ways)?;
    loop {
        let targets = targets(compiled);
        let observed = look(targets, credentials.as_ref(), work.deadline, ways.clock);
        let observed = observed.map_err(|error| {
            Diagnostic::error(format!("no connection can be opened from here: {error}"))
        })?;
        let report = judge(compiled, &observed);
        let text = match work.form {
            Form::Table => table::text(&report, observed.now),
            Form::Json => json::text(&report),
            Form::Prometheus => prometheus::text(&report),
        };
        let Some(pause) = work.watch else {
            (ways.print)(&text);
            return Ok(report.exit);
        };
        // As `watch` does: the screen from its first line on.
        (ways.print)(&format!("\x1b[H\x1b[2J{text}"));
        std::thread::sleep(pause);
    }
}

/// Those that are compiled, in their order.
fn targets(compiled: &Compiled<'_>) -> Vec<Target> {
    let target = |member: &bouquet_model::Member| Target {
        name: member.name.to_string(),
        client_urls: member.advertise_client_urls.to_vec(),
        peer_urls: member.initial_advertise_peer_urls.to_vec(),
    };
    compiled.cluster.members.iter().map(target).collect()
}

fn credentials(folder: Option<&Path>, ways: &Ways<'_>) -> Result<Option<Credentials>, Diagnostic> {
    let Some(folder) = folder else { return Ok(None) };
    let read = |name: &str| {
        let place = folder.join(name);
        (ways.read)(&place).map_err(|error| {
            Diagnostic::error(format!("cannot read `{}`: {error}", place.display()))
        })
    };
    let (ca, chain) = (read("ca.crt")?, read("client.crt")?);
    let key = bouquet_x509::Secret::from(read("client.key")?);
    let credentials = Credentials::from_pem(&ca, Some((&chain, key.expose())));
    credentials.map(Some).map_err(|error| {
        Diagnostic::error(format!("in `{}`: {error}", folder.display()))
            .help("they are those of `out/clients`: `cargo build` puts them right")
    })
}
