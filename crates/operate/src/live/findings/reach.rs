//! Who answers, and whether there is a quorum.

use super::certificates;
use crate::live::found::{Findings, Found, wrong};
use crate::live::members::{Known, State, member_id};
use crate::live::report::{Row, Votes, Writes};
use crate::login::{AS_ROOT, help};
use crate::package::{BUILD_AGAIN, DONE_RESTORED};
use bouquet_etcd::{Error, Reach};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::url::{Scheme, Url};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn votes(found: &Found<'_>) -> Findings {
    let Some(votes) = found.votes else {
        let mut problem = Diagnostic::error("no member says who the members are");
        // Of those that refuse, `refusing` says what to do.
        if refusing_names(found).is_empty() {
            let unit = found.any_unit();
            problem = problem.help(format!(
                "on a node: `systemctl status {unit}` and `journalctl -u {unit}` say how its member is"
            ));
        }
        return vec![wrong(problem)];
    };
    let Votes { voters, answering, up, quorum, .. } = votes;
    let problem = match votes.writes() {
        Writes::Taken => return Vec::new(),
        Writes::NoQuorum => Diagnostic::error(format!(
            "no quorum: {answering} of {voters} voters answer, and it takes {quorum}: writes stop"
        ))
        .help(
            "before anything else, start the members that are down, with their data: until then \
             no member can be added or removed",
        ),
        Writes::NoLeader => Diagnostic::error(format!(
            "no leader: {answering} of {voters} voters answer, and none of them knows one: writes stop"
        ))
        .note("an election takes a second or two; if it does not end, members do not reach one \
               another, or a disk is slow")
        .help(format!(
            "look again in some seconds; then `journalctl -u {}` on their nodes",
            found.any_unit()
        )),
        Writes::Unknown => Diagnostic::error(format!(
            "too little is seen to tell whether there is a quorum: {up} of {voters} voters answer and know a \
             leader, and it takes {quorum}"
        ))
        .note("others may be up but out of reach from here, or refuse this certificate; or they \
               have just stopped")
        .help("look again in some seconds, or from another machine"),
    };
    vec![wrong(problem)]
}

/// Finds those that answer and know no leader: the head counts them out, and this says why.
pub(super) fn leaderless(found: &Found<'_>) -> Findings {
    if found.votes.is_none_or(|votes| votes.writes() != Writes::Taken) {
        return Vec::new();
    }
    let is_voter = |member: &&Known<'_>| member.listed.as_ref().is_some_and(|it| !it.is_learner);
    let lost = found.members.iter().filter(is_voter).filter(|member| knows_no_leader(member));
    lost.map(|Known { name, .. }| {
        Diagnostic::error(format!("{name} answers, and knows no leader, while others do"))
            .note("it does not hear from the leader, and does not count for the quorum: it was just started, or cut off")
            .help(format!(
                "look again in some seconds; if it stays, {} on the node of {name} says which peers it does not reach",
                found.on_node("doctor")
            ))
            .help(format!("where its machine had lost an address, once that is back: restart etcd on {name}"))
    })
    .map(wrong)
    .collect()
}

fn knows_no_leader(member: &Known<'_>) -> bool {
    let leader = member.seen.and_then(|seen| Some(seen.status.as_ref().ok()?.leader));
    member.state == State::Up && leader == Some(0)
}

/// Finds those that have a port that answers, but tell this client nothing: how they do is not known.
pub(super) fn refusing(found: &Found<'_>) -> Findings {
    let names = refusing_names(found);
    if names.is_empty() {
        return Vec::new();
    }
    let refuse = if names.len() == 1 { "refuses" } else { "refuse" };
    let reasons: BTreeSet<&str> = found.rows.iter().filter_map(refusal).collect();
    let problem = Diagnostic::error(format!(
        "{} {refuse} to tell this client anything: {}",
        names.join(", "),
        reasons.iter().copied().collect::<Vec<_>>().join("; ")
    ));
    let helps: BTreeSet<&str> = reasons.into_iter().map(|it| help(it).unwrap_or(AS_ROOT)).collect();
    let problem = helps.into_iter().fold(problem, Diagnostic::help);
    vec![wrong(match open(found) {
        Some(url) => problem
            .note(format!(
                "no password is sent to {url}, because this cluster is compiled with TLS"
            ))
            .help(format!(
                "{} compares with what is recorded, and asks nobody",
                found.typed("plan --offline")
            )),
        None => problem,
    })]
}

