//! The changes of a member that stays: its options, its etcd, its certificates.

use super::class::Class;
use super::difference::{Difference, differences};
use super::pairs::Pair;
use super::token::TOKEN;
use super::what::{Change, Subject, What};
use super::{effect, spelling, tls, version};
use crate::option::{EtcdOption, OnChange, find};
use crate::running::{Running, RunningMember, address};
use crate::trust::Side;
use std::collections::BTreeSet;

/// Returns the changes of a member, by the name that it is to have. `running` is all that runs, and `planned`
/// all that is to run.
pub(super) fn changes(pair: &Pair<'_>, running: &Running, planned: &Running) -> Vec<Change> {
    let (before, (name, after)) = (pair.was.1, pair.is);
    let RunningMember {
        version: from,
        options: _,
        clients: _, // see `trust`
        peers: _,
        certificates,
        crl,
        unit: _,
        digest: _, // follows from the options and the unit
    } = before;
    let to = after.version;
    let mut all = Vec::new();
    if *from != to {
        all.push(version::change(*from, to, running, planned));
    }
    all.extend(options(pair));
    all.extend(unit(pair));
    for (kind, serial) in &after.certificates {
        if certificates.get(kind) != Some(serial) {
            all.push((What::Certificate(*kind), Class::Copy));
        }
    }
    if crl.is_some() && after.crl.is_some() && *crl != after.crl {
        all.push((What::Revocations, Class::Copy));
    }
    let change = |(what, class)| Change { subject: Subject::Member(name.clone()), what, class };
    all.into_iter().map(change).collect()
}

fn options(pair: &Pair<'_>) -> Vec<(What, Class)> {
    let (before, after) = (pair.was.1, pair.is.1);
    let mut differences = differences(before, after);
    // A name and a token are told by changes of their own.
    let is_told = |one: &Difference| {
        (one.name == "name" && !pair.keeps_its_name())
            || (one.name == TOKEN && one.values().is_some())
    };
    differences.retain(|one| !is_told(one));
    if let Some((was, is)) = pair.hosts().filter(|_| pair.is_readdressed()) {
        differences.retain(|one| !follows(one, was, is));
    }
    let mut all: Vec<(What, Class)> = Vec::new();
    for side in [Side::Clients, Side::Peers] {
        all.extend(tls::take_scheme(side, before, after, &mut differences));
    }
    all.extend(tls::take_folder(&mut differences).map(|what| (what, Class::Restart)));
    // Where both are known to the same etcd, it does the same by both.
    let is_same_etcd = before.version.minor() == after.version.minor();
    let respelled = if is_same_etcd { Class::Copy } else { Class::Restart };
    all.extend(spelling::take(&mut differences).into_iter().map(|what| (what, respelled)));
    for difference in differences {
        let class = if is_same_folder(&difference, pair) {
            Class::Copy
        } else {
            class(&difference, before, after)
        };
        let Difference { name, from, to } = difference;
        all.push((What::Option { name, from, to }, class));
    }
    all
}

/// Returns what the unit says otherwise: etcd takes all of it at its start.
fn unit(pair: &Pair<'_>) -> Vec<(What, Class)> {
    let (was, is) = (&pair.was.1.unit, &pair.is.1.unit);
    let keys: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let all = keys.into_iter().map(|key| (key, was.get(key).cloned(), is.get(key).cloned()));
    all.filter(|(_, from, to)| from != to)
        .map(|(key, from, to)| (What::Unit { key: key.clone(), from, to }, Class::Restart))
        .collect()
}

/// Tells whether URLs differ in the host alone, as those of a member do that is at another address.
fn follows(difference: &Difference, was: &str, is: &str) -> bool {
    let Some((from, to)) = difference.values().filter(|_| difference.name.ends_with("-urls"))
    else {
        return false;
    };
    let moved = |url: &str| match url.rsplit_once(':') {
        Some((rest, port)) if address(rest) == was => format!("{}:{port}", rest.replace(was, is)),
        _ => url.to_owned(),
    };
    from.split(',').map(moved).eq(to.split(',').map(str::to_owned))
}

/// Tells whether the data is where it was: the folder that the unit has without `data-dir`, or the log's in
/// that of the data, is written out, or is so no more.
fn is_same_folder(difference: &Difference, pair: &Pair<'_>) -> bool {
    let [was, is] = [pair.was, pair.is].map(|(name, member)| member.data_dir(name));
    match difference.name.as_str() {
        "data-dir" => was == is,
        "wal-dir" => was == is && pair.was.1.log_dir(&was) == pair.is.1.log_dir(&is),
        _ => false,
    }
}

/// Returns what another value asks for.
fn class(difference: &Difference, before: &RunningMember, after: &RunningMember) -> Class {
    let is_on = difference.to.as_deref() == Some("true");
    let is_same = effect::is_same(difference, before.version, after.version);
    match find(&difference.name).map_or(OnChange::Restart, EtcdOption::on_change) {
        OnChange::Bootstrap => Class::Free,
        OnChange::Data => Class::Refused,
        _ if is_same => Class::Copy,
        OnChange::Unsafe if is_on => Class::Refused,
        OnChange::LookFirst if is_look_needed(difference, is_on) => Class::AskEtcd,
        _ if tls::OF_HANDSHAKES.contains(&difference.name.as_str())
            && !tls::speak_with_each_other(before, after) =>
        {
            Class::Refused
        }
        OnChange::Restart | OnChange::Everywhere | OnChange::LookFirst | OnChange::Unsafe => {
            Class::Restart
        }
    }
}

/// Tells whether the new value is one that etcd, or its clients, may not be ready for.
fn is_look_needed(difference: &Difference, is_on: bool) -> bool {
    match difference.name.as_str() {
        "peer-client-cert-auth" => is_on,
        // Only a stage that looks at the content can find any.
        "v2-deprecation" => {
            !matches!(difference.to.as_deref(), None | Some("not-yet" | "write-only-skip-check"))
        }
        _ => true,
    }
}
