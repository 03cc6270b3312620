//! `status`: what runs, beside what is compiled.

use crate::cli::StatusArgs;
use crate::client;
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::live::{Beside, ClientEnd, Form, InLock, Look, authorities, elsewhere};
use crate::outcome::{Outcome, Work};
use crate::package::{find, lock};
use crate::record::unrecorded;
use crate::typed::typed;
use bouquet_lock::{Lock, NAME, Origin};
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::running::Running;
use bouquet_model::{Client, Member};
use std::path::Path;
use std::time::Duration;

/// How often it is looked again.
const PAUSE: Duration = Duration::from_secs(2);

pub(super) fn run(
    compiled: &Compiled<'_>,
    args: &StatusArgs,
    named: Option<&Path>,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let client = client::speaker(compiled, args.client.as_deref(), named, environment)?;
    let form = match (args.json, args.prometheus) {
        (true, _) => Form::Json,
        (_, true) => Form::Prometheus,
        _ => Form::Table,
    };
    let watch = args.watch.then_some(PAUSE);
    let lock = recorded(compiled, named, environment);
    let beside = Beside {
        program: typed(program, environment),
        clients: clients(compiled, lock.as_ref()),
        elsewhere: lock
            .as_ref()
            .map_or_else(Vec::new, |lock| elsewhere(compiled, &lock.recorded.running())),
        cas: lock.as_ref().map_or_else(Vec::new, cas),
        lock: lock.as_ref().map(in_lock),
        otherwise: lock.as_ref().map_or_else(Vec::new, |lock| otherwise(compiled, lock)),
        unrecorded: lock.map_or_else(Vec::new, |lock| {
            unrecorded(&lock.recorded, &Running::of(compiled.cluster, compiled.certificates))
        }),
    };
    Ok(Outcome::work(Work::Look(Look {
        client,
        deadline: args.deadline,
        form,
        watch,
        textfile: args.textfile.clone(),
        beside,
    })))
}

/// Reads the lock of this program's package, if it is at hand and can be read: a program elsewhere has none.
fn recorded(
    compiled: &Compiled<'_>,
    named: Option<&Path>,
    environment: &Environment<'_>,
) -> Option<Lock> {
    let place = find(named, environment).ok()?.folder.join(NAME);
    let file = (environment.read)(&place).ok()?;
    let lock = lock(Some(&file), &place, Origin::Other, &compiled.cas(), "").ok()?;
    (lock.identity.token == compiled.cluster.token).then_some(lock)
}

/// Returns the certificates of all CAs, in DER.
fn cas(lock: &Lock) -> Vec<Vec<u8>> {
    let files = lock.identity.authorities.values().map(|ca| ca.certificate.as_bytes());
    files.flat_map(authorities).collect()
}

/// Returns members that are recorded with other options than they are compiled with: etcd tells nobody its options.
fn otherwise(compiled: &Compiled<'_>, lock: &Lock) -> Vec<String> {
    let running = lock.recorded.running();
    let is_other = |member: &&Member| {
        let recorded = running.members.get(member.name.as_str());
        recorded.is_some_and(|recorded| recorded.digest != member.digest)
    };
    compiled.cluster.members.iter().filter(is_other).map(|it| it.name.to_string()).collect()
}

fn in_lock(lock: &Lock) -> InLock {
    InLock {
        id: lock.identity.cluster_id.map(|id| id.0),
        members: lock.recorded.running().members.into_keys().collect(),
    }
}

/// Returns the certificates of all clients: as recorded, else as issued last, else as compiled.
fn clients(compiled: &Compiled<'_>, lock: Option<&Lock>) -> Vec<ClientEnd> {
    let Compiled { cluster, certificates } = compiled;
    let end = |client: &Client| {
        let name = client.name.as_str();
        let from_lock = lock.and_then(|lock| installed(lock, name));
        from_lock.or_else(|| {
            let is_its =
                |it: &&Certificate| it.kind == Kind::Client && it.owner.as_deref() == Some(name);
            let certificate = certificates.iter().find(is_its)?;
            let name = name.to_owned();
            Some(ClientEnd { name, not_after: certificate.not_after, is_renewed: false })
        })
    };
    cluster.clients.iter().filter_map(end).collect()
}

/// Returns what a client has by the lock: which certificate was recorded, or else issued last.
fn installed(lock: &Lock, name: &str) -> Option<ClientEnd> {
    let (current, last) = lock.issued.current(Some(name), Kind::Client)?;
    let record = lock.recorded.clients.get(name).and_then(|record| record.what.as_ref());
    let recorded = record.and_then(|client| client.certificate.as_deref());
    let installed = recorded.and_then(|serial| lock.issued.get(serial)).unwrap_or(last);
    let is_renewed = recorded.is_some_and(|serial| serial != current);
    Some(ClientEnd { name: name.to_owned(), not_after: installed.not_after, is_renewed })
}
