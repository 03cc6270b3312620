//! The lock, held against what the spec asks for (`BOUQUET_LOCKED=1`).

use bouquet_lock::{Difference, Entry, Lock, NAME};
use bouquet_model::certificate::{Wanted, wanted};
use bouquet_model::cluster::{Cluster, Tls};
use bouquet_model::diagnostic::Diagnostic;
use std::collections::BTreeSet;

/// More of a kind than these are counted.
const LINES: usize = 20;

/// Returns an error for each ID, member, client, CA, name and generation that the lock lacks, or that it has
/// and the spec has not. Dates are no matter of it; one that is revoked counts as absent.
pub(crate) fn compare(
    cluster: &Cluster,
    lock: Option<&Lock>,
    revoked: &BTreeSet<String>,
) -> Vec<Diagnostic> {
    let Some(lock) = lock else {
        let error = Diagnostic::error("there is no cluster.lock, and `BOUQUET_LOCKED=1` is set");
        return vec![error.help(HELP)];
    };
    let mut found = Vec::new();
    identity(cluster, lock, &mut found);
    let wanted = wanted(cluster);
    found.extend(wanted.iter().filter_map(|wanted| missing(wanted, lock, revoked)));
    let known: BTreeSet<_> = wanted.iter().map(|w| (w.owner.as_deref(), w.kind)).collect();
    let too_much = lock.issued.iter().filter(|(_, entry)| {
        !entry.removed && !known.contains(&(entry.owner.as_deref(), entry.kind))
    });
    let owners: BTreeSet<_> =
        too_much.map(|(_, entry)| (entry.owner.as_deref(), entry.kind)).collect();
    found.extend(owners.into_iter().map(|(owner, kind)| {
        let owner = owner.map_or_else(|| "all members".to_owned(), |owner| format!("`{owner}`"));
        format!("has a {kind} certificate of {owner}, which cluster.toml asks for no more")
    }));
    if found.len() > LINES {
        let more = found.len() - LINES;
        found.truncate(LINES);
        found.push(format!("differs in {more} more things"));
    }
    // A build helps with all but these.
    let lowered = wanted.iter().filter(|wanted| is_lowered(wanted, lock, revoked)).count();
    let helped = (found.len() > lowered).then(|| found.len() - 1);
    let error = |(at, what): (usize, &String)| {
        let error = Diagnostic::error(format!("cluster.lock {what}")).about(NAME, None);
        if Some(at) == helped { error.help(HELP) } else { error }
    };
    found.iter().enumerate().map(error).collect()
}

const HELP: &str = "build without `BOUQUET_LOCKED` where the secrets are, and commit cluster.lock with cluster.toml";

fn identity(cluster: &Cluster, lock: &Lock, found: &mut Vec<String>) {
    let identity = &lock.identity;
    if identity.token != *cluster.token {
        found.push(format!(
            "has the token `{}`, and cluster.toml `{}`",
            identity.token, cluster.token
        ));
    }
    if let Some(known) = identity.cluster_id.filter(|id| cluster.id.is_some_and(|is| is != *id)) {
        found.push(format!("has another ID for the cluster, {known}"));
    }
    for member in cluster.members.iter() {
        match identity.members.get(member.name.as_str()) {
            None => found.push(format!("lacks the member `{}`", member.name)),
            // That of one that runs is the lock's own, be it the one of its former name.
            _ if lock.recorded.runs(member.name.as_str()) => {}
            Some(Some(known)) if member.id.is_some_and(|id| id != *known) => {
                found.push(format!("has another ID for the member `{}`, {known}", member.name));
            }
            Some(_) => {}
        }
    }
    let is_gone = |name: &&String| cluster.member(name).is_none() && !lock.recorded.runs(name);
    let gone = identity.members.keys().filter(is_gone);
    found.extend(gone.map(|name| format!("has the member `{name}`, and cluster.toml has not")));
    let trusted = cluster.tls.as_ref().map(Tls::authorities).unwrap_or_default();
    let lacks = trusted.iter().filter(|number| !identity.authorities.contains_key(number));
    found.extend(lacks.map(|number| format!("lacks CA {number}")));
    for (number, ca) in &identity.authorities {
        if trusted.contains(number) == ca.removed {
            let what = if ca.removed { "as removed" } else { "as trusted" };
            found.push(format!("has CA {number} {what}, and cluster.toml has not"));
        }
    }
}

fn is_lowered(wanted: &Wanted, lock: &Lock, revoked: &BTreeSet<String>) -> bool {
    let current = current(wanted, lock, revoked);
    let difference = current.and_then(|entry| entry.difference(wanted));
    difference == Some(Difference::LaterGeneration)
}

fn current<'a>(wanted: &Wanted, lock: &'a Lock, revoked: &BTreeSet<String>) -> Option<&'a Entry> {
    let is_good = |serial: &str| !revoked.contains(serial);
    let current = lock.issued.current_where(wanted.owner.as_deref(), wanted.kind, is_good);
    current.map(|(_, entry)| entry)
}

fn missing(wanted: &Wanted, lock: &Lock, revoked: &BTreeSet<String>) -> Option<String> {
    let place = wanted.places.first().map_or("", String::as_str);
    let Some(entry) = current(wanted, lock, revoked) else {
        let any = lock.issued.current(wanted.owner.as_deref(), wanted.kind);
        let only = if any.is_some() { ": what it has is revoked" } else { "" };
        return Some(format!("lacks the certificate of `{place}`{only}"));
    };
    let what = match entry.difference(wanted)? {
        Difference::Unknown => "does not tell what it says".to_owned(),
        Difference::Ca => "by another CA".to_owned(),
        Difference::Subject => "with another subject".to_owned(),
        Difference::Sans => "with other names and addresses".to_owned(),
        Difference::EarlierGeneration => {
            format!("of generation {}, and {} is asked for", entry.generation, wanted.generation)
        }
        Difference::LaterGeneration => {
            format!(
                "of generation {}, later than {}: raise it to what it was, as no build issues for an \
                 earlier one",
                entry.generation, wanted.generation
            )
        }
    };
    Some(format!("has the certificate of `{place}` {what}"))
}
