//! `initial-cluster-state` and the IDs, as they follow from what is recorded.
//!
//! etcd reads the state on an empty data folder alone. A member that founds the cluster has to say `new`
//! until there is a quorum: with `existing` it asks the others who is in it, which nobody can answer yet. A
//! member that has run has to say `existing`: with `new`, those of an emptied cluster found another one.

use crate::check::{Places, Proven};
use crate::diagnostic::{Diagnostic, Span};
use bouquet_lock::{Identity, Lock};
use bouquet_model::cluster::{Cluster, Member, MemberId, State};
use bouquet_model::time::Date;
use std::collections::BTreeSet;

/// A cluster as it is compiled.
#[derive(Debug)]
pub(crate) struct Settled {
    pub(crate) proven: Proven,
    /// What is worth saying of states that are written.
    pub(crate) said: Vec<Diagnostic>,
}

/// Gives each member its state, and keeps what etcd keeps once a cluster runs: the cluster's ID and those
/// of its members, which followed from their first URLs.
///
/// # Errors
/// If the spec says of a member that joins a cluster which runs that it founds it.
pub(crate) fn settle(
    proven: &Proven,
    lock: Option<&Lock>,
    now: i64,
) -> Result<Settled, Vec<Diagnostic>> {
    let mut proven = proven.clone();
    let Some(lock) = lock else { return Ok(Settled { proven, said: Vec::new() }) };
    let Proven { cluster, places, .. } = &mut proven;
    let identity = &lock.identity;
    cluster.crl = identity.crl.filter(|_| cluster.tls.as_ref().is_some_and(|tls| tls.crl));
    let running = lock.recorded.members.iter();
    let running = running.filter(|(_, record)| record.what.is_some());
    let running: BTreeSet<&str> = running.map(|(name, _)| name.as_str()).collect();
    if running.is_empty() {
        // It does not follow from the spec where that tells of a cluster which runs.
        let known = Some(identity).filter(|known| known.token == cluster.token);
        cluster.id = cluster.id.or_else(|| known?.cluster_id);
        // Another token is told as that.
        let said = known.and_then(|known| another_id(known, cluster, now));
        return Ok(Settled { proven, said: said.into_iter().collect() });
    }
    let founders = founders(identity, cluster);
    let (mut errors, mut written_new) = (Vec::new(), Vec::new());
    for member in cluster.members.to_mut() {
        let name = member.name.as_str();
        let runs = running.contains(name);
        let founds = !runs && founders.iter().any(|founder| founder == name);
        match (written(places, name), member.state) {
            (None, _) => member.state = if founds { State::New } else { State::Existing },
            (Some(span), State::New) if runs => written_new.push((name.to_owned(), span)),
            (Some(span), State::New) if !founds => errors.push(joins(name, span)),
            (Some(_), State::New | State::Existing) => {}
        }
        if !identity.members.is_empty() {
            member.id = kept(identity, member);
        }
    }
    if !identity.members.is_empty() {
        cluster.id = identity.cluster_id;
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let said = said(&written_new).into_iter().collect();
    Ok(Settled { proven, said })
}

/// Warns where the cluster's ID becomes another, and it is not recorded whether it runs: members that run
/// have the former one for good.
///
/// The day is there because cargo repeats the words of a build until the next one.
fn another_id(identity: &Identity, cluster: &Cluster, now: i64) -> Option<Diagnostic> {
    let (was, is) = (identity.cluster_id?, cluster.id?);
    let day = Date(now);
    (was != is).then(|| {
        Diagnostic::warning(format!(
            "the cluster's ID was {was}, and is {is} from now on: taken as not yet running ({day})"
        ))
        .note("it follows from the token, and from who founds the cluster at which peer URLs")
        .help(
            "if it runs: take that change back, build, and `cargo run -- done`, which records what runs; then \
             make it again",
        )
    })
}

/// Returns the members that found the cluster: etcd gives an ID of its own making to any other. Where no
/// identity is known yet, all that the spec has.
fn founders(identity: &Identity, cluster: &Cluster) -> Vec<String> {
    if identity.members.is_empty() {
        return cluster.members.iter().map(|member| member.name.to_string()).collect();
    }
    let known = identity.members.iter().filter(|(_, id)| id.is_some());
    known.map(|(name, _)| name.clone()).collect()
}

fn kept(identity: &Identity, member: &Member) -> Option<MemberId> {
    identity.members.get(member.name.as_str()).copied().flatten()
}

/// Returns the place where the state of a member is written, if it is.
fn written(places: &Places, member: &str) -> Option<Span> {
    places.member(member).and_then(|places| places.state).or(places.state)
}

fn joins(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(format!("the member `{name}` joins a cluster that runs, and its `state` is `new`"))
        .at(span, "it does not found the cluster")
        .note(
            "etcd takes the list of members for that of a new cluster then, with another ID, and those that \
             run answer `request cluster ID mismatch`",
        )
        .help("take `state` out: it follows from what is recorded, and is `existing` here")
        .help(
            "if no member runs yet: `cargo run -- done --undo` takes back what cluster.lock has recorded",
        )
}

/// Warns where a state that was written keeps members that run from getting `existing`.
fn said(written: &[(String, Span)]) -> Option<Diagnostic> {
    let (name, span) = written.first()?;
    let others = match written.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    Some(
        Diagnostic::warning(format!("`state` is `new` for `{name}`{others}, recorded as running"))
            .at(*span, "not what follows")
            .note(
                "where the data of a member that runs is gone, `new` lets it found a cluster again, empty and \
                 with the same ID",
            )
            .help("take `state` out: it follows from what is recorded"),
    )
}
