//! What was seen of a cluster, as a plan begins with it.

use super::alarms::{CORRUPT, NOSPACE, alarms};
use super::compared::{Compared, compared, is_over};
use super::members::{Agreed, BEHIND, State, agreed, member_id, most_said, of_error, words};
use super::observed::{Observed, Seen as Answer};
use crate::compiled::Compiled;
use crate::deployed::belongs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::login::help;
use crate::package::{BUILD_AGAIN, DONE_RESTORED};
use crate::typed::on_node;
use bouquet_etcd::messages::cluster::Member as Listed;
use bouquet_etcd::messages::maintenance::StatusResponse;
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::cluster::MemberId;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::plan::next::{Alarm, Data, Life, Space};
use bouquet_model::plan::{Seen, SeenMember, last_way};
use bouquet_model::quorum::quorum;
use bouquet_model::running::Running;
use bouquet_model::url::Url;
use bouquet_model::version::EtcdVersion;
use std::collections::BTreeSet;

/// Holds what was seen, and the listed members that do not answer as themselves, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Planned {
    /// When it was looked, in seconds since 1970.
    pub(crate) at: i64,
    /// The file that it was read from; `None` where members were asked.
    pub(crate) file: Option<String>,
    pub(crate) seen: Seen,
    pub(crate) silent: Vec<(String, State, Option<String>)>,
    /// The versions of etcd that run.
    pub(crate) versions: BTreeSet<String>,
    /// The cluster's ID, as far as it is known.
    pub(crate) cluster: Option<u64>,
}

/// Returns what a plan begins with. `recorded` is what ran, as far as it was recorded.
///
/// # Errors
/// If nobody answers, if members are of another cluster, if they do not agree who the members are, or if one that
/// answers cannot be understood.
pub(crate) fn planned(
    compiled: &Compiled<'_>,
    recorded: &Running,
    observed: &Observed,
    program: &str,
) -> Result<Planned, Failure> {
    let id = compiled.cluster.id.map(|id| id.0).or_else(|| most_said(observed));
    let agreed = agreed(observed, id);
    let of = Table { compiled, observed, agreed: &agreed, id };
    of.is_one_cluster(program)?;
    let members = of.members();
    is_understood(&members, program)?;
    let (alarm, odd) = match compared(observed, &agreed) {
        Compared::Alike => (of.alarm(true), BTreeSet::new()),
        Compared::Odd(odd) => (of.alarm(false), odd),
        Compared::Unknown => (Some(Alarm::Corrupt), BTreeSet::new()),
    };
    let twice = of.twice();
    let leader = of.leader();
    let most = members.iter().filter_map(Found::status).map(|it| it.raft_applied_index).max();
    let member = |found: &Found<'_>| {
        let Found { listed, .. } = found;
        let data = if twice.contains(&listed.id) {
            Data::Twice
        } else if odd.contains(&listed.id) {
            Data::Odd
        } else {
            Data::Own
        };
        SeenMember {
            id: MemberId(listed.id),
            name: listed.name.clone(),
            peer_urls: listed.peer_urls.clone(),
            client_urls: listed.client_urls.clone(),
            is_learner: listed.is_learner,
            life: of.life(found, most.unwrap_or_default()),
            data,
            leads: Some(listed.id) == leader,
            version: found.status().and_then(|status| EtcdVersion::parse(&status.version).ok()),
            has_wrong_clock: of.has_wrong_clock(found),
            has_free_space: matches!(alarm, Some(Alarm::Space(_)))
                && found.answer.is_some_and(|it| space(it) == Alarm::Space(Space::Compacted)),
        }
    };
    let is_announced =
        |status: &StatusResponse| status.downgrade_info.as_ref().is_some_and(|it| it.enabled);
    let statuses = || members.iter().filter_map(Found::status);
    let silent = members.iter().filter(|found| found.state != State::Up);
    let silent = silent.map(|found| (found.name(), found.state, found.why()));
    Ok(Planned {
        at: observed.now,
        file: None,
        cluster: id,
        silent: silent.collect(),
        versions: statuses().map(|status| status.version.clone()).collect(),
        seen: Seen {
            members: members.iter().map(member).collect(),
            alarm,
            is_announced: statuses().any(is_announced),
            lost: of.lost(recorded),
            done: Vec::new(),
        },
    })
}

/// A member that is in the list.
struct Found<'a> {
    listed: &'a Listed,
    /// What it answers as itself, wherever; else what came from where it is listed.
    answer: Option<&'a Answer>,
    state: State,
}

impl Found<'_> {
    fn status(&self) -> Option<&StatusResponse> {
        self.answer.filter(|_| self.state == State::Up)?.status.as_ref().ok()
    }

    fn name(&self) -> String {
        let first = || self.listed.peer_urls.first().cloned();
        let name = Some(&self.listed.name).filter(|name| !name.is_empty()).cloned();
        name.or_else(first).unwrap_or_else(|| format!("{:x}", self.listed.id))
    }

    /// Says why it does not answer.
    fn why(&self) -> Option<String> {
        self.answer?.status.as_ref().err().map(words)
    }
}

