//! What is wrong with a cluster, or other than compiled, in the words of an operator who is paged.

use super::judge::{Differs, Gravity, Row, Served, Votes, sorted};
use super::members::{Agreed, Known, State};
use super::observed::{Observed, Seen};
use crate::compiled::Compiled;
use crate::expiry::Validity;
use crate::show::{date, distance};
use bouquet_etcd::messages::maintenance::AlarmType;
use bouquet_etcd::{Error, Reach};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::release;
use bouquet_model::version::EtcdVersion;
use std::collections::{BTreeMap, BTreeSet};

/// From this share of its quota on, a database is said to be nearly full.
const NEARLY_FULL: (u64, u64) = (8, 10);

/// A member that has applied so many entries less than the leader is behind: etcd itself promotes a learner
/// from 90 % on, and sends a snapshot where a follower lacks more than its `snapshot-count`.
const BEHIND: u64 = 5000;

/// Clocks are read to a second, of two machines.
const CLOCK: i64 = 3;

/// All that the findings follow from.
pub(super) struct Found<'a> {
    pub(super) compiled: &'a Compiled<'a>,
    pub(super) observed: &'a Observed,
    pub(super) id: Option<u64>,
    pub(super) agreed: &'a Agreed,
    pub(super) members: &'a [Known<'a>],
    pub(super) rows: &'a [Row],
    pub(super) votes: Option<Votes>,
}

/// Returns every finding, the gravest first.
pub(super) fn all(found: &Found<'_>) -> Vec<(Gravity, Diagnostic)> {
    let kinds = [
        votes,
        states,
        lists,
        alarms,
        diverged,
        certificates,
        mesh,
        sizes,
        lag,
        clocks,
        membership,
        versions,
    ];
    sorted(kinds.iter().flat_map(|kind| kind(found)).collect())
}

type Findings = Vec<(Gravity, Diagnostic)>;

fn wrong(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(message)
}

fn votes(found: &Found<'_>) -> Findings {
    let Some(Votes { voters, up, quorum }) = found.votes else {
        let problem = wrong("nobody tells who the members are").help(
            "on a node: `systemctl status etcd` and `journalctl -u etcd` say how its member does",
        );
        return vec![(Gravity::Wrong, problem)];
    };
    if up >= quorum {
        return Vec::new();
    }
    let problem = wrong(format!(
        "no quorum: {up} of {voters} voters are up, and it takes {quorum}: writes stop"
    ))
    .help("start members that are down, with their data, before anything else: no member can be added or removed meanwhile");
    vec![(Gravity::Wrong, problem)]
}

fn states(found: &Found<'_>) -> Findings {
    let deadline = found.observed.deadline.as_secs_f32();
    let mut all = Vec::new();
    for (member, row) in found.members.iter().zip(found.rows) {
        let name = &row.name;
        let url = member.seen.and_then(|seen| seen.target.client_urls.first());
        let at = url.map_or(String::new(), |url| format!(" at {url}"));
        let reason = row.reason.as_deref().unwrap_or_default();
        let finding = match row.state {
            State::Up => continue,
            State::Silent => wrong(format!("{name} says nothing{at}, within {deadline} s")).help(
                "its process may be stopped or its disk hang, its machine down, or a packet filter in between: \
                 `systemctl status etcd` on its node",
            ),
            State::Down => wrong(format!("{name} is down: nobody listens{at}"))
                .help("on its node: `systemctl status etcd`, and `journalctl -u etcd` for the reason"),
            State::Unreachable => wrong(format!("there is no way to {name}{at}: {reason}"))
                .help("look at the network between here and its node"),
            State::Untrusted => wrong(format!("{name} is not trusted{at}: {reason}"))
                .help(format!("copy `out/members/{name}/certs` to its node: no restart is needed")),
            State::Rejected => wrong(format!("{name} does not trust this client{at}: {reason}")).help(
                "its CA file is another one, or this client's certificate expired or was revoked: `bouquet certs`",
            ),
            State::Foreign => foreign(found, member),
            State::Failing => wrong(format!("{name} answers, and not as etcd does{at}: {reason}"))
                .help("another program may have its port"),
            // `membership` tells of these.
            State::Missing | State::NeverRun => continue,
        };
        all.push((Gravity::Wrong, finding));
    }
    all
}

