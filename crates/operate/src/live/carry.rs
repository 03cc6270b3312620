//! The edges: reads the credentials, looks, and says what was seen.

use super::beside::Beside;
use super::evidence::{Evidence, evidence};
use super::form::Form;
use super::judge::judge;
use super::look::{Asking, look};
use super::members::words;
use super::observed::{Observed, Target};
use super::served::authorities;
use super::{json, prometheus, table};
use crate::client::Speaker;
use crate::compiled::Compiled;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::login;
use crate::patience::Patience;
use bouquet_etcd::Credentials;
use bouquet_lock::Lock;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::running::Running;
use bouquet_model::url::Url;
use bouquet_model::{Cluster, Member};
use bouquet_outdir::write_alone;
use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Says what is to be looked at, and how it is to be told.
#[derive(Debug, PartialEq, Eq)]
pub struct Look {
    /// Who asks.
    pub(crate) client: Speaker,
    /// How long members have for their answers.
    pub(crate) deadline: Duration,
    /// How it is told.
    pub(crate) form: Form,
    /// Look again and again, with so much time in between.
    pub(crate) watch: Option<Duration>,
    /// A file for the metrics, besides.
    pub(crate) textfile: Option<PathBuf>,
    /// What is known besides.
    pub(crate) beside: Beside,
}

/// The ways out of here.
pub(crate) struct Ways<'a> {
    pub(crate) print: &'a dyn Fn(&str),
    /// How many columns the terminal has that shows it; `None` where none does.
    pub(crate) columns: Option<usize>,
    pub(crate) read: &'a dyn Fn(&Path) -> io::Result<Vec<u8>>,
    pub(crate) clock: fn() -> SystemTime,
    pub(crate) patience: Patience,
}

/// Looks at the cluster, prints what was seen, and writes its metrics to a file where that is asked for.
///
/// # Errors
/// If nothing can be asked: the credentials cannot be read, or no connection can be opened at all. The file is as
/// it was then: its age tells. Or if it cannot be written.
pub(crate) fn carry(
    compiled: &Compiled<'_>,
    work: &Look,
    ways: &Ways<'_>,
) -> Result<Exit, Failure> {
    let asking = asking(&work.client, work.deadline, ways.read, ways.clock)?;
    let asking = asking.with(ways.patience);
    loop {
        let observed = looked_also(compiled, &work.beside.elsewhere, &asking)?;
        let report = judge(compiled, &observed, &work.beside);
        let text = match work.form {
            Form::Table => {
                let form = (work.beside.program.as_str(), ways.columns);
                table::text(&report, observed.now, form)
            }
            Form::Json => json::text(&report),
            Form::Prometheus => prometheus::text(&report, observed.now),
        };
        // As `watch` does: the screen from its first line on.
        let clear = if work.watch.is_some() { "\x1b[H\x1b[2J" } else { "" };
        (ways.print)(&format!("{clear}{text}"));
        if let Some(textfile) = &work.textfile {
            write_alone(textfile, prometheus::text(&report, observed.now).as_bytes())?;
        }
        let Some(pause) = work.watch else { return Ok(report.exit) };
        std::thread::sleep(pause);
    }
}

/// Looks at the cluster, and returns what of it is other than compiled; with the lock of a restore, what is other than
/// that has left.
///
/// # Errors
/// If nothing can be asked, as with [`carry`].
pub(crate) fn ask(
    compiled: &Compiled<'_>,
    lock: Option<&Lock>,
    (speaker, deadline): (&Speaker, Duration),
    ways: &Ways<'_>,
) -> Result<Evidence, Diagnostic> {
    let restored = lock.map(|lock| restored(compiled.cluster, lock));
    let cluster = restored.as_ref().unwrap_or(compiled.cluster);
    let compiled = &Compiled { cluster, ..*compiled };
    let asking = asking(speaker, deadline, ways.read, ways.clock)?;
    let observed = looked(compiled, &asking.with(ways.patience))?;
    // A restore brings data: what is compiled may not be rolled out yet.
    let version = restored.is_none().then_some(cluster.version);
    let evidence = evidence(compiled, version, &observed);
    if evidence.answering.is_empty() {
        denied(&observed)?;
    }
    Ok(evidence)
}

/// Fails where etcd denies its status, with its words.
fn denied(observed: &Observed) -> Result<(), Diagnostic> {
    let errors = observed.seen.iter().filter_map(|seen| seen.status.as_ref().err());
    let denied = errors.map(words).find_map(|words| Some((login::help(&words)?, words)));
    denied.map_or(Ok(()), |(help, words)| Err(Diagnostic::error(format!("{words}; {help}"))))
}