/// Returns a URL without TLS at which one of a cluster with TLS refuses.
fn open<'a>(found: &Found<'a>) -> Option<&'a Url> {
    found.compiled.cluster.tls.as_ref()?;
    let refusing = found.members.iter().filter(|member| member.state == State::Refusing);
    let urls = refusing.filter_map(|member| member.seen?.target.client_urls.first());
    urls.into_iter().find(|url| url.scheme == Scheme::Http)
}

fn refusing_names<'a>(found: &Found<'a>) -> Vec<&'a str> {
    found.rows.iter().filter(|row| refusal(row).is_some()).map(|row| row.name.as_str()).collect()
}

fn refusal(row: &Row) -> Option<&str> {
    row.reason.as_deref().filter(|_| row.state == State::Refusing)
}

pub(super) fn states(found: &Found<'_>) -> Findings {
    let deadline = found.observed.deadline.as_secs_f32();
    let mut all = Vec::new();
    for (member, row) in found.members.iter().zip(found.rows) {
        let name = &row.name;
        let url = member.seen.and_then(|seen| seen.target.client_urls.first());
        let at = url.map_or(String::new(), |url| format!(" at {url}"));
        let reason = row.reason.as_deref().unwrap_or_default();
        let unit = || found.unit(name);
        let finding = match row.state {
            // What `refusing`, `foreign` and `membership` tell.
            State::Up
            | State::Refusing
            | State::Foreign
            | State::Missing
            | State::NeverRun => continue,
            State::Silent => {
                let said = format!("{name} is silent{at}: no answer within {deadline} s");
                Diagnostic::error(said).help(match row.peer_certificate {
                    Some(_) => format!(
                        "its machine is up, as its peer port shows a certificate: a member that \
                         was started is silent until more than half of them are up; or its \
                         process hangs: `journalctl -u {}` on its node",
                        unit()
                    ),
                    None => format!(
                        "its process may be stopped, its disk may hang, its machine may be down, \
                         or a packet filter may be in between: `systemctl status {}` on its node",
                        unit()
                    ),
                })
            }
            State::Down => {
                let problem = Diagnostic::error(format!("{name} is down: nobody listens{at}"));
                let problem = match found.beside.records(name) {
                    // Beside members that run it is no founder, and its node may have former data.
                    Some(false) if found.beside.records_any() => problem.help(format!(
                        "cluster.lock has others as running, and not it: {} has the steps with which it joins",
                        found.typed("plan")
                    )),
                    Some(false) => problem.help(format!(
                        "if nothing is installed on its node yet: {}, there",
                        found.on_node(&format!("install {name}"))
                    )),
                    _ => problem,
                };
                problem.help(format!(
                    "on its node: `systemctl status {0}`, and `journalctl -u {0}` for the reason",
                    unit()
                ))
            }
            State::Unreachable if is_local(member) => {
                Diagnostic::error(format!("{name} cannot be asked from here{at}: {reason}"))
                    .help("look at this machine: `ulimit -n`, and what has files and ports open")
            }
            State::Unreachable => Diagnostic::error(format!("there is no way to {name}{at}: {reason}"))
                .help("look at the network between here and its node"),
            State::Untrusted => untrusted(row, format!("{name} is not trusted{at}: {reason}")),
            State::Rejected => Diagnostic::error(format!("{name} does not trust this client{at}: {reason}")).help(
                format!("its CA file is another one, or this client's certificate expired or was revoked: {}", found.typed("certs")),
            ),
            State::Another => another(found, member),
            State::Failing if is_ending(member) => {
                Diagnostic::error(format!("{name} gives no answer{at}: {reason}")).help(format!(
                    "it may be stopping or starting: look again in some seconds; then `journalctl \
                     -u {}` on its node",
                    unit()
                ))
            }
            State::Failing => {
                Diagnostic::error(format!("{name} answers, but not as etcd does{at}: {reason}"))
                    .help("another program may have its port")
            }
        };
        all.push(wrong(finding));
    }
    all
}

/// Reports a certificate that is not trusted, with how to copy a new one, unless that is said with the certificate
/// itself.
fn untrusted(row: &Row, message: String) -> Diagnostic {
    let problem = Diagnostic::error(message);
    if certificates::is_told(row) { problem } else { problem.help(certificates::copy(row)) }
}

