//! What was seen, held against what is compiled.

use super::beside::Beside;
use super::findings;
use super::found::Found;
use super::members::{Known, State, agreed, known, leader, member_id, most_said, words};
use super::observed::{Observed, Seen};
use super::report::{Gravity, Report, Role, Row, Votes, Writes};
use super::served::served;
use crate::compiled::Compiled;
use crate::exit::Exit;
use bouquet_model::certificate::Kind;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::quorum::quorum;
use std::collections::BTreeMap;

/// Holds what was seen against what is compiled.
pub(crate) fn judge(compiled: &Compiled<'_>, observed: &Observed, beside: &Beside) -> Report {
    let cluster = compiled.cluster;
    let id = cluster.id.map(|id| id.0).or_else(|| most_said(observed));
    let agreed = agreed(observed, id);
    let members = known(cluster, observed, &agreed, id);
    let names: BTreeMap<u64, String> =
        agreed.members.iter().map(|m| (m.id, name_of(&members, m.id))).collect();
    let leader = leader(&members);
    let cas: Vec<&[u8]> = observed.cas.iter().chain(&beside.cas).map(Vec::as_slice).collect();
    let rows = members.iter().map(|it| row(compiled, observed, &cas, it, (leader, &names)));
    let rows: Vec<Row> = rows.collect();
    let votes = agreed.is_known.then(|| votes(&members));
    let found = Found {
        compiled,
        observed,
        beside,
        id,
        agreed: &agreed,
        members: &members,
        rows: &rows,
        votes,
    };
    let (findings, unasked) = (findings::all(&found), findings::unasked(&found));
    let doubts = findings::doubts(&found);
    let (is_full, is_corrupt) = (findings::is_full(&found), findings::is_corrupt(&found));
    let exit = exit(votes, &findings);
    Report {
        token: cluster.token.to_string(),
        id,
        up: rows.iter().filter(|row| row.state == State::Up).count(),
        asked: rows.len(),
        votes,
        rows,
        findings: findings.into_iter().map(|(_, finding)| finding).collect(),
        doubts,
        is_full,
        is_corrupt,
        unasked,
        clients: beside.clients.clone(),
        unrecorded: beside.unrecorded.clone(),
        leaving: beside.leaving.clone(),
        exit,
    }
}

fn exit(votes: Option<Votes>, findings: &[(Gravity, Diagnostic)]) -> Exit {
    let has_quorum = votes.is_some_and(|votes| votes.writes() == Writes::Taken);
    let has = |gravity| findings.iter().any(|(other, _)| *other == gravity);
    match has_quorum {
        false => Exit::Unknown,
        true if has(Gravity::Wrong) => Exit::Failed,
        true if has(Gravity::Other) => Exit::Pending,
        true => Exit::Done,
    }
}

fn name_of(members: &[Known<'_>], id: u64) -> String {
    let member = members.iter().find(|member| member.listed.as_ref().is_some_and(|m| m.id == id));
    member.map_or_else(|| format!("{id:x}"), |member| member.name.clone())
}

fn votes(members: &[Known<'_>]) -> Votes {
    let voters = members.iter().filter(|m| m.listed.as_ref().is_some_and(|m| !m.is_learner));
    let voters: Vec<_> = voters.collect();
    let knows_a_leader = |member: &Known<'_>| {
        let status = member.seen.and_then(|seen| seen.status.as_ref().ok());
        member.state == State::Up && status.is_some_and(|status| status.leader != 0)
    };
    Votes {
        voters: voters.len(),
        answering: voters.iter().filter(|member| member.state == State::Up).count(),
        up: voters.iter().filter(|member| knows_a_leader(member)).count(),
        quorum: quorum(voters.len()),
        is_led: members.iter().any(knows_a_leader),
    }
}

fn row(
    compiled: &Compiled<'_>,
    observed: &Observed,
    cas: &[&[u8]],
    member: &Known<'_>,
    (leader, names): (Option<u64>, &BTreeMap<u64, String>),
) -> Row {
    let Known { name, listed, seen, state, .. } = member;
    let up = seen.filter(|_| *state == State::Up);
    let status = up.and_then(|seen| seen.status.as_ref().ok());
    let metrics = up.and_then(|seen| seen.metrics.as_ref().ok());
    let id = up.and_then(member_id).or_else(|| listed.as_ref().map(|listed| listed.id));
    let is_learner = status.map(|status| status.is_learner);
    let is_learner = is_learner.or_else(|| listed.as_ref().map(|listed| listed.is_learner));
    let role = is_learner.map(|is_learner| match is_learner {
        true => Role::Learner,
        false if id.is_some() && id == leader => Role::Leader,
        false => Role::Voter,
    });
    let size = |bytes: i64| u64::try_from(bytes).ok().filter(|bytes| *bytes > 0);
    let quota = status.and_then(|status| size(status.db_size_quota));
    let served = |kinds: &[Kind], shown: Option<&Result<Vec<Vec<u8>>, _>>| {
        let chain = shown?.as_ref().ok()?;
        served(compiled, cas, observed.now, (name, kinds), chain)
    };
    Row {
        name: name.clone(),
        id,
        is_compiled: member.compiled.is_some(),
        is_listed: listed.is_some(),
        state: *state,
        reason: reason(*seen, *state),
        took: seen.filter(|seen| seen.status.is_ok()).map(|seen| seen.took),
        role,
        version: status.map(|status| status.version.clone()),
        applied: status.map(|status| status.raft_applied_index),
        revision: status.and_then(|status| Some(status.header?.revision)),
        db_size: status.and_then(|status| size(status.db_size)),
        quota: quota.or_else(|| metrics.and_then(|metrics| metrics.quota)),
        client_certificate: served(
            &[Kind::Server, Kind::ServerAndPeer],
            seen.and_then(|seen| seen.client_certificate.as_ref()),
        ),
        peer_certificate: served(
            &[Kind::Peer, Kind::ServerAndPeer],
            seen.and_then(|seen| seen.peer_certificate.as_ref()),
        ),
        // A peer that it never had a connection to since it started is not in its metrics.
        mesh: metrics.map_or_else(Vec::new, |metrics| {
            let others = names.iter().filter(|(peer, _)| Some(**peer) != id);
            let is_active = |peer: &u64| metrics.peers.get(peer).copied().unwrap_or_default();
            others.map(|(peer, name)| (name.clone(), is_active(peer))).collect()
        }),
        clock: up.and_then(|seen| seen.clock),
    }
}

fn reason(seen: Option<&Seen>, state: State) -> Option<String> {
    match (state, seen.map(|seen| &seen.status)) {
        (State::Up, _) => None,
        (_, Some(Err(error))) => Some(words(error)),
        _ => None,
    }
}
