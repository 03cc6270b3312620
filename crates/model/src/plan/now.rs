//! The cluster that a plan begins with: as it was recorded, or as it was seen.
//!
//! What was seen decides what is still to be done: a plan that was left halfway goes on where it was left.

use super::next::{Alarm, Life, Seat as Vote};
use super::seen::{Seen, SeenMember};
use super::state::{Listed, Seat, State};
use super::withheld::Withheld;
use super::work::Work;
use crate::cluster::MemberId;
use crate::running::Running;
use crate::version::{EtcdVersion, Minor};
use std::collections::{BTreeMap, BTreeSet};

/// The cluster that a plan begins with.
#[derive(Debug, Clone, Default)]
pub(super) struct Now {
    pub(super) state: State,
    pub(super) alarm: Option<Alarm>,
    /// Members were asked: who leads is known, and who is up.
    pub(super) is_seen: bool,
    /// Steps may stop all writes for a while.
    pub(super) accepts_downtime: bool,
    /// A member runs the minor already that etcd is to be told of.
    pub(super) is_announced: bool,
    /// Members whose databases hold space that they have no use for.
    pub(super) bloated: BTreeSet<String>,
    /// Those that nobody recorded or compiled, by the names that the list has.
    pub(super) strays: BTreeSet<String>,
    /// Those that have left, and may still be on their machines.
    pub(super) departed: BTreeSet<String>,
}

/// What an operator asks of a plan for a cluster that was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Members that new ones are to take the places of, by their names in the record.
    pub replaced: BTreeSet<String>,
    /// Whether steps may stop all writes for a while.
    pub accepts_downtime: bool,
}

impl Now {
    /// As it was recorded: all run.
    pub(super) fn recorded(before: &Running, after: &Running, work: &Work) -> Self {
        let mut state = State::of(before);
        for name in &work.founders {
            if let Some(member) = after.members.get(name) {
                state.waits(name, Seat::of(member));
            }
        }
        Self { state, accepts_downtime: true, ..Self::default() }
    }

    /// As it was seen, and of the work what is left.
    ///
    /// # Errors
    ///
    /// If a voter is neither recorded nor compiled: it may be what another definition has.
    pub(super) fn seen(
        work: Work,
        (before, after): (&Running, &Running),
        (ids, program): (&BTreeMap<String, MemberId>, &str),
        (seen, wishes): (&Seen, &Wishes),
    ) -> Result<(Self, Work), Withheld> {
        let of = Meeting { before, after, ids };
        let mut work = work;
        let runs = |minor: Minor| {
            seen.members.iter().any(|it| it.version.is_some_and(|it| it.minor() == minor))
        };
        let mut now = Self {
            alarm: seen.alarm,
            is_announced: work.announced.is_some_and(|to| runs(to.minor())),
            is_seen: true,
            accepts_downtime: wishes.accepts_downtime,
            ..Self::default()
        };
        for member in &seen.members {
            let name = of.name(&work, member).filter(|name| now.state.get(name).is_none());
            let name = match name {
                Some(name) => name.clone(),
                None if is_half_in(member) => {
                    let name = stray(member);
                    now.strays.insert(name.clone());
                    name
                }
                None => return Err(unknown(member, program)),
            };
            now.state.is_seen(&name, of.listed(&work, &name, member));
            if member.has_free_space {
                now.bloated.insert(name.clone());
            }
            of.meets(&mut work, &name, member, wishes);
        }
        let is_there = |name: &str| now.state.get(name).is_some();
        for name in before.members.keys() {
            let new = work.new_name(name);
            match (is_there(name), after.members.contains_key(&new)) {
                (true, _) => {}
                // Somebody has removed it meanwhile.
                (false, true) => work.begins_anew(&new),
                (false, false) => {
                    work.leaves.remove(name);
                    now.departed.insert(name.clone());
                }
            }
        }
        let founders = core::mem::take(&mut work.founders);
        work.joins.extend(founders.into_iter().filter(|name| !is_there(name)));
        Ok((now, work))
    }
}

/// Who is who: by what was recorded, and by what is compiled.
struct Meeting<'a> {
    before: &'a Running,
    after: &'a Running,
    ids: &'a BTreeMap<String, MemberId>,
}