/// Holds what was seen, with what it is compared with.
struct Table<'a> {
    compiled: &'a Compiled<'a>,
    observed: &'a Observed,
    agreed: &'a Agreed,
    id: Option<u64>,
}

impl<'a> Table<'a> {
    /// Checks that all that answer are of one cluster, and most of its voters have one list.
    fn is_one_cluster(&self, program: &str) -> Result<(), Failure> {
        let cluster = |seen: &Answer| Some(seen.status.as_ref().ok()?.header?.cluster_id);
        let foreign = self.observed.seen.iter().find_map(|seen| {
            let other = cluster(seen).filter(|it| self.id.is_some_and(|id| id != *it))?;
            Some((seen, other))
        });
        if let Some((seen, other)) = foreign {
            let own = self.id.map(|id| format!("{id:x}")).unwrap_or_default();
            let name = &seen.target.name;
            let message = format!("{name} answers as a member of another cluster, {other:x}");
            let problem = Diagnostic::error(message);
            let is_all = self.observed.seen.iter().filter_map(cluster).all(|it| it == other);
            return failed(if is_all {
                problem
                    .note(format!("this program is of {own}, and all that answer are of the other, as after a restore"))
                    .help(format!("where that was recorded elsewhere: {BUILD_AGAIN}"))
                    .help(format!("where all members were restored from one snapshot: `{program} {DONE_RESTORED}`, then build"))
                    .help("else this is the program of another package: see what runs at those addresses")
            } else {
                problem
                    .note(format!("this program is of {own}, and so are others that answer"))
                    .help(format!("`{program} status` says which, and what helps"))
            });
        }
        if !self.agreed.is_known {
            let why = self.observed.seen.iter().filter_map(|seen| {
                let error = seen.status.as_ref().err()?;
                Some(format!("{}: {}", seen.target.name, words(error)))
            });
            let problem = Diagnostic::error("no member says who the members are");
            let problem = denied(why.fold(problem, Diagnostic::note));
            return failed(
                problem
                    .help(format!("`{program} status` says more"))
                    .help(by_record(program))
                    .help(format!("where all are down: start them; {}", last_way(program))),
            );
        }
        let voters = self.agreed.members.iter().filter(|member| !member.is_learner).count();
        if !self.agreed.others.is_empty() && self.agreed.agreeing < quorum(voters) {
            let message = format!(
                "{} has another list of members than others",
                self.agreed.others.join(", ")
            );
            return failed(
                Diagnostic::error(message)
                    .note(
                        "a member that was cut off has a former list; while members are added or \
                         removed, any may have one",
                    )
                    .help(format!(
                        "plan again; if it stays so, `{} doctor` on its node says why",
                        on_node(program, self.compiled.cluster)
                    )),
            );
        }
        Ok(())
    }

