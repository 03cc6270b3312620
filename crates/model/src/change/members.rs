//! Who is in the cluster: added, removed, renamed, at another address.

use super::class::Class;
use super::pairs::{Named, Pair, Pairs, pairs};
use super::token;
use super::what::{Change, Subject, What};
use super::{member, trust};
use crate::quorum::quorum as quorum_of;
use crate::running::{Running, RunningMember};
use std::collections::BTreeMap;

/// Returns the changes of the cluster as a whole, and of each member.
pub(super) fn changes(before: &Running, after: &Running) -> Vec<Change> {
    let all = pairs(before, after);
    let mut changes = Vec::new();
    changes.extend(all.added.iter().map(|member| {
        let class = match is_founder(member) {
            // Where nothing runs, there is no cluster that could be asked.
            _ if before.members.is_empty() => Class::Free,
            // It is in the list of those that run, and has to be started.
            true => Class::Copy,
            false => Class::AskEtcd,
        };
        change(member.0, What::Added, class)
    }));
    changes.extend(all.removed.iter().map(|(name, _)| change(name, What::Removed, Class::AskEtcd)));
    for pair in &all.kept {
        changes.extend(name_or_address(pair, &all.kept));
        changes.extend(member::changes(pair, before, after));
        changes.extend(trust::of_member(pair.is.0, pair.was.1, pair.is.1));
    }
    changes.extend(quorum(&all));
    changes.extend(several(&all).filter(|_| !before.members.is_empty()));
    changes.extend(token::changes(&all));
    changes
}

/// Tells whether a member takes part in the bootstrap: etcd knows it then.
fn is_founder((_, member): &Named<'_>) -> bool {
    member.option("initial-cluster-state") == Some("new")
}

/// Returns the change of a member's name or address.
fn name_or_address(pair: &Pair<'_>, kept: &[Pair<'_>]) -> Option<Change> {
    let (was, is) = (pair.was.0, pair.is.0);
    if !pair.keeps_its_name() {
        let is_turned = |other: &&Pair<'_>| other.was.0 == is && other.is.0 == was;
        return match kept.iter().find(is_turned) {
            // Told once, of the first of the two.
            Some(_) if is < was => None,
            Some(_) => Some(change(was, What::Swapped { with: is.clone() }, Class::Refused)),
            None => Some(change(was, What::Renamed { to: is.clone() }, Class::Refused)),
        };
    }
    pair.is_readdressed().then(|| {
        let what = What::Moved { from: urls(pair.was.1), to: urls(pair.is.1) };
        change(was, what, Class::AskEtcd)
    })
}

/// Returns the loss of the quorum, if those that do not stay were to come up empty, or not at all. Members
/// that are renamed or have exchanged their addresses are refused by themselves.
fn quorum(all: &Pairs<'_>) -> Option<Change> {
    let running = all.kept.len() + all.removed.len();
    let stays = |pair: &&Pair<'_>| pair.keeps_its_name() && pair.keeps_an_address();
    let stay = all.kept.iter().filter(stays).count();
    let removed: Vec<String> = all.removed.iter().map(|(name, _)| (*name).clone()).collect();
    let is_elsewhere = |pair: &&Pair<'_>| pair.keeps_its_name() && !pair.keeps_an_address();
    let moved = all.kept.iter().filter(is_elsewhere);
    let moved: BTreeMap<_, _> = moved.map(|pair| (pair.is.0.clone(), urls(pair.is.1))).collect();
    let is_enough = running == 0 || stay >= quorum_of(running);
    if is_enough || (removed.is_empty() && moved.is_empty()) {
        return None;
    }
    let what = What::Quorum { running, stay, removed, moved };
    Some(Change { subject: Subject::Cluster, what, class: Class::Refused })
}

/// Returns the change that etcd has to be told of, where there are several, which are made one after another; `None`
/// where there is at most one.
fn several(all: &Pairs<'_>) -> Option<Change> {
    let joins = all.added.iter().filter(|member| !is_founder(member));
    let added: Vec<String> = joins.map(|(name, _)| (*name).clone()).collect();
    let removed: Vec<String> = all.removed.iter().map(|(name, _)| (*name).clone()).collect();
    let is_moved = |pair: &&Pair<'_>| pair.keeps_its_name() && pair.is_readdressed();
    let moved = all.kept.iter().filter(is_moved).map(|pair| pair.is.0.clone());
    let moved: Vec<String> = moved.collect();
    (added.len() + removed.len() + moved.len() > 1).then_some(Change {
        subject: Subject::Cluster,
        what: What::Several { added, removed, moved },
        class: Class::AskEtcd,
    })
}

fn urls(member: &RunningMember) -> Vec<String> {
    member.peer_urls().into_iter().map(str::to_owned).collect()
}

fn change(name: &str, what: What, class: Class) -> Change {
    Change { subject: Subject::Member(name.to_owned()), what, class }
}
