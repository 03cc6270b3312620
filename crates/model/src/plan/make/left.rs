//! What is still to be done.

use crate::plan::next::Alarm;
use crate::plan::now::Now;
use crate::plan::step::Action;
use crate::plan::work::Work;
use crate::running::Running;
use std::collections::{BTreeMap, BTreeSet};

/// Holds what is still to be done. Names are as in [`Work`].
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing of its own to do")]
pub(super) struct Left {
    pub(super) looks: bool,
    pub(super) snapshot: bool,
    /// Members that get files, and go on.
    pub(super) copies: BTreeSet<String>,
    /// Clients that get files, and no other endpoints.
    pub(super) client_files: BTreeSet<String>,
    /// Clients have still to get the lists that they have until all members were changed.
    pub(super) between: bool,
    /// Those that have these lists already.
    pub(super) have_between: BTreeSet<String>,
    /// Clients that still have other endpoints than they are to have.
    pub(super) endpoints: BTreeSet<String>,
    pub(super) joins: BTreeSet<String>,
    pub(super) leaves: BTreeSet<String>,
    /// Those that have left, and are still on their machines.
    pub(super) retires: BTreeSet<String>,
    pub(super) moves: BTreeSet<String>,
    /// How often members are still to be restarted.
    pub(super) restarts: BTreeMap<String, u8>,
    pub(super) announcement: bool,
    /// Nobody has looked yet who leads.
    pub(super) leader: bool,
    /// There may be an alarm, where nobody looked.
    pub(super) may_have_alarm: bool,
    /// The alarm that was seen.
    pub(super) alarm: Option<Alarm>,
    /// Members whose databases hold space that they have no use for.
    pub(super) defragment: BTreeSet<String>,
}

impl Left {
    /// Returns what is left of a plan with so many rounds of restarts.
    pub(super) fn of(
        work: &Work,
        now: &Now,
        (before, after): (&Running, &Running),
        rounds: usize,
    ) -> Self {
        let stays = |name: &&String| before.members.contains_key(work.old_name(name));
        let restarts = || after.members.keys().filter(|name| work.restarts(name)).filter(stays);
        let has_first = |name: &String| !work.moves.contains(name);
        // Those that are found elsewhere have had the first round with that.
        let times = |name: &String| {
            let all = rounds - usize::from(!has_first(name));
            if now.in_last_round.contains(name) { all.min(1) } else { all }
        };
        let times = |name: &String| (name.clone(), u8::try_from(times(name)).unwrap_or(u8::MAX));
        let is_any = rounds > 1 || restarts().any(has_first);
        let restarts = restarts().filter(|_| is_any).map(times).filter(|(_, times)| *times > 0);
        let mut left = Self {
            looks: true,
            snapshot: !work.leaves.is_empty() || !work.upgrades.is_empty(),
            copies: copies(work),
            client_files: work.clients.difference(&work.endpoints).cloned().collect(),
            between: !work.between.is_empty(),
            have_between: BTreeSet::new(),
            endpoints: work.endpoints.clone(),
            joins: work.joins.clone(),
            leaves: work.leaves.union(&now.strays).cloned().collect(),
            retires: now.departed.clone(),
            moves: work.moves.clone(),
            restarts: restarts.collect(),
            announcement: work.announced.is_some() && !now.is_announced,
            leader: true,
            may_have_alarm: work.quota.is_raised && !now.is_seen,
            alarm: now.alarm,
            defragment: now.bloated.clone(),
        };
        now.done.iter().for_each(|action| left.is_done(action));
        left.between = work.between.keys().any(|name| !left.have_between.contains(name));
        left
    }

    /// Takes out what was done of it. What members tell is known from them.
    fn is_done(&mut self, action: &Action) {
        match action {
            Action::Snapshot(_) => self.snapshot = false,
            Action::Copy(name) => {
                self.copies.remove(name);
            }
            Action::Restart(name) | Action::Upgrade(name, _) | Action::Downgrade(name, _) => {
                self.copies.remove(name);
                self.is_restarted(name);
            }
            Action::Readdress(name) => {
                self.moves.remove(name);
                self.is_restarted(name);
            }
            Action::Clients { names, between, .. } if !between.is_empty() => {
                self.have_between.extend(names.iter().cloned());
            }
            Action::Clients { names, .. } => {
                self.client_files.retain(|name| !names.contains(name));
                self.endpoints.retain(|name| !names.contains(name));
            }
            Action::Retire(name) => {
                self.retires.remove(name);
            }
            _ => {}
        }
    }

    fn is_restarted(&mut self, name: &str) {
        if let Some(times) = self.restarts.get_mut(name) {
            *times -= 1;
            if *times == 0 {
                self.restarts.remove(name);
            }
        }
    }
}

/// Returns those that get certificates, or files that count at their next start; those that are found elsewhere have
/// them together with their address, which the certificate names.
fn copies(work: &Work) -> BTreeSet<String> {
    let files = work.files.iter().filter(|name| !work.restarts(name));
    let all = work.certificates.iter().chain(files);
    let is_late =
        |name: &&String| work.moves.contains(*name) || work.leaves.contains(work.old_name(name));
    all.filter(|name| !is_late(name)).cloned().collect()
}