fn foreign(found: &Found<'_>, member: &Known<'_>) -> Diagnostic {
    let said = member.seen.and_then(|seen| seen.status.as_ref().ok()?.header);
    let said = said.map_or(0, |header| header.cluster_id);
    let ours = found.id.unwrap_or_default();
    wrong(format!("{} is a member of cluster {said:x}, and this one is {ours:x}", member.name))
        .note("it was started on an empty folder with another token or other members, or restored")
        .help("do not remove anything yet: `bouquet plan` says what has to be done")
}

fn lists(found: &Found<'_>) -> Findings {
    if found.agreed.others.is_empty() {
        return Vec::new();
    }
    let others = found.agreed.others.join(", ");
    let problem =
        wrong(format!("members disagree on who the members are: {others} has another list"))
            .note("a member that is behind, or cut off, has a former list")
            .help("look again in some seconds, and do not change members while it stays");
    vec![(Gravity::Wrong, problem)]
}

/// The alarms that are on, each once: its kind, and the member.
fn all_alarms(found: &Found<'_>) -> BTreeSet<(i32, u64)> {
    let all = found.observed.seen.iter().filter_map(|seen| seen.alarms.as_ref().ok()).flatten();
    all.map(|alarm| (alarm.alarm, alarm.member_id)).collect()
}

fn name_of(found: &Found<'_>, id: u64) -> String {
    let member = found.members.iter().find(|m| m.listed.as_ref().is_some_and(|m| m.id == id));
    member.map_or_else(|| format!("{id:x}, which is no member"), |member| member.name.clone())
}

/// The members of which etcd says that their data differ.
pub(super) fn corrupt(found: &Found<'_>) -> Vec<String> {
    let corrupt = all_alarms(found).into_iter();
    let corrupt = corrupt.filter(|(alarm, _)| *alarm == i32::from(AlarmType::Corrupt));
    corrupt.map(|(_, id)| name_of(found, id)).collect()
}

fn alarms(found: &Found<'_>) -> Findings {
    let finding = |(alarm, id): (i32, u64)| {
        let name = name_of(found, id);
        match AlarmType::try_from(alarm) {
            Ok(AlarmType::Nospace) => wrong(format!("NOSPACE of {name}: etcd takes no write"))
                .help("compact, defragment each member, then `bouquet etcdctl -- alarm disarm`"),
            Ok(AlarmType::Corrupt) => {
                wrong(format!("CORRUPT of {name}: its data differ from the others'"))
                    .help("take no snapshot of it: replace it by an empty member")
            }
            _ => wrong(format!("alarm {alarm} of {name}")),
        }
    };
    all_alarms(found).into_iter().map(|alarm| (Gravity::Wrong, finding(alarm))).collect()
}

/// Whether members with one applied index and different revisions have different hashes at the lower of them.
pub(super) fn has_diverged(found: &Found<'_>) -> bool {
    sides(found).len() > 1
}

/// The names of members by the data that they have, where there was a doubt; one side where there is none.
fn sides<'a>(found: &'a Found<'_>) -> Vec<Vec<&'a str>> {
    let mut hashes: BTreeMap<(u32, i64), Vec<&str>> = BTreeMap::new();
    for seen in &found.observed.seen {
        if let Some(Ok(hash)) = &seen.hash {
            let of = hashes.entry((hash.hash, hash.compact_revision)).or_default();
            of.push(&seen.target.name);
        }
    }
    // Hashes begin at the last compaction: of two histories they say nothing.
    let compacted: BTreeSet<i64> = hashes.keys().map(|(_, compacted)| *compacted).collect();
    if compacted.len() > 1 { Vec::new() } else { hashes.into_values().collect() }
}

fn diverged(found: &Found<'_>) -> Findings {
    let sides = sides(found);
    if sides.len() < 2 {
        return Vec::new();
    }
    let sides: Vec<String> = sides.iter().map(|names| names.join(", ")).collect();
    let problem = wrong(format!("members have DIVERGED: {} have other data than one another", sides.join(" and ")))
        .note("they have applied the same entries and are at different revisions; etcd raises no alarm for it")
        .help("take a snapshot of each side now, find out which is right, and replace the others by empty members");
    vec![(Gravity::Wrong, problem)]
}

fn certificates(found: &Found<'_>) -> Findings {
    let now = found.observed.now;
    let mut all = Vec::new();
    for row in found.rows {
        let shared = row.client_certificate == row.peer_certificate;
        let ports = [("client", &row.client_certificate), ("peer", &row.peer_certificate)];
        for (port, served) in ports.into_iter().take(if shared { 1 } else { 2 }) {
            let Some(served) = served else { continue };
            all.extend(certificate(&row.name, if shared { "" } else { port }, served, now));
        }
    }
    all
}

