//! What was seen, held against what is compiled.

use super::findings::{self, Found};
use super::members::{Known, State, agreed, known, member_id};
use super::observed::{Observed, Seen};
use crate::compiled::Compiled;
use crate::exit::Exit;
use crate::expiry::{Validity, renew_before, validity};
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::diagnostic::{Diagnostic, Severity};
use bouquet_x509::ParsedCertificate;
use std::collections::BTreeMap;

/// A cluster, as it is.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) token: String,
    /// Its ID: as compiled, or as its members say it.
    pub(crate) id: Option<u64>,
    /// How many of those that are asked are up.
    pub(crate) up: usize,
    pub(crate) asked: usize,
    /// `None` where nobody told who the members are.
    pub(crate) votes: Option<Votes>,
    pub(crate) rows: Vec<Row>,
    /// What is wrong, what is other than compiled, and what is not known: the worst first.
    pub(crate) findings: Vec<Diagnostic>,
    /// The members of which etcd says that their data differ from the others'.
    pub(crate) corrupt: Vec<String>,
    /// Whether members have applied the same entries and have different data.
    pub(crate) has_diverged: bool,
    /// What could not be asked, and why: once for all members that it is alike for.
    pub(crate) unasked: Vec<String>,
    pub(crate) exit: Exit,
}

/// Who has a vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Votes {
    /// The members with a vote.
    pub(crate) voters: usize,
    /// Those of them that are up and know a leader.
    pub(crate) up: usize,
    /// How many it takes to write.
    pub(crate) quorum: usize,
}

/// One member.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) id: Option<u64>,
    pub(crate) is_compiled: bool,
    pub(crate) is_listed: bool,
    pub(crate) state: State,
    /// Why it does not answer, in words.
    pub(crate) reason: Option<String>,
    pub(crate) role: Option<Role>,
    pub(crate) version: Option<String>,
    pub(crate) applied: Option<u64>,
    pub(crate) revision: Option<i64>,
    pub(crate) db_size: Option<u64>,
    pub(crate) quota: Option<u64>,
    pub(crate) client_certificate: Option<Served>,
    pub(crate) peer_certificate: Option<Served>,
    /// Whether it has a connection to each of its peers, by name; nothing where that is not known.
    pub(crate) mesh: Vec<(String, bool)>,
    pub(crate) clock: Option<i64>,
}

/// What a member is to the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Leader,
    Voter,
    Learner,
}

impl Role {
    /// The word for it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Leader => "leader",
            Self::Voter => "voter",
            Self::Learner => "learner",
        }
    }
}

/// A certificate as a port shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Served {
    pub(crate) serial: String,
    pub(crate) not_after: i64,
    pub(crate) validity: Validity,
    /// It is another than the compiled one.
    pub(crate) differs: Option<Differs>,
}

/// How a served certificate differs from the compiled one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Differs {
    /// It began before: the compiled one is not installed yet.
    Older,
    /// It began later: this program is out of date.
    Newer,
    /// It is of no CA that is compiled.
    Foreign,
}

impl Differs {
    /// The word for it in JSON.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Older => "older",
            Self::Newer => "newer",
            Self::Foreign => "foreign",
        }
    }
}

/// Holds what was seen against what is compiled.
pub(crate) fn judge(compiled: &Compiled<'_>, observed: &Observed) -> Report {
    let cluster = compiled.cluster;
    let id = cluster.id.map(|id| id.0).or_else(|| most_said(observed));
    let agreed = agreed(observed, id);
    let members = known(cluster, observed, &agreed, id);
    let names: BTreeMap<u64, String> =
        agreed.members.iter().map(|m| (m.id, name_of(&members, m.id))).collect();
    let leader = leader(&members);
    let rows: Vec<Row> =
        members.iter().map(|member| row(compiled, observed, member, leader, &names)).collect();
    let votes = agreed.is_known.then(|| votes(&members));
    let found =
        Found { compiled, observed, id, agreed: &agreed, members: &members, rows: &rows, votes };
    let (findings, unasked) = (findings::all(&found), findings::unasked(&found));
    let exit = exit(votes, &findings);
    let (corrupt, has_diverged) = (findings::corrupt(&found), findings::has_diverged(&found));
    Report {
        token: cluster.token.to_string(),
        id,
        up: rows.iter().filter(|row| row.state == State::Up).count(),
        asked: rows.len(),
        votes,
        rows,
        findings: findings.into_iter().map(|(_, finding)| finding).collect(),
        corrupt,
        has_diverged,
        unasked,
        exit,
    }
}

/// How much a finding counts for the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gravity {
    /// Something is wrong.
    Wrong,
    /// All is well, and other than compiled.
    Other,
    /// For information.
    Fact,
}