impl<'a> Meeting<'a> {
    /// Returns the name of a listed member: the one that it was recorded by, or that it is to have as a new one.
    fn name(&self, work: &Work, member: &SeenMember) -> Option<&'a String> {
        let peers = sorted(&member.peer_urls);
        let before = || self.before.members.iter();
        let is_new =
            |(name, _): &(&String, _)| !self.before.members.contains_key(work.old_name(name));
        let after = || self.after.members.iter().filter(is_new);
        let by_id = before().find(|(name, _)| self.ids.get(*name) == Some(&member.id));
        let is_at = |is: &&crate::running::RunningMember| Seat::of(is).peers == peers;
        let by_place =
            || before().find(|(_, is)| is_at(is)).or_else(|| after().find(|(_, is)| is_at(is)));
        let by_name = || {
            let has_name = |(name, _): &(&String, _)| **name == member.name;
            before().find(has_name).or_else(|| after().find(has_name))
        };
        by_id.or_else(by_place).or_else(by_name).map(|(name, _)| name)
    }

    fn listed(&self, work: &Work, name: &str, member: &SeenMember) -> Listed {
        let is_to_be = self.after.members.get(&work.new_name(name));
        let wanted = is_to_be.or_else(|| self.after.members.values().next());
        let peers = sorted(&member.peer_urls);
        // One that has never run has told nobody what clients are to dial.
        let told = Some(&member.client_urls).filter(|urls| !urls.is_empty()).cloned();
        let to_be = || is_to_be.map(|is| Seat::of(is).clients);
        let clients = told.or_else(to_be).unwrap_or_default();
        Listed {
            seat: Seat { peers, clients },
            vote: if member.is_learner { Vote::Learner } else { Vote::Voter },
            life: member.life,
            data: member.data,
            leads: member.leads,
            has_version: wanted
                .zip(member.version)
                .is_some_and(|(wanted, runs)| is_of(runs, wanted.version)),
        }
    }

    /// Takes out of the work what is done of it.
    fn meets(&self, work: &mut Work, name: &str, member: &SeenMember, wishes: &Wishes) {
        let new = work.new_name(name);
        let Some(is) = self.after.members.get(&new) else { return };
        let is_recorded = self.before.members.contains_key(name);
        let is_former = self.ids.get(name).is_none_or(|id| *id == member.id);
        if wishes.replaced.contains(name) && is_recorded && is_former && !is_half_in(member) {
            work.begins_anew(&new);
            work.leaves.insert(name.to_owned());
        } else if is_half_in(member) {
            // A member of the bootstrap is in the list before it runs.
            if !work.founders.contains(&new) {
                work.begins_anew(&new);
            }
        } else if !is_recorded {
            work.joins.remove(&new);
            work.founders.remove(&new);
        } else {
            work.places(&new, member, &Seat::of(is));
            work.version(&new, member.version, is.version);
        }
    }
}

impl Work {
    /// Takes what is done of a change of a member's URLs out of the work, and what was recorded too early into it.
    fn places(&mut self, name: &str, member: &SeenMember, to_be: &Seat) {
        let is_listed = sorted(&member.peer_urls) == to_be.peers;
        // It tells the list at each start.
        let has_started = sorted(&member.client_urls) == sorted(&to_be.clients);
        match (is_listed, has_started) {
            (true, true) => {
                self.moves.remove(name);
                self.schemes.remove(name);
            }
            (true, false) if !self.moves.contains(name) && !self.schemes.contains_key(name) => {
                self.files.insert(name.to_owned());
                self.restarts.insert(name.to_owned());
            }
            (false, _) if !self.schemes.contains_key(name) => {
                self.moves.insert(name.to_owned());
            }
            _ => {}
        }
    }

    /// The same of its etcd.
    fn version(&mut self, name: &str, runs: Option<EtcdVersion>, to_be: EtcdVersion) {
        let Some(runs) = runs else { return };
        if !is_of(runs, to_be) {
            self.files.insert(name.to_owned());
            self.upgrades.insert(name.to_owned(), (runs, to_be));
        } else if self.upgrades.remove(name).is_some() {
            // It was started with the files of that.
            self.files.remove(name);
        }
    }
}

fn sorted(urls: &[String]) -> Vec<String> {
    let mut urls = urls.to_vec();
    urls.sort();
    urls
}

/// Tells whether a release is one of those that a version means.
fn is_of(runs: EtcdVersion, version: EtcdVersion) -> bool {
    runs.minor() == version.minor()
        && version.patch().is_none_or(|patch| runs.patch() == Some(patch))
}

/// Tells whether a member is in the list and not yet in the cluster.
fn is_half_in(member: &SeenMember) -> bool {
    member.is_learner || member.life == Life::New
}

fn stray(member: &SeenMember) -> String {
    if member.name.is_empty() { member.id.to_string() } else { member.name.clone() }
}

fn unknown(member: &SeenMember, program: &str) -> Withheld {
    let SeenMember { id, peer_urls, .. } = member;
    Withheld {
        why: format!(
            "{} ({id} at {}) is a member, and neither compiled nor recorded in cluster.lock: another definition may \
             be newer than this one",
            stray(member),
            peer_urls.join(",")
        ),
        way: format!(
            "fetch what others have changed, build, and plan again; where it is not to be: \
             `{program} etcdctl -- member remove {id}`"
        ),
    }
}