fn certificate(name: &str, port: &str, served: &Served, now: i64) -> Option<(Gravity, Diagnostic)> {
    let space = if port.is_empty() { "" } else { " " };
    let what = format!("{name}'s {port}{space}certificate");
    let copy = format!("copy `out/members/{name}/certs` to its node: no restart is needed");
    let when = format!("{}, on {}", distance(served.not_after, now), date(served.not_after));
    let is_old = served.differs == Some(Differs::Older);
    let help = if is_old { copy.clone() } else { "build, then ".to_owned() + &copy };
    Some(match (served.validity, served.differs) {
        (Validity::Expired, _) => {
            (Gravity::Wrong, wrong(format!("{what} expired {when}")).help(help))
        }
        (Validity::NotYetValid, _) => (
            Gravity::Wrong,
            wrong(format!(
                "{what} is not valid yet: the clock of this machine, or of the one that built, is wrong"
            )),
        ),
        (_, Some(Differs::Foreign)) => (
            Gravity::Wrong,
            wrong(format!("{what} is of another CA than those that are compiled")).help(copy),
        ),
        (Validity::Expiring, None | Some(Differs::Newer)) => {
            (Gravity::Wrong, Diagnostic::warning(format!("{what} expires {when}")).help(help))
        }
        (_, Some(Differs::Older)) => {
            let message = format!(
                "{what} was renewed, and the new one is not yet installed: it expires {when}"
            );
            (Gravity::Other, Diagnostic::warning(message).help(copy))
        }
        (_, Some(Differs::Newer)) => {
            let message = format!("{what} is newer than this program");
            (
                Gravity::Other,
                Diagnostic::warning(message).help("build again: `git pull && cargo build`"),
            )
        }
        (Validity::Valid, None) => return None,
    })
}

fn mesh(found: &Found<'_>) -> Findings {
    let is_up =
        |name: &str| found.rows.iter().any(|row| row.name == name && row.state == State::Up);
    let broken = found.rows.iter().flat_map(|row| {
        let others = row.mesh.iter().filter(|(other, is_active)| !is_active && is_up(other));
        others.map(|(other, _)| {
            wrong(format!("{} has no connection to {other}, and both are up", row.name))
                .note("etcd answers as healthy all the same")
                .help(format!("look at the peer port of {other}: a packet filter, or a certificate that {} does not trust", row.name))
        })
    });
    broken.map(|finding| (Gravity::Wrong, finding)).collect()
}

fn sizes(found: &Found<'_>) -> Findings {
    let (share, of) = NEARLY_FULL;
    let full = found.rows.iter().filter(|row| {
        row.db_size.zip(row.quota).is_some_and(|(size, quota)| size >= quota / of * share)
    });
    full.map(|row| {
        let message = format!("the database of {} is nearly as large as its quota", row.name);
        let finding = Diagnostic::warning(message).help(
            "compact and defragment it, or raise `quota-backend-bytes`: at the quota etcd takes no write any more",
        );
        (Gravity::Wrong, finding)
    })
    .collect()
}

fn lag(found: &Found<'_>) -> Findings {
    let most = found.rows.iter().filter_map(|row| row.applied).max().unwrap_or_default();
    let behind = found.rows.iter().filter(|row| row.applied.is_some_and(|at| most - at > BEHIND));
    behind
        .map(|row| {
            let by = most - row.applied.unwrap_or_default();
            let message = format!("{} is behind by {by} entries of the log", row.name);
            let help = "it catches up by itself where its disk and network keep pace";
            (Gravity::Wrong, Diagnostic::warning(message).help(help))
        })
        .collect()
}

fn clocks(found: &Found<'_>) -> Findings {
    let off = found.rows.iter().filter_map(|row| Some((row, row.clock?)));
    let off = off.filter(|(_, offset)| offset.abs() >= CLOCK);
    off.map(|(row, offset)| {
        let word = if offset < 0 { "behind" } else { "ahead of" };
        let message =
            format!("the clock of {} is {} s {word} that of this machine", row.name, offset.abs());
        let help = "set both by NTP: leases and certificates go by them";
        (Gravity::Wrong, Diagnostic::warning(message).help(help))
    })
    .collect()
}

