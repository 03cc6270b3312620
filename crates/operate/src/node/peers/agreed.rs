//! The list of members that most have of those who answer.

use super::ask::Answer;
use bouquet_etcd::peer::{Members, PeerMember};
use bouquet_model::quorum::quorum;
use bouquet_model::url::Url;
use std::collections::BTreeMap;

/// A list of members, as some of them have it.
pub(crate) struct Agreed<'a> {
    pub(crate) cluster_id: u64,
    pub(crate) list: &'a Members,
    /// How many of its voters have it.
    pub(crate) agreeing: usize,
}

impl Agreed<'_> {
    pub(crate) fn voters(&self) -> usize {
        self.list.members.iter().filter(|member| !member.is_learner).count()
    }

    /// A quorum of its voters has it: one that was cut off may have a former one.
    pub(crate) fn is_certain(&self) -> bool {
        self.agreeing >= quorum(self.voters())
    }
}

/// Returns the list that most of its own voters have.
pub(crate) fn agreed(answers: &[Answer]) -> Option<Agreed<'_>> {
    let mut lists: BTreeMap<(u64, Vec<Entry>), (&Members, usize)> = BTreeMap::new();
    for (answer, list) in heard(answers) {
        let is_it = |member: &&PeerMember| has_url(member, &answer.url);
        let is_voter = list.members.iter().find(is_it).is_some_and(|it| !it.is_learner);
        let (_, count) = lists.entry((list.cluster_id, entries(list))).or_insert((list, 0));
        *count += usize::from(is_voter);
    }
    let (list, agreeing) = lists.into_values().max_by_key(|(_, agreeing)| *agreeing)?;
    Some(Agreed { cluster_id: list.cluster_id, list, agreeing })
}

/// Those who answer, with what they say.
pub(crate) fn heard(answers: &[Answer]) -> impl Iterator<Item = (&Answer, &Members)> {
    answers.iter().filter_map(|answer| Some((answer, answer.members.as_ref().ok()?)))
}

type Entry = (u64, Vec<String>, bool);

/// What two lists have to have alike.
fn entries(list: &Members) -> Vec<Entry> {
    let mut all: Vec<Entry> = list
        .members
        .iter()
        .map(|it| {
            let mut urls = it.peer_urls.clone();
            urls.sort_unstable();
            (it.id, urls, it.is_learner)
        })
        .collect();
    all.sort_unstable();
    all
}

/// It is known by that URL.
pub(crate) fn has_url(member: &PeerMember, url: &Url) -> bool {
    member.peer_urls.iter().any(|it| Url::parse(it).is_ok_and(|it| it == *url))
}
