//! What was seen, beside what was recorded and what is compiled: who is who, and what of the work is left.
//!
//! What was seen decides: a plan that was left halfway goes on where it was left, and what was recorded too early has
//! steps.

use super::next::{Life, Seat as Vote};
use super::now::Now;
use super::seen::{Seen, SeenMember, Wishes, sorted};
use super::state::{Listed, Seat};
use super::timing::rounds;
use super::withheld::Withheld;
use super::work::Work;
use crate::change::Subject;
use crate::cluster::MemberId;
use crate::release::edge;
use crate::running::{Running, RunningMember};
use crate::version::EtcdVersion;
use std::collections::{BTreeMap, BTreeSet};

/// All that it takes to know where a plan begins.
#[derive(Clone, Copy)]
pub(super) struct Meeting<'a> {
    pub(super) before: &'a Running,
    pub(super) after: &'a Running,
    /// The IDs that were recorded.
    pub(super) ids: &'a BTreeMap<String, MemberId>,
    /// The program as it is typed.
    pub(super) program: &'a str,
    pub(super) seen: &'a Seen,
    pub(super) wishes: &'a Wishes,
    /// Whose changes are refused: nothing is planned for them.
    pub(super) left_out: &'a BTreeSet<&'a Subject>,
}

impl Meeting<'_> {
    /// Returns the cluster as a plan begins with it, and what of the work is left.
    ///
    /// # Errors
    ///
    /// If a voter is neither recorded nor compiled, or runs what neither is; or what is to be replaced cannot be told
    /// from what has replaced it.
    pub(super) fn now(self, mut work: Work) -> Result<(Now, Work), Withheld> {
        let Seen { members, alarm, is_announced, lost, done } = self.seen;
        let mut now = Now {
            alarm: *alarm,
            is_seen: true,
            is_announced: *is_announced || self.has_gone_back(&work),
            accepts_downtime: self.wishes.accepts_downtime,
            done: done.clone(),
            ..Now::default()
        };
        let has_rounds = rounds(&work, self.before, self.after).len() > 1;
        let names = self.names(&work);
        for member in members {
            let name = match names.get(&member.id) {
                Some(name) => name.clone(),
                None if member.is_half_in() => {
                    now.strays.insert(member.id.to_string());
                    member.id.to_string()
                }
                None => return Err(self.unknown(member)),
            };
            now.state.is_seen(&name, self.listed(&work, &name, member));
            if member.has_free_space {
                now.bloated.insert(name.clone());
            }
            let upgrades = work.upgrades.clone();
            self.meets(&mut work, &mut now, &name, member)?;
            if has_rounds {
                restarts_again(&mut work, &upgrades);
            }
        }
        now.replaced = self.replaced(&names, &work);
        now.new_ids = self.new_ids(&names);
        for name in self.before.members.keys() {
            let new = work.new_name(name);
            let is_there = now.state.get(name).or_else(|| now.state.get(&new)).is_some();
            match (is_there, self.after.members.contains_key(&new)) {
                (true, _) => {}
                // It was removed meanwhile.
                (false, true) => {
                    work.leaves.remove(name);
                    work.begins_anew(&new);
                }
                (false, false) => {
                    work.leaves.remove(name);
                    if !lost.contains(name) {
                        now.departed.insert(name.clone());
                    }
                }
            }
        }
        let founders = core::mem::take(&mut work.founders);
        work.joins.extend(founders.into_iter().filter(|name| now.state.get(name).is_none()));
        Ok((now, work))
    }

    /// Tells whether a member runs the minor already that etcd is to be told of.
    fn has_gone_back(&self, work: &Work) -> bool {
        let runs = |member: &SeenMember, to: EtcdVersion| {
            member.version.is_some_and(|version| version.minor() == to.minor())
        };
        work.announced.is_some_and(|to| self.seen.members.iter().any(|member| runs(member, to)))
    }

    fn listed(&self, work: &Work, name: &str, member: &SeenMember) -> Listed {
        let is_to_be = self.after.members.get(&work.new_name(name));
        let wanted = is_to_be.or_else(|| self.after.members.values().next());
        // One that has never run has told nobody what clients are to dial.
        let told = Some(&member.client_urls).filter(|urls| !urls.is_empty()).cloned();
        let to_be = || is_to_be.map(|is| Seat::of(is).clients);
        let runs = wanted.zip(member.version);
        Listed {
            seat: Seat { peers: member.peers(), clients: told.or_else(to_be).unwrap_or_default() },
            vote: if member.is_learner { Vote::Learner } else { Vote::Voter },
            life: member.life,
            data: member.data,
            leads: member.leads,
            id: Some(member.id),
            has_wrong_clock: member.has_wrong_clock,
            has_version: runs.is_some_and(|(wanted, runs)| runs.is_of(wanted.version)),
        }
    }

    /// Takes out of the work what is done of it, and into it what is not as recorded.
    fn meets(
        &self,
        work: &mut Work,
        now: &mut Now,
        name: &str,
        member: &SeenMember,
    ) -> Result<(), Withheld> {
        let new = work.new_name(name);
        let Some(is) = self.after.members.get(&new) else { return Ok(()) };
        let was = self.before.members.get(name);
        if self.is_to_go(name, member)? {
            work.begins_anew(&new);
            work.leaves.insert(name.to_owned());
        } else if member.is_half_in() {
            // It is the new one already.
            work.leaves.remove(name);
            // A member of the bootstrap is in the list before it runs.
            if !work.founders.contains(&new) {
                work.begins_anew(&new);
            }
        } else if was
            .is_some_and(|was| work.leaves.contains(name) && self.has_come(name, (was, is), member))
        {
            // It left, and came back as a new one, with all its files.
            work.leaves.remove(name);
            work.begins_anew(&new);
            work.joins.remove(&new);
        } else if work.leaves.contains(name) {
            // What it is, the new one does not take over.
        } else if let Some(was) = was {
            let subject = Subject::Member(name.to_owned());
            if !self.left_out.contains(&Subject::Cluster) && !self.left_out.contains(&subject) {
                places(work, now, (name, &new), (was, is), member)?;
                version(work, &new, (was.version, is.version), member)?;
            }
        } else {
            work.joins.remove(&new);
            work.founders.remove(&new);
        }
        Ok(())
    }

    /// Tells whether this is the new member of a name, and not the former one.
    fn has_come(
        &self,
        name: &str,
        (was, is): (&RunningMember, &RunningMember),
        member: &SeenMember,
    ) -> bool {
        let peers = member.peers();
        let is_there = || peers == Seat::of(is).peers && peers != Seat::of(was).peers;
        self.has_come_since(name, member).unwrap_or_else(is_there)
    }

    /// Tells whether an operator wants a new member in the place of this one, and it is not that already.
    fn is_to_go(&self, name: &str, member: &SeenMember) -> Result<bool, Withheld> {
        if !self.wishes.replaced.contains(name) || member.life == Life::New {
            return Ok(false);
        }
        match self.has_come_since(name, member) {
            Some(is_new) => Ok(!is_new),
            None if member.life == Life::Up && member.data == super::next::Data::Own => {
                Err(Withheld {
                    why: format!(
                        "{name} is up, and cluster.lock does not know its ID: it may be the new one already"
                    ),
                    way: format!(
                        "where it is to go all the same: stop it first; its ID is {}",
                        member.id
                    ),
                })
            }
            None => Ok(true),
        }
    }
}

