//! The list of members that most have of those who answer.

use super::ask::Answer;
use bouquet_etcd::peer::{Members, PeerMember};
use bouquet_model::quorum::quorum;
use bouquet_model::url::Url;
use std::collections::{BTreeMap, BTreeSet};

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

    /// Tells whether a member with that ID is in it.
    pub(crate) fn lists(&self, id: u64) -> bool {
        self.list.members.iter().any(|member| member.id == id)
    }

    /// Tells whether a quorum of its voters has it: one that was cut off may have a former one.
    pub(crate) fn is_certain(&self) -> bool {
        self.agreeing >= quorum(self.voters())
    }
}

/// Returns the list that most of its own voters have.
pub(crate) fn agreed(answers: &[Answer]) -> Option<Agreed<'_>> {
    let mut lists: BTreeMap<(u64, Vec<Entry>), Voices<'_>> = BTreeMap::new();
    for (answer, list) in heard(answers) {
        let key = (list.cluster_id, entries(list));
        let (_, voters) = lists.entry(key).or_insert((list, BTreeSet::new()));
        voters.extend(speaker(answer, list).filter(|it| !it.is_learner).map(|it| it.id));
    }
    let (list, voters) = lists.into_values().max_by_key(|(_, voters)| voters.len())?;
    Some(Agreed { cluster_id: list.cluster_id, list, agreeing: voters.len() })
}

/// Returns the first answer of each member that answers: one may do so at several URLs.
pub(crate) fn answering(answers: &[Answer]) -> Vec<(&Answer, &Members)> {
    let mut known = BTreeSet::new();
    let is_first = |(answer, list): &(&Answer, &Members)| {
        let id = speaker(answer, list).map(|member| member.id);
        known.insert(id.ok_or_else(|| answer.name.clone()))
    };
    heard(answers).filter(is_first).collect()
}

/// Returns the member that answers, in the list that it has.
fn speaker<'a>(answer: &Answer, list: &'a Members) -> Option<&'a PeerMember> {
    list.members.iter().find(|member| has_url(member, &answer.url))
}

/// Returns those who answer, with what they say.
pub(crate) fn heard(answers: &[Answer]) -> impl Iterator<Item = (&Answer, &Members)> {
    answers.iter().filter_map(|answer| Some((answer, answer.members.as_ref().ok()?)))
}

/// A list, and the voters that have it.
type Voices<'a> = (&'a Members, BTreeSet<u64>);

type Entry = (u64, Vec<String>, bool);

/// Returns what two lists have to have alike.
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

/// Tells whether it is known by that URL.
pub(crate) fn has_url(member: &PeerMember, url: &Url) -> bool {
    member.peer_urls.iter().any(|it| Url::parse(it).is_ok_and(|it| it == *url))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the answers of a member of three that answers at two of its URLs.
    fn twice() -> Vec<Answer> {
        let urls = |first: u16| [first, first + 1].map(|port| format!("https://10.0.0.1:{port}"));
        let member = |(id, name): (u64, &str)| PeerMember {
            id,
            name: name.to_owned(),
            peer_urls: urls(u16::try_from(id).expect("a port") * 10).to_vec(),
            client_urls: Vec::new(),
            is_learner: false,
        };
        let members = [(1, "one"), (2, "two"), (3, "three")].map(member).to_vec();
        let answer = |url: String| Answer {
            name: "two".to_owned(),
            url: Url::parse(&url).expect("a URL"),
            members: Ok(Members { cluster_id: 7, members: members.clone() }),
        };
        urls(20).map(answer).to_vec()
    }

    #[test]
    fn one_that_answers_at_two_of_its_urls_is_one() {
        let mut answers = twice();
        assert_eq!(answering(&answers).len(), 1);
        let certain = agreed(&answers).expect("a list");
        assert_eq!((certain.agreeing, certain.is_certain()), (1, false));
        answers[1].url = Url::parse("https://10.0.0.1:30").expect("a URL");
        assert_eq!(answering(&answers).len(), 2);
        assert!(agreed(&answers).expect("a list").is_certain());
    }
}
