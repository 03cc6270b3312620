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
use bouquet_model::running::{Running, RunningMember};
use bouquet_model::systemd::MADE_BY;
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
    let (unrecorded, leaving) = lock.as_ref().map_or_else(Default::default, |lock| {
        unrecorded(&lock.recorded, &Running::of(compiled.cluster, compiled.certificates))
    });
    let beside = Beside {
        program: typed(program, environment),
        clients: clients(compiled, lock.as_ref()),
        elsewhere: lock
            .as_ref()
            .map_or_else(Vec::new, |lock| elsewhere(compiled, &lock.recorded.running())),
        cas: lock.as_ref().map_or_else(Vec::new, cas),
        lock: lock.as_ref().map(in_lock),
        otherwise: lock
            .as_ref()
            .map_or_else(Vec::new, |lock| members(compiled, lock, is_otherwise)),
        adopted: lock
            .as_ref()
            .map_or_else(Vec::new, |lock| members(compiled, lock, |_, it| is_adopted(it))),
        unrecorded,
        leaving,
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

/// Returns the compiled members of whom this is true of what is recorded.
fn members(
    compiled: &Compiled<'_>,
    lock: &Lock,
    is_meant: impl Fn(&Member, &RunningMember) -> bool,
) -> Vec<String> {
    let running = lock.recorded.running();
    let members = compiled.cluster.members.iter();
    let recorded = members.filter_map(|it| Some((it, running.members.get(it.name.as_str())?)));
    let meant = recorded.filter(|(member, recorded)| is_meant(member, recorded));
    meant.map(|(member, _)| member.name.to_string()).collect()
}

/// Tells whether a member is recorded with other options than it is compiled with: etcd tells nobody its options.
///
/// One that another tool has set up has no digest of a build's; what it lacks are the files that were built.
fn is_otherwise(member: &Member, recorded: &RunningMember) -> bool {
    !is_adopted(recorded) && recorded.digest != member.digest
}

fn is_adopted(recorded: &RunningMember) -> bool {
    recorded.unit.contains_key(MADE_BY)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::tests::scene::flowers::CLUSTER;

    #[test]
    fn one_that_another_tool_has_set_up_is_not_said_to_have_other_options() {
        let built = Running::of(&CLUSTER, &[]);
        let adopted = built.clone().adopted();
        for member in CLUSTER.members.iter() {
            let name = member.name.as_str();
            let (built, adopted) = (&built.members[name], &adopted.members[name]);
            assert_eq!((is_otherwise(member, built), is_adopted(built)), (false, false));
            assert_eq!((is_otherwise(member, adopted), is_adopted(adopted)), (false, true));
            let other = RunningMember { digest: adopted.digest, ..built.clone() };
            assert!(is_otherwise(member, &other));
        }
    }
}