/// Takes out what is done of a change of a member's URLs, and adds what was recorded too early.
fn places(
    work: &mut Work,
    now: &mut Now,
    (name, new): (&str, &String),
    (was, is): (&RunningMember, &RunningMember),
    member: &SeenMember,
) -> Result<(), Withheld> {
    let (was, is) = (Seat::of(was), Seat::of(is));
    let listed = member.peers();
    // It tells the list at each start.
    let has_started = sorted(&member.client_urls) == sorted(&is.clients);
    if work.schemes.contains_key(new) {
        if listed == is.peers {
            now.in_last_round.insert(new.clone());
        }
    } else if listed == is.peers {
        if was.clients != is.clients && has_started {
            // It was started with all that is new.
            let all =
                [&mut work.moves, &mut work.restarts, &mut work.files, &mut work.certificates];
            for list in all {
                list.remove(new);
            }
        } else if !has_started && !work.moves.contains(new) {
            work.files.insert(new.clone());
            work.restarts.insert(new.clone());
        }
    } else if schemes(&listed) == schemes(&is.peers) {
        work.moves.insert(new.clone());
    } else if listed != was.peers {
        return Err(Withheld {
            why: format!(
                "the members know {name} at {}, and neither recorded nor compiled is that",
                listed.join(",")
            ),
            way: "write in cluster.toml how it runs, build, and record that; then the change"
                .to_owned(),
        });
    }
    Ok(())
}

/// Restarts again one that has its etcd: it has had the first of several rounds, which leaves options that are not
/// the compiled ones.
fn restarts_again(work: &mut Work, before: &BTreeMap<String, (EtcdVersion, EtcdVersion)>) {
    let had = before.keys().filter(|name| !work.upgrades.contains_key(*name));
    let had: Vec<String> = had.filter(|name| !work.joins.contains(*name)).cloned().collect();
    work.files.extend(had.iter().cloned());
    work.restarts.extend(had);
}

/// Does the same of its etcd: another minor than the recorded one is no step back.
fn version(
    work: &mut Work,
    new: &str,
    (was, is): (EtcdVersion, EtcdVersion),
    member: &SeenMember,
) -> Result<(), Withheld> {
    let Some(runs) = member.version else { return Ok(()) };
    let is_planned = work.upgrades.contains_key(new);
    if runs.is_of(is) {
        work.upgrades.remove(new);
    } else if runs.minor() == is.minor()
        || (is_planned && runs.minor() == was.minor())
        || edge(runs, is).is_some()
    {
        work.files.insert(new.to_owned());
        work.upgrades.insert(new.to_owned(), (runs, is));
    } else {
        return Err(Withheld {
            why: format!(
                "{new} runs etcd {runs}, recorded is {was}, and compiled is {is}: no step leads from one to the other"
            ),
            way: format!(
                "write `etcd = \"{}\"` in cluster.toml, build, and plan again",
                runs.minor()
            ),
        });
    }
    Ok(())
}

fn schemes(urls: &[String]) -> BTreeSet<&str> {
    urls.iter().filter_map(|url| Some(url.split_once("://")?.0)).collect()
}
