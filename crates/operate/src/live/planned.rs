//! What was seen of a cluster, as a plan begins with it.

use super::alarms::{CORRUPT, NOSPACE, alarms};
use super::members::{
    Agreed, BEHIND, Known, State, agreed, known, leader, member_id, most_said, words,
};
use super::observed::Observed;
use super::sides::{Sides, sides};
use crate::compiled::Compiled;
use crate::exit::Exit;
use crate::failure::Failure;
use bouquet_model::cluster::MemberId;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::plan::next::{Alarm, Data, Life, Space};
use bouquet_model::plan::{Seen, SeenMember};
use bouquet_model::version::EtcdVersion;
use std::collections::{BTreeMap, BTreeSet};

/// What was seen, and who of those in the list does not answer as a member, with the reason.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) seen: Seen,
    pub(crate) silent: Vec<(String, State, Option<String>)>,
    /// The versions of etcd that run.
    pub(crate) versions: BTreeSet<String>,
}

/// Returns what a plan begins with.
///
/// # Errors
/// If nobody answers, if members are of another cluster, or if they do not agree who the members are.
pub(crate) fn planned(
    compiled: &Compiled<'_>,
    observed: &Observed,
    program: &str,
) -> Result<Planned, Failure> {
    let id = compiled.cluster.id.map(|id| id.0).or_else(|| most_said(observed));
    let agreed = agreed(observed, id);
    let members = known(compiled.cluster, observed, &agreed, id);
    of_one_cluster(compiled, &agreed, &members, program)?;
    let (leader, alarm) = (leader(&members), alarm(&members));
    let odd = odd(&members, observed);
    let alarm = match (alarm, &odd) {
        // Nobody knows which of them is right.
        (_, None) => Some(Alarm::Corrupt),
        (alarm, Some(_)) => alarm,
    };
    let odd = odd.unwrap_or_default();
    let twice = twice(observed);
    let most = applied(&members).max().unwrap_or_default();
    let listed = members.iter().filter_map(|member| {
        let listed = member.listed.as_ref()?;
        let data = if twice.contains(&listed.id) {
            Data::Twice
        } else if odd.contains(&listed.id) {
            Data::Odd
        } else {
            Data::Own
        };
        let status = member.seen.and_then(|seen| seen.status.as_ref().ok());
        Some(SeenMember {
            id: MemberId(listed.id),
            name: listed.name.clone(),
            peer_urls: listed.peer_urls.clone(),
            client_urls: listed.client_urls.clone(),
            is_learner: listed.is_learner,
            life: life(member, most),
            data,
            leads: Some(listed.id) == leader,
            version: status.and_then(|status| EtcdVersion::parse(&status.version).ok()),
            has_free_space: space(member) == Alarm::Space(Space::Compacted),
        })
    });
    let is_silent = |member: &&Known<'_>| member.listed.is_some() && member.state != State::Up;
    let silent = members.iter().filter(is_silent).map(|member| {
        let error = member.seen.and_then(|seen| seen.status.as_ref().err());
        (member.name.clone(), member.state, error.map(words))
    });
    let versions = members.iter().filter(|member| member.state == State::Up);
    let versions = versions.filter_map(|member| member.seen?.status.as_ref().ok());
    Ok(Planned {
        seen: Seen { members: listed.collect(), alarm },
        silent: silent.collect(),
        versions: versions.map(|status| status.version.clone()).collect(),
    })
}