fn error<'a>(member: &Known<'a>) -> Option<&'a Error> {
    member.seen?.status.as_ref().err()
}

/// Tells whether it is this machine that can open no connection.
fn is_local(member: &Known<'_>) -> bool {
    matches!(error(member), Some(Error::Unreachable(Reach::Local(_))))
}

/// Tells whether a member answers as etcd and does not serve now, or its connection was lost.
fn is_ending(member: &Known<'_>) -> bool {
    matches!(error(member), Some(Error::Unknown(_) | Error::NotNow(_)))
}

/// Finds members of other clusters, once for each of these.
pub(super) fn foreign(found: &Found<'_>) -> Findings {
    let mut clusters: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
    for member in found.members.iter().filter(|member| member.state == State::Foreign) {
        let said = member.seen.and_then(|seen| seen.status.as_ref().ok()?.header);
        let said = said.map_or(0, |header| header.cluster_id);
        clusters.entry(said).or_default().push(&member.name);
    }
    let is_ours = |member: &Known<'_>| matches!(member.state, State::Up | State::Another);
    let is_all = clusters.len() == 1 && !found.members.iter().any(is_ours);
    let in_lock = found.beside.lock.as_ref().and_then(|lock| lock.id);
    let ours = found.id.unwrap_or_default();
    let findings = clusters.into_iter().map(|(said, names)| {
        let (are, s) = if names.len() == 1 { ("is a member", "") } else { ("are members", "s") };
        let names = names.join(", ");
        let problem =
            Diagnostic::error(format!("{names} {are} of cluster {said:x}, and this one is {ours:x}"));
        wrong(if in_lock == Some(said) {
            problem
                .note("cluster.lock has that ID by now: this program was built before")
                .help(BUILD_AGAIN)
        } else if is_all {
            problem
                .note("all that answer are of that cluster, as after a restore, or with another \
                       token")
                .help(format!(
                    "where all members were restored from one snapshot: {}, then build",
                    found.typed(DONE_RESTORED)
                ))
        } else {
            problem
                .note("it was started on an empty folder with another token or other members, or restored")
                .help(format!(
                    "do not remove anything yet: look on the node{s} whether the data folder is \
                     the right one, and mounted; replace a member by an empty one only if its \
                     data is lost"
                ))
        })
    });
    findings.collect()
}

/// Reports that another member answers at the URL of this one, as after a node was made from another one's disk: two
/// processes are one member to the others.
fn another(found: &Found<'_>, member: &Known<'_>) -> Diagnostic {
    let name = &member.name;
    let id = member.seen.and_then(member_id).unwrap_or_default();
    let other = found.name_of(id);
    Diagnostic::error(format!("at the URL of {name}, {other} answers"))
        .note(format!("its data is that of {other}: a copy of its disk, or the wrong folder"))
        .help(format!("stop etcd on the node of {name} before anything else: two processes under one ID lose data"))
}

pub(super) fn lists(found: &Found<'_>) -> Findings {
    if found.agreed.others.is_empty() {
        return Vec::new();
    }
    let others = found.agreed.others.join(", ");
    let problem = Diagnostic::error(format!(
        "members disagree on who the members are: {others} has another list"
    ))
    .note("a member that is behind, or cut off, has a former list")
    .help("look again in some seconds, and do not change members while it lasts");
    vec![wrong(problem)]
}

pub(super) fn mesh(found: &Found<'_>) -> Findings {
    let is_up =
        |name: &str| found.rows.iter().any(|row| row.name == name && row.state == State::Up);
    let rows = found.members.iter().zip(found.rows);
    let broken = rows.flat_map(|(member, row)| {
        // Where it is cut off itself, the others are the quorum: none of them is to be restarted.
        let is_cut_off = knows_no_leader(member);
        let others = row.mesh.iter().filter(|(other, is_active)| !is_active && is_up(other));
        others.map(move |(other, _)| {
            let name = &row.name;
            let problem = Diagnostic::error(format!("{name} has no connection to {other}, and both are up"))
                .note("etcd answers as healthy all the same")
                .help(format!("look at the peer port of {other}: a packet filter, or a certificate that {name} does not trust"));
            if is_cut_off {
                return problem;
            }
            problem.help(format!(
                "where the machine of {other} had lost an address, once that is back: restart etcd on {other}, which still \
                 has connections from there"
            ))
        })
    });
    broken.map(wrong).collect()
}