/// Returns the compiled cluster as a restore leaves it: with the IDs of the lock, where members are recorded to be.
fn restored(cluster: &Cluster, lock: &Lock) -> Cluster {
    let running = lock.recorded.running();
    let members = cluster.members.iter().map(|member| {
        let name = member.name.as_str();
        let urls = |option: &str, compiled: &Cow<'static, [Url]>| {
            let recorded = running.members.get(name).into_iter().flat_map(|it| it.urls(option));
            let urls: Vec<Url> = recorded.filter_map(|url| Url::parse(url).ok()).collect();
            if urls.is_empty() { compiled.clone() } else { urls.into() }
        };
        let peers = "initial-advertise-peer-urls";
        Member {
            id: lock.id(name),
            initial_advertise_peer_urls: urls(peers, &member.initial_advertise_peer_urls),
            advertise_client_urls: urls("advertise-client-urls", &member.advertise_client_urls),
            ..member.clone()
        }
    });
    let members: Vec<Member> = members.collect();
    Cluster { id: lock.identity.cluster_id, members: members.into(), ..cluster.clone() }
}

/// Looks once at all members.
///
/// # Errors
/// If no connection can be opened at all.
pub(crate) fn looked(compiled: &Compiled<'_>, asking: &Asking) -> Result<Observed, Diagnostic> {
    looked_also(compiled, &[], asking)
}

/// Does the same, also where members are known to be besides.
pub(crate) fn looked_also(
    compiled: &Compiled<'_>,
    elsewhere: &[Target],
    asking: &Asking,
) -> Result<Observed, Diagnostic> {
    let id = compiled.cluster.id.map(|id| id.0);
    let line = format!("asking all members, which have {:?} to answer", asking.deadline);
    let _waiting = asking.patience.waits(line);
    look((targets(compiled), elsewhere.to_vec()), id, asking).map_err(|error| {
        Diagnostic::error(format!("no connection can be opened from here: {error}"))
    })
}

/// Returns those that are compiled, in their order.
fn targets(compiled: &Compiled<'_>) -> Vec<Target> {
    let target = |member: &Member| Target {
        name: member.name.to_string(),
        client_urls: member.advertise_client_urls.to_vec(),
        peer_urls: member.initial_advertise_peer_urls.to_vec(),
    };
    compiled.cluster.members.iter().map(target).collect()
}

/// Returns where members are recorded as running, and are not compiled to be.
pub(crate) fn elsewhere(compiled: &Compiled<'_>, running: &Running) -> Vec<Target> {
    let compiled = compiled.cluster.members.iter().flat_map(|it| it.advertise_client_urls.iter());
    let compiled: Vec<&Url> = compiled.collect();
    let targets = running.members.iter().map(|(name, member)| {
        let urls = |option| member.urls(option).filter_map(|url| Url::parse(url).ok()).collect();
        let client_urls: Vec<Url> = urls("advertise-client-urls");
        Target { name: name.clone(), client_urls, peer_urls: urls("initial-advertise-peer-urls") }
    });
    let is_elsewhere = |it: &Target| !it.client_urls.iter().any(|url| compiled.contains(&url));
    targets.filter(|it| !it.client_urls.is_empty() && is_elsewhere(it)).collect()
}

/// Reads the files of the client that asks.
///
/// # Errors
/// If one cannot be read, or is not what it should be.
pub(crate) fn asking(
    speaker: &Speaker,
    deadline: Duration,
    read: &dyn Fn(&Path) -> io::Result<Vec<u8>>,
    clock: fn() -> SystemTime,
) -> Result<Asking, Diagnostic> {
    let asking = Asking {
        credentials: None,
        user: speaker.user.clone(),
        cas: Vec::new(),
        deadline,
        clock,
        reads_certificates: true,
        patience: Patience::default(),
    };
    let Some(folder) = &speaker.files else { return Ok(asking) };
    let file = |name: &str| {
        let place = folder.join(name);
        read(&place).map_err(|error| {
            Diagnostic::error(format!("cannot read `{}`: {error}", place.display()))
        })
    };
    let (ca, chain) = (file("ca.crt")?, file("client.crt")?);
    let key = bouquet_x509::Secret::from(file("client.key")?);
    let credentials =
        Credentials::from_pem(&ca, Some((&chain, key.expose()))).map_err(|error| {
            Diagnostic::error(format!("in `{}`: {error}", folder.display()))
                .help("they are those of `out/clients`: `cargo build` puts them right")
        })?;
    let cas = authorities(&ca);
    Ok(Asking { credentials: Some(credentials), cas, ..asking })
}
