//! Who is who: those that were seen, by the names of those that were recorded and are compiled.

use super::meeting::Meeting;
use super::seen::SeenMember;
use super::state::Seat;
use super::withheld::Withheld;
use super::work::Work;
use crate::cluster::MemberId;
use crate::running::RunningMember;
use std::collections::{BTreeMap, BTreeSet};

/// Names what tells who a member is.
#[derive(Clone, Copy)]
enum By {
    Id,
    Place,
    /// The place that a name is to have.
    NewPlace,
    Name,
}

impl Meeting<'_> {
    /// Returns who is who: by IDs, else by peer URLs, else by names. One that was recorded has the name of then, a new one
    /// that which it is to have.
    pub(super) fn names(&self, work: &Work) -> BTreeMap<MemberId, String> {
        let mut names: BTreeMap<MemberId, String> = BTreeMap::new();
        let is_new = |name: &String| {
            !self.before.members.contains_key(work.old_name(name)) || work.joins.contains(name)
        };
        let known = |way: By| {
            // One that is half in, and has no recorded place, may be the new one of a name that was there before.
            let is_any = matches!(way, By::NewPlace);
            let before = self.before.members.iter().filter(move |_| !is_any);
            let after = self.after.members.iter().filter(move |(name, _)| is_any || is_new(name));
            before.chain(after)
        };
        let is_by = |way: By, name: &String, is: &RunningMember, it: &SeenMember| {
            let is_there = || Seat::of(is).peers == it.peers();
            match way {
                By::Id => self.ids.get(name) == Some(&it.id),
                By::Place => is_there() && self.may_be(work, name, it),
                By::NewPlace => it.is_half_in() && is_there(),
                By::Name => {
                    *name == it.name
                        && (!self.has_other_id(name, it) || self.is_to_be_there(work, name, it))
                }
            }
        };
        for way in [By::Id, By::Place, By::NewPlace, By::Name] {
            for member in &self.seen.members {
                let is_free = |name: &String| !names.values().any(|taken| taken == name);
                let found =
                    known(way).find(|(name, is)| is_free(name) && is_by(way, name, is, member));
                if let Some((name, _)) = found.filter(|_| !names.contains_key(&member.id)) {
                    names.insert(member.id, name.clone());
                }
            }
        }
        // A new member in the place of one that had another name has the new one from the beginning.
        for member in self.seen.members.iter().filter(|member| member.is_half_in()) {
            if let Some(name) = names.get_mut(&member.id) {
                *name = work.new_name(name);
            }
        }
        names
    }

    /// Tells whether a member that is in the place of a name may be that one, or one that has replaced it: a voter with
    /// another ID and another name is of a definition that is not known here.
    fn may_be(&self, work: &Work, name: &str, it: &SeenMember) -> bool {
        let has_name = || it.name == name || it.name == work.new_name(name);
        it.is_half_in() || !self.has_other_id(name, it) || has_name()
    }

    /// Tells whether another ID is recorded of a name.
    fn has_other_id(&self, name: &str, it: &SeenMember) -> bool {
        self.ids.get(name).is_some_and(|id| *id != it.id)
    }

    /// Tells whether a member is where the one of that name is to be.
    fn is_to_be_there(&self, work: &Work, name: &str, it: &SeenMember) -> bool {
        let is = self.after.members.get(&work.new_name(name));
        is.is_some_and(|is| Seat::of(is).peers == it.peers())
    }

    /// Tells whether a member has come in the place of the one that was recorded by that name; `None` where that is not
    /// known.
    pub(super) fn has_come_since(&self, name: &str, member: &SeenMember) -> Option<bool> {
        match self.ids.get(name) {
            Some(id) => Some(*id != member.id),
            // One that was recorded has a vote.
            None if member.is_learner && self.before.members.contains_key(name) => Some(true),
            None => None,
        }
    }

    /// Returns those that have come in the places of others since these were recorded, and their IDs.
    pub(super) fn new_ids(&self, names: &BTreeMap<MemberId, String>) -> BTreeMap<String, MemberId> {
        self.newcomers(names).map(|(name, member)| (name.clone(), member.id)).collect()
    }

    /// Returns those of them that have a vote, by the names of after.
    pub(super) fn replaced(
        &self,
        names: &BTreeMap<MemberId, String>,
        work: &Work,
    ) -> BTreeSet<String> {
        let voters = self.newcomers(names).filter(|(_, member)| !member.is_learner);
        voters.map(|(name, _)| work.new_name(name)).collect()
    }

    fn newcomers<'b>(
        &'b self,
        names: &'b BTreeMap<MemberId, String>,
    ) -> impl Iterator<Item = (&'b String, &'b SeenMember)> {
        let known = self.seen.members.iter().filter_map(|it| Some((names.get(&it.id)?, it)));
        known.filter(|(name, member)| self.has_come_since(name, member) == Some(true))
    }

    /// Withholds all steps: a voter is known to others alone.
    pub(super) fn unknown(&self, member: &SeenMember) -> Withheld {
        let SeenMember { id, name, peer_urls, .. } = member;
        let (urls, program) = (peer_urls.join(","), self.program);
        let recorded = self.ids.get(name).zip(self.before.members.get(name));
        if let Some((other, was)) = recorded {
            return Withheld {
                why: format!(
                    "{name} is {id} at {urls}, and cluster.lock has it as {other} at {}: another definition may be newer \
                     than this one",
                    Seat::of(was).peers.join(",")
                ),
                way: "fetch what others have changed, or write in cluster.toml where it is; then build, and plan again"
                    .to_owned(),
            };
        }
        Withheld {
            why: format!(
                "{name} ({id} at {urls}) is a member, and neither compiled nor recorded in cluster.lock: another \
                 definition may be newer than this one",
            ),
            way: format!(
                "fetch what others have changed, build, and plan again; if it is not to be a member: \
                 `{program} etcdctl -- member remove {id}`"
            ),
        }
    }
}