    /// Returns everyone in the list, with what it answers: as itself, wherever, or else where it is listed.
    fn members(&self) -> Vec<Found<'a>> {
        let seen = || self.observed.seen.iter();
        let found = self.agreed.members.iter().map(|listed| {
            let itself = seen().find(|seen| member_id(seen) == Some(listed.id));
            let there = || seen().find(|seen| is_at(seen, listed));
            let answer = itself.or_else(there);
            let state = match (itself, answer.map(|it| &it.status)) {
                (Some(_), _) => State::Up,
                _ if listed.client_urls.is_empty() => State::NeverRun,
                (None, Some(Err(error))) => of_error(error),
                (None, Some(Ok(_))) => State::Another,
                (None, None) => State::Unreachable,
            };
            Found { listed, answer, state }
        });
        found.collect()
    }

    /// Returns those whose ID answers where another one is listed, or at two places.
    fn twice(&self) -> BTreeSet<u64> {
        let (mut once, mut twice) = (BTreeSet::new(), BTreeSet::new());
        for seen in &self.observed.seen {
            let Some(id) = member_id(seen) else { continue };
            let mut listed = self.agreed.members.iter();
            let is_anothers = listed.any(|other| other.id != id && is_at(seen, other));
            if is_anothers || !once.insert(id) {
                twice.insert(id);
            }
        }
        twice
    }

    fn statuses(&self) -> impl Iterator<Item = &'a StatusResponse> {
        self.observed.seen.iter().filter_map(|seen| seen.status.as_ref().ok())
    }

    /// Returns the leader that a member of the latest term knows.
    fn leader(&self) -> Option<u64> {
        let latest = self.statuses().max_by_key(|status| (status.raft_term, status.leader))?;
        (latest.leader != 0).then_some(latest.leader)
    }

    fn life(&self, found: &Found<'_>, most: u64) -> Life {
        match (found.state, found.status()) {
            (State::NeverRun, _) => Life::New,
            (State::Down, _) => Life::Down,
            (State::Up, Some(status)) => {
                let applied = status.raft_applied_index;
                let lacks = most.saturating_sub(applied);
                // A learner has to have 90 % of the leader's log (`readyPercentThreshold` in etcd's `server.go`).
                let is_behind = lacks > BEHIND || (status.is_learner && applied < most / 10 * 9);
                // One that was cut off has a former list.
                let has_other_list = || {
                    let name = found.answer.map(|answer| &answer.target.name);
                    name.is_some_and(|name| self.agreed.others.contains(name))
                };
                if status.leader == 0 || is_behind || has_other_list() {
                    Life::Behind
                } else {
                    Life::Up
                }
            }
            _ => Life::Silent,
        }
    }

    /// Tells whether a certificate that is compiled for a member is not valid by its clock, not yet or no more. What
    /// has expired by this machine's clock, too, no clock puts right.
    fn has_wrong_clock(&self, found: &Found<'_>) -> bool {
        let Some(offset) = found.answer.and_then(|answer| answer.clock) else { return false };
        let (here, there) = (self.observed.now, self.observed.now + offset);
        let is_its = |it: &&Certificate| {
            it.kind != Kind::Client && belongs(self.compiled.cluster, it, &found.listed.name)
        };
        let is_over = |end: i64| end <= there && here < end;
        let mut its = self.compiled.certificates.iter().filter(is_its);
        its.any(|it| there < it.not_before || is_over(it.not_after))
    }

    /// Returns recorded members that are listed no more, and whose machines are silent or unreachable.
    fn lost(&self, recorded: &Running) -> BTreeSet<String> {
        let is_lost = |name: &&String| {
            let seen = self.observed.seen.iter().find(|seen| seen.target.name == **name);
            let error = seen.and_then(|seen| seen.status.as_ref().err());
            error.is_some_and(|error| matches!(of_error(error), State::Silent | State::Unreachable))
        };
        recorded.members.keys().filter(is_lost).cloned().collect()
    }

    /// Returns the worst alarm. Those of members that are no more have no reason, nor has a lack of space where
    /// every member has some again: each raises it for all. `are_alike` tells that no data is seen to differ.
    fn alarm(&self, are_alike: bool) -> Option<Alarm> {
        let listed = |id: u64| self.agreed.members.iter().any(|listed| listed.id == id);
        let space =
            || self.observed.seen.iter().filter(|seen| seen.status.is_ok()).map(space).min();
        let one = |(id, word): (Option<u64>, &str)| match (word, id) {
            (CORRUPT, _) if are_alike && is_over(self.observed, self.agreed, id) => Alarm::LeftOver,
            (CORRUPT, _) => Alarm::Corrupt,
            (_, Some(id)) if !listed(id) => Alarm::LeftOver,
            (NOSPACE, _) => space().unwrap_or(Alarm::Space(Space::Full)),
            _ => Alarm::Corrupt,
        };
        alarms(self.statuses()).into_iter().map(one).min()
    }
}

/// Refuses where one answers, but not to this client: a plan would say that it is silent.
fn is_understood(members: &[Found<'_>], program: &str) -> Result<(), Failure> {
    let refuses = |found: &&Found<'_>| {
        use State::{Failing, Refusing, Rejected, Untrusted};
        matches!(found.state, Untrusted | Rejected | Refusing | Failing)
    };
    let notes: Vec<String> = members
        .iter()
        .filter(refuses)
        .map(|found| format!("{}: {}", found.name(), found.why().unwrap_or_default()))
        .collect();
    if notes.is_empty() {
        return Ok(());
    }
    let problem = Diagnostic::error("members answer, but tell this client nothing");
    let problem = denied(notes.into_iter().fold(problem, Diagnostic::note));
    failed(
        problem.help(format!("`{program} status` says what each lacks")).help(by_record(program)),
    )
}

/// Adds to a problem what helps, where its notes say that etcd denies something.
fn denied(problem: Diagnostic) -> Diagnostic {
    match problem.notes.iter().find_map(|note| help(note)) {
        Some(help) => problem.help(help),
        None => problem,
    }
}

fn by_record(program: &str) -> String {
    format!("`{program} plan --offline` compares with what is recorded, and asks nobody")
}

fn failed(problem: Diagnostic) -> Result<(), Failure> {
    Err(Failure { problem, exit: Exit::Unknown })
}

/// Tells whether it came from where that member is listed.
fn is_at(seen: &Answer, listed: &Listed) -> bool {
    let is_its = |url: &Url| listed.client_urls.contains(&url.to_string());
    seen.target.client_urls.iter().any(is_its)
}

/// Tells how far the way out of a lack of space was gone, by what a member says of its database.
fn space(seen: &Answer) -> Alarm {
    let full = Alarm::Space(Space::Full);
    let Ok(status) = &seen.status else { return full };
    let metrics = seen.metrics.as_ref().ok().and_then(|metrics| metrics.quota);
    let quota = u64::try_from(status.db_size_quota).ok().filter(|quota| *quota > 0).or(metrics);
    let Some(quota) = quota else { return full };
    let is_below = |bytes: i64| u64::try_from(bytes).is_ok_and(|bytes| bytes < quota / 10 * 9);
    match (is_below(status.db_size), is_below(status.db_size_in_use)) {
        (true, _) => Alarm::LeftOver,
        (false, true) => Alarm::Space(Space::Compacted),
        (false, false) => full,
    }
}