fn exit(votes: Option<Votes>, findings: &[(Gravity, Diagnostic)]) -> Exit {
    let has_quorum = votes.is_some_and(|votes| votes.up >= votes.quorum);
    let has = |gravity| findings.iter().any(|(other, _)| *other == gravity);
    match has_quorum {
        false => Exit::Unknown,
        true if has(Gravity::Wrong) => Exit::Failed,
        true if has(Gravity::Other) => Exit::Pending,
        true => Exit::Done,
    }
}

/// The cluster's ID that most say, where none is compiled.
fn most_said(observed: &Observed) -> Option<u64> {
    let mut said: BTreeMap<u64, usize> = BTreeMap::new();
    for seen in &observed.seen {
        if let Ok(status) = &seen.status
            && let Some(header) = status.header
        {
            *said.entry(header.cluster_id).or_default() += 1;
        }
    }
    said.into_iter().max_by_key(|(_, count)| *count).map(|(id, _)| id)
}

fn name_of(members: &[Known<'_>], id: u64) -> String {
    let member = members.iter().find(|member| member.listed.as_ref().is_some_and(|m| m.id == id));
    member.map_or_else(|| format!("{id:x}"), |member| member.name.clone())
}

/// The leader that a member of the latest term knows.
fn leader(members: &[Known<'_>]) -> Option<u64> {
    let up = members.iter().filter(|member| member.state == State::Up);
    let statuses = up.filter_map(|member| member.seen?.status.as_ref().ok());
    let latest = statuses.max_by_key(|status| (status.raft_term, status.leader))?;
    (latest.leader != 0).then_some(latest.leader)
}

fn votes(members: &[Known<'_>]) -> Votes {
    let voters = members.iter().filter(|m| m.listed.as_ref().is_some_and(|m| !m.is_learner));
    let voters: Vec<_> = voters.collect();
    let leads = |member: &&&Known<'_>| {
        let status = member.seen.and_then(|seen| seen.status.as_ref().ok());
        member.state == State::Up && status.is_some_and(|status| status.leader != 0)
    };
    let up = voters.iter().filter(leads).count();
    Votes { voters: voters.len(), up, quorum: voters.len() / 2 + 1 }
}

fn row(
    compiled: &Compiled<'_>,
    observed: &Observed,
    member: &Known<'_>,
    leader: Option<u64>,
    names: &BTreeMap<u64, String>,
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
    let served = |kinds: &[Kind], shown: Option<&Result<Vec<u8>, _>>| {
        let der = shown?.as_ref().ok()?;
        served(compiled, observed.now, name, kinds, der)
    };
    Row {
        name: name.clone(),
        id,
        is_compiled: member.compiled.is_some(),
        is_listed: listed.is_some(),
        state: *state,
        reason: reason(*seen, *state),
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
        mesh: metrics.map_or_else(Vec::new, |metrics| {
            let named = metrics
                .peers
                .iter()
                .filter_map(|(id, is_active)| Some((names.get(id)?.clone(), *is_active)));
            named.collect()
        }),
        clock: up.and_then(|seen| seen.clock),
    }
}

fn reason(seen: Option<&Seen>, state: State) -> Option<String> {
    match (state, seen.map(|seen| &seen.status)) {
        (State::Up, _) => None,
        (_, Some(Err(error))) => Some(error.to_string()),
        _ => None,
    }
}

/// Compares a served certificate with the compiled one of that member.
fn served(
    compiled: &Compiled<'_>,
    now: i64,
    owner: &str,
    kinds: &[Kind],
    der: &[u8],
) -> Option<Served> {
    let parsed = ParsedCertificate::parse(der)?;
    let facts = parsed.facts(*kinds.first()?, Some(owner));
    let wanted: Option<&Certificate> = compiled.certificates.iter().find(|certificate| {
        kinds.contains(&certificate.kind)
            && certificate.owner.as_deref().is_none_or(|other| other == owner)
    });
    let is_ours = compiled.certificates.iter().any(|certificate| {
        certificate.kind == Kind::Ca && certificate.common_name == issuer_name(&parsed)
    });
    let differs = wanted.filter(|wanted| wanted.fingerprint != facts.fingerprint).map(|wanted| {
        match facts.not_before.cmp(&wanted.not_before) {
            _ if !is_ours => Differs::Foreign,
            core::cmp::Ordering::Greater => Differs::Newer,
            _ => Differs::Older,
        }
    });
    Some(Served {
        serial: facts.serial.to_string(),
        not_after: facts.not_after,
        validity: validity(&facts, now, renew_before(compiled)),
        differs,
    })
}

fn issuer_name(parsed: &ParsedCertificate<'_>) -> String {
    let text = parsed.issuer_text();
    text.strip_prefix("CN=").map_or(text.clone(), str::to_owned)
}

/// Puts findings in their order: the gravest first, else as they were found.
pub(super) fn sorted(mut all: Vec<(Gravity, Diagnostic)>) -> Vec<(Gravity, Diagnostic)> {
    all.sort_by_key(|(gravity, finding)| (*gravity, finding.severity != Severity::Error));
    all
}