/// All that answer are of the compiled cluster, and have one list.
fn of_one_cluster(
    compiled: &Compiled<'_>,
    agreed: &Agreed,
    members: &[Known<'_>],
    program: &str,
) -> Result<(), Failure> {
    let failed = |problem| Err(Failure { problem, exit: Exit::Unknown });
    let cluster = |member: &Known<'_>| {
        let status = member.seen?.status.as_ref().ok()?;
        (member.state == State::Foreign).then(|| status.header.map_or(0, |it| it.cluster_id))
    };
    if let Some((member, other)) = members.iter().find_map(|it| Some((it, cluster(it)?))) {
        let own = compiled.cluster.id.map(|id| format!("{id}")).unwrap_or_default();
        let message = format!("{} answers as a member of another cluster, {other:x}", member.name);
        return failed(
            Diagnostic::error(message)
                .note(format!("this program is of {own}: it may be of another package, or older than a restore"))
                .help("fetch what others have changed, and build; or see what runs at that address"),
        );
    }
    if !agreed.is_known {
        let why = members.iter().filter_map(|member| {
            let error = member.seen?.status.as_ref().err()?;
            Some(format!("{}: {}", member.name, words(error)))
        });
        let problem = Diagnostic::error("no member says who the members are");
        let problem = why.fold(problem, Diagnostic::note);
        return failed(problem.help(format!("`{program} status` says more")).help(format!(
            "`{program} plan --offline` compares with what is recorded, and asks nobody"
        )));
    }
    if !agreed.others.is_empty() {
        let message = format!("{} has another list of members than most", agreed.others.join(", "));
        return failed(
            Diagnostic::error(message)
                .note("one that was cut off has a former one; while members come or go, so may any")
                .help("plan again; where it stays so, `bouquet doctor` on its node says why"),
        );
    }
    Ok(())
}

fn life(member: &Known<'_>, most: u64) -> Life {
    match member.state {
        State::NeverRun => Life::New,
        State::Down => Life::Down,
        State::Up => {
            let status = member.seen.and_then(|seen| seen.status.as_ref().ok());
            status.map_or(Life::Silent, |status| {
                let applied = status.raft_applied_index;
                let lacks = most.saturating_sub(applied);
                // A learner has to have 90 % of the leader's log (`readyPercentThreshold` in etcd's `server.go`).
                let is_behind = lacks > BEHIND || (status.is_learner && applied < most / 10 * 9);
                if status.leader == 0 || is_behind { Life::Behind } else { Life::Up }
            })
        }
        State::Silent
        | State::Unreachable
        | State::Untrusted
        | State::Rejected
        | State::Foreign
        | State::Another
        | State::Refusing
        | State::Failing
        | State::Missing => Life::Silent,
    }
}

fn applied(members: &[Known<'_>]) -> impl Iterator<Item = u64> {
    let up = members.iter().filter(|member| member.state == State::Up);
    up.filter_map(|member| Some(member.seen?.status.as_ref().ok()?.raft_applied_index))
}

/// Members that answer at two places.
fn twice(observed: &Observed) -> BTreeSet<u64> {
    let mut places: BTreeMap<u64, usize> = BTreeMap::new();
    for id in observed.seen.iter().filter_map(member_id) {
        *places.entry(id).or_default() += 1;
    }
    places.into_iter().filter(|(_, places)| *places > 1).map(|(id, _)| id).collect()
}

/// The worst alarm. Those of members that are no more have no reason, nor have those of a database for which there
/// is space again.
fn alarm(members: &[Known<'_>]) -> Option<Alarm> {
    let listed = |id: u64| members.iter().find(|m| m.listed.as_ref().is_some_and(|m| m.id == id));
    let one = |(id, word): (Option<u64>, &str)| match (word, id.map(listed)) {
        (_, Some(None)) => Alarm::LeftOver,
        (NOSPACE, Some(Some(member))) => space(member),
        (NOSPACE, None) => Alarm::Space(Space::Full),
        _ => Alarm::Corrupt,
    };
    alarms(members).into_iter().map(one).min()
}

/// How far the way out of a lack of space was gone, by what a member says of its database.
fn space(member: &Known<'_>) -> Alarm {
    let full = Alarm::Space(Space::Full);
    let Some(seen) = member.seen else { return full };
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

/// Those whose data differs from most others', as etcd says or as their revisions show; `None` where it is not to be
/// seen which are right.
fn odd(members: &[Known<'_>], observed: &Observed) -> Option<BTreeSet<u64>> {
    let corrupt = alarms(members).into_iter().filter(|(_, word)| *word == CORRUPT);
    let mut odd: BTreeSet<u64> = corrupt.filter_map(|(id, _)| id).collect();
    let Sides::Several(sides) = sides(observed) else { return Some(odd) };
    let most = sides.iter().map(Vec::len).max().unwrap_or_default();
    if sides.iter().filter(|side| side.len() == most).count() > 1 {
        return None;
    }
    let by_name = |name: &&str| observed.seen.iter().find(|seen| seen.target.name == **name);
    let fewer = sides.iter().filter(|side| side.len() < most).flatten();
    odd.extend(fewer.filter_map(by_name).filter_map(member_id));
    Some(odd)
}