/// Who is a member, against who is compiled.
fn membership(found: &Found<'_>) -> Findings {
    if !found.agreed.is_known {
        return Vec::new();
    }
    let mut all = Vec::new();
    for member in found.members {
        let name = &member.name;
        let finding = match (member.compiled, &member.listed) {
            (Some(_), None) => {
                Diagnostic::warning(format!("{name} is compiled, and no member yet"))
                    .help("`bouquet plan` has the steps that add it")
            }
            (None, Some(_)) => Diagnostic::warning(format!("{name} is a member, and not compiled"))
                .help(
                    "`bouquet plan` has the steps that remove it; or describe it in cluster.toml",
                ),
            (Some(compiled), Some(listed)) => {
                let mut wanted: Vec<_> =
                    compiled.initial_advertise_peer_urls.iter().map(ToString::to_string).collect();
                wanted.sort();
                let mut has = listed.peer_urls.clone();
                has.sort();
                if has != wanted {
                    let (has, wanted) = (has.join(","), wanted.join(","));
                    Diagnostic::warning(format!(
                        "the members know {name} at {has}, and compiled is {wanted}"
                    ))
                    .help("`bouquet plan` has the steps that tell them")
                } else if member.state == State::NeverRun {
                    let finding = wrong(format!("{name} is listed, and has never run"));
                    let finding = finding
                        .help("start it: until then it counts for the quorum, and does not vote");
                    all.push((Gravity::Wrong, finding));
                    continue;
                } else {
                    continue;
                }
            }
            (None, None) => continue,
        };
        all.push((Gravity::Other, finding));
    }
    all
}

/// What they run, against what is compiled.
fn versions(found: &Found<'_>) -> Findings {
    let compiled = found.compiled.cluster.version;
    let running: BTreeMap<&str, Vec<&str>> =
        found.rows.iter().fold(BTreeMap::new(), |mut all, row| {
            if let Some(version) = &row.version {
                all.entry(version).or_insert_with(Vec::new).push(&row.name);
            }
            all
        });
    let mut all = Vec::new();
    for (version, names) in &running {
        let names = names.join(", ");
        let parsed = EtcdVersion::parse(version).ok();
        let is_compiled = parsed.is_some_and(|running| {
            running.minor() == compiled.minor()
                && compiled.patch().is_none_or(|patch| running.patch() == Some(patch))
        });
        if !is_compiled {
            let message = format!("{names} runs etcd {version}, and compiled is {compiled}");
            let help = "`bouquet plan` has the steps";
            all.push((Gravity::Other, Diagnostic::warning(message).help(help)));
        }
        let faults = parsed.into_iter().flat_map(release::faults);
        all.extend(faults.map(|fault| {
            let message = format!("etcd {version}, which {names} runs, {}", fault.what);
            let finding = Diagnostic::warning(message).note(format!("source: {}", fault.source));
            (Gravity::Fact, finding.help("install the latest patch of its minor"))
        }));
    }
    all
}

/// What could not be asked of members that are up, and why: once for each reason.
pub(super) fn unasked(found: &Found<'_>) -> Vec<String> {
    let up = found.members.iter().filter(|member| member.state == State::Up);
    let seen: Vec<&Seen> = up.filter_map(|member| member.seen).collect();
    let mut reasons: BTreeMap<(&str, String), Vec<&str>> = BTreeMap::new();
    for one in seen {
        let parts = [
            ("alarms", one.alarms.as_ref().err()),
            ("mesh, clock and, before 3.6, quota", one.metrics.as_ref().err()),
            ("list of members", one.list.as_ref().err()),
            ("served certificate", one.client_certificate.as_ref().and_then(|r| r.as_ref().err())),
            (
                "served peer certificate",
                one.peer_certificate.as_ref().and_then(|r| r.as_ref().err()),
            ),
            ("hash of keys", one.hash.as_ref().and_then(|hash| hash.as_ref().err())),
        ];
        for (what, error) in parts {
            if let Some(error) = error {
                reasons.entry((what, said(error))).or_default().push(&one.target.name);
            }
        }
    }
    reasons
        .into_iter()
        .map(|((what, why), names)| format!("{what} of {}: {why}", names.join(", ")))
        .collect()
}

fn said(error: &Error) -> String {
    match error {
        Error::Unreachable(Reach::Silent) => "no answer within the deadline".to_owned(),
        other => other.to_string(),
    }
}
