//! Who is a member: as compiled, as the members list it, and as it answers.

use super::observed::{Observed, Seen};
use bouquet_etcd::messages::cluster::Member as Listed;
use bouquet_etcd::{Error, Reach};
use bouquet_model::Cluster;
use bouquet_model::cluster::Member;
use bouquet_model::url::Url;
use std::collections::{BTreeMap, BTreeSet};

/// A member from all sides.
#[derive(Debug, Clone)]
pub(super) struct Known<'a> {
    pub(super) name: String,
    /// As it is compiled; `None` for one that is not.
    pub(super) compiled: Option<&'a Member>,
    /// As the members list it.
    pub(super) listed: Option<Listed>,
    /// As it answers; `None` for one that nobody knows how to ask.
    pub(super) seen: Option<&'a Seen>,
    pub(super) state: State,
}

/// Says what a member does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// It answers, as a member of this cluster.
    Up,
    /// It takes connections or packets, but gives no answer.
    Silent,
    /// Its machine is there, and nobody listens.
    Down,
    /// There is no way to it.
    Unreachable,
    /// It shows a certificate that is not to be trusted.
    Untrusted,
    /// It does not trust the client that asks.
    Rejected,
    /// It is a member of another cluster.
    Foreign,
    /// It answers as another member of this cluster.
    Another,
    /// It answers, and tells this client nothing.
    Refusing,
    /// It answers, but not as etcd does, or ends in the middle.
    Failing,
    /// It is compiled, and no member lists it.
    Missing,
    /// It is listed, and has never run.
    NeverRun,
}

impl State {
    pub(crate) const ALL: [Self; 12] = [
        Self::Up,
        Self::Silent,
        Self::Down,
        Self::Unreachable,
        Self::Untrusted,
        Self::Rejected,
        Self::Foreign,
        Self::Another,
        Self::Refusing,
        Self::Failing,
        Self::Missing,
        Self::NeverRun,
    ];

    /// Returns the word for it in tables and JSON.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Silent => "silent",
            Self::Down => "down",
            Self::Unreachable => "unreachable",
            Self::Untrusted => "untrusted",
            Self::Rejected => "rejected",
            Self::Foreign => "foreign",
            Self::Another => "another member",
            Self::Refusing => "refuses",
            Self::Failing => "failing",
            Self::Missing => "missing",
            Self::NeverRun => "never run",
        }
    }

    /// Returns the state that a word stands for.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// The list of members that most of those have who answer, and who has another one.
#[derive(Debug, Clone, Default)]
pub(super) struct Agreed {
    pub(super) members: Vec<Listed>,
    /// Who lists others, by name.
    pub(super) others: Vec<String>,
    /// How many have this list.
    pub(super) agreeing: usize,
    /// There is a list.
    pub(super) is_known: bool,
}

/// Returns the list of most of those who answer as members of the cluster; of as many, that with the latest
/// term.
pub(super) fn agreed(observed: &Observed, id: Option<u64>) -> Agreed {
    let mut lists: BTreeMap<Vec<Entry>, Vec<&Seen>> = BTreeMap::new();
    for seen in &observed.seen {
        let Ok(list) = &seen.list else { continue };
        let cluster = list.header.map(|header| header.cluster_id);
        if id.is_none() || cluster == id {
            lists.entry(entries(&list.members)).or_default().push(seen);
        }
    }
    let term = |seen: &&Seen| seen.status.as_ref().map_or(0, |status| status.raft_term);
    let weight = |of: &[&Seen]| (of.len(), of.iter().map(term).max().unwrap_or_default());
    let most = lists.iter().max_by_key(|(_, of)| weight(of));
    let Some((most, of)) = most else { return Agreed::default() };
    let members = of.first().and_then(|seen| seen.list.as_ref().ok());
    let others = lists.iter().filter(|(list, _)| *list != most);
    let others = others.flat_map(|(_, of)| of).map(|seen| seen.target.name.clone()).collect();
    Agreed {
        members: members.map(|list| list.members.clone()).unwrap_or_default(),
        others,
        agreeing: of.len(),
        is_known: true,
    }
}

type Entry = (u64, String, Vec<String>, Vec<String>, bool);

/// Returns a list in one order, so that two with the same content are equal.
fn entries(members: &[Listed]) -> Vec<Entry> {
    let sorted = |urls: &[String]| {
        let mut urls = urls.to_vec();
        urls.sort();
        urls
    };
    let entry = |m: &Listed| {
        (m.id, m.name.clone(), sorted(&m.peer_urls), sorted(&m.client_urls), m.is_learner)
    };
    let mut entries: Vec<_> = members.iter().map(entry).collect();
    entries.sort();
    entries
}

/// Returns every member: those that are compiled in their order, then the others that are listed.
pub(super) fn known<'a>(
    cluster: &'a Cluster,
    observed: &'a Observed,
    agreed: &Agreed,
    id: Option<u64>,
) -> Vec<Known<'a>> {
    let mut free: Vec<&Listed> = agreed.members.iter().collect();
    let mut all: Vec<Known<'a>> = Vec::new();
    let answers = |seen: &Seen, listed: &Listed| member_id(seen) == Some(listed.id);
    for member in cluster.members.iter() {
        // Where it has no answer at the compiled URL, it may have one at that by which it is listed.
        // There it may have another name, too.
        let has_name = |seen: &Seen, name: &str| seen.target.name == name;
        let is_elsewhere = |seen: &Seen| {
            member.id.is_some_and(|id| member_id(seen) == Some(id.0))
                && !cluster.members.iter().any(|other| has_name(seen, other.name.as_str()))
        };
        let asked = observed.seen.iter();
        let asked = asked.filter(|seen| has_name(seen, member.name.as_str()) || is_elsewhere(seen));
        let seen = asked.min_by_key(|seen| seen.status.is_err());
        // By its ID, by its own word, by its peer URL, by its name.
        let by: [&dyn Fn(&Listed) -> bool; 4] = [
            &|listed| member.id.is_some_and(|id| id.0 == listed.id),
            &|listed| seen.is_some_and(|seen| answers(seen, listed)),
            &|listed| {
                let urls = &member.initial_advertise_peer_urls;
                urls.iter().any(|url| listed.peer_urls.contains(&url.to_string()))
            },
            &|listed| listed.name == *member.name.as_str(),
        ];
        let place = by.iter().find_map(|by| free.iter().position(|listed| by(listed)));
        let listed = place.map(|place| free.remove(place).clone());
        let state = state(seen, listed.as_ref(), agreed, id);
        all.push(Known {
            name: member.name.to_string(),
            compiled: Some(member),
            listed,
            seen,
            state,
        });
    }
    for listed in free {
        let seen = observed.seen.iter().find(|seen| {
            answers(seen, listed) || (!listed.name.is_empty() && seen.target.name == listed.name)
        });
        let name = match (listed.name.as_str(), listed.peer_urls.first()) {
            ("", Some(url)) => url.clone(),
            ("", None) => format!("{:x}", listed.id),
            (name, _) => name.to_owned(),
        };
        let state = state(seen, Some(listed), agreed, id);
        all.push(Known { name, compiled: None, listed: Some(listed.clone()), seen, state });
    }
    all
}

/// Returns the cluster's ID that most say, if none is compiled.
pub(super) fn most_said(observed: &Observed) -> Option<u64> {
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

/// Returns the leader that a member of the latest term knows.
pub(super) fn leader(members: &[Known<'_>]) -> Option<u64> {
    let up = members.iter().filter(|member| member.state == State::Up);
    let statuses = up.filter_map(|member| member.seen?.status.as_ref().ok());
    let latest = statuses.max_by_key(|status| (status.raft_term, status.leader))?;
    (latest.leader != 0).then_some(latest.leader)
}

/// A member that has applied so many entries less than another one is behind: it may be cut off from the leader, and
/// still be counted as up. etcd keeps as many entries for a follower that is slow (`DefaultSnapshotCatchUpEntries` in
/// `server/etcdserver/server.go`).
pub(crate) const BEHIND: u64 = 5000;

/// Returns the ID that a member gives itself.
pub(super) fn member_id(seen: &Seen) -> Option<u64> {
    Some(seen.status.as_ref().ok()?.header?.member_id)
}

fn state(seen: Option<&Seen>, listed: Option<&Listed>, agreed: &Agreed, id: Option<u64>) -> State {
    let answer = match seen.map(|seen| &seen.status) {
        Some(Ok(status)) => {
            let header = status.header.as_ref();
            let is_other =
                |listed: &Listed| header.map(|header| header.member_id) != Some(listed.id);
            return if id.is_some() && header.map(|header| header.cluster_id) != id {
                State::Foreign
            } else if listed.is_some_and(is_other) {
                State::Another
            } else {
                State::Up
            };
        }
        Some(Err(error)) => of_error(error),
        None => State::Unreachable,
    };
    match listed {
        None if agreed.is_known => State::Missing,
        Some(listed) if listed.client_urls.is_empty() => State::NeverRun,
        _ => answer,
    }
}

/// Tells whether URLs of a list are those that are compiled, in any order.
pub(super) fn are_same(listed: &[String], compiled: &[Url]) -> bool {
    let listed: BTreeSet<&str> = listed.iter().map(String::as_str).collect();
    let compiled: BTreeSet<String> = compiled.iter().map(ToString::to_string).collect();
    listed.iter().copied().eq(compiled.iter().map(String::as_str))
}

/// Says why there is no answer. Nothing is changed by looking: that the outcome is not known is no matter.
pub(super) fn words(error: &Error) -> String {
    match error {
        Error::Unknown(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Returns the state of a member that does not answer.
pub(super) fn of_error(error: &Error) -> State {
    match error {
        Error::Unreachable(reach) => match reach {
            Reach::NoListener => State::Down,
            Reach::Silent => State::Silent,
            Reach::Untrusted(_) => State::Untrusted,
            Reach::Rejected(_) => State::Rejected,
            Reach::NoAddress(_) | Reach::NoRoute(_) | Reach::Local(_) => State::Unreachable,
            Reach::NotTls | Reach::Other(_) => State::Failing,
        },
        Error::Unknown(_) if error.is_late() => State::Silent,
        Error::Refused(_) | Error::NoLogin(_) => State::Refusing,
        Error::Unknown(_) | Error::NotNow(_) | Error::NotEtcd(_) => State::Failing,
    }
}
