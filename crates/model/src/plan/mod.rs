//! The steps from what runs to what is to run: in order, with the commands to paste, and with what the
//! cluster can bear at each of them.
//!
//! Pure. A plan is data: showing it and doing it are for others. [`offline`] knows what was recorded and
//! asks nobody, so that it cannot tell who leads, or whether a member is dead: its steps say where a person
//! has to look.

mod between;
mod commands;
mod machines;
mod make;
mod meeting;
pub mod next;
mod now;
mod quota;
mod refusal;
mod seen;
mod state;
mod step;
#[cfg(test)]
mod tests;
mod timing;
mod who;
mod withheld;
mod work;

pub use commands::{BUMP, RAISES, Snapshot, restore_options};
pub use refusal::last_way;
pub use seen::{Seen, SeenMember, Wishes};
pub use step::{Action, Counts, Look, Place, Step, Word};
pub use withheld::Withheld;

use crate::change::{Accepted, Change, Class, Subject, changes};
use crate::cluster::MemberId;
use crate::running::Running;
use make::Made;
use meeting::Meeting;
use now::Now;
use std::collections::{BTreeMap, BTreeSet};
use work::Work;

/// Holds what a plan has to know besides what runs and what is to run.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The program as it is typed, such as `bouquet` or `cargo run --`.
    pub program: &'a str,
    /// The same as it is typed on a node.
    pub on_node: &'a str,
    /// The members' IDs as far as they are known, by the names that they have in what runs.
    pub ids: &'a BTreeMap<String, MemberId>,
    /// The token of the restore that is in force, from which the members' IDs follow; `None` where they follow from
    /// `initial-cluster-token`.
    pub token: Option<&'a str>,
    /// The files in each member's folder of `out/`, by one of which it is started; by the unit
    /// `etcd.service`, where that is one of them.
    pub files: &'a [&'a str],
    /// The clients that have their certificate from a Secret of Kubernetes, which is made of their folder in `out/`.
    pub secrets: &'a [&'a str],
    /// What was accepted when the program was built: of what is refused, it has steps for that alone.
    pub accepted: &'a Accepted,
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Every change.
    pub changes: Vec<Change>,
    /// The places in `changes` of those that are refused, and have no steps.
    pub refused: Vec<usize>,
    /// Why there are no steps, or no further ones.
    pub withheld: Vec<Withheld>,
    /// The members as they are now.
    pub counts: Counts,
    /// The member that leads, where members were asked, and one does.
    pub leader: Option<String>,
    /// The IDs of the members as they are now, by the names that steps have for them.
    pub ids: BTreeMap<String, MemberId>,
    /// Those that new members have taken the places of since they were recorded.
    pub replaced: BTreeSet<String>,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// Plans the way from what was recorded to what was compiled.
///
/// What is refused and was not accepted has no steps, nor has anything else of that member or client; of
/// the cluster's own changes, nothing has. The record is no step then: it would be one of what is refused, too.
pub fn offline(before: &Running, after: &Running, known: &Known<'_>) -> Plan {
    plan(changes(before, after), (before, after), known, None)
}

/// Plans the way from what was seen, where its options and its certificates are what was recorded, to what was compiled.
///
/// What was done already has no steps, no matter who did it. The steps end where something has to be decided first.
pub fn live(
    before: &Running,
    after: &Running,
    known: &Known<'_>,
    seen: &Seen,
    wishes: &Wishes,
) -> Plan {
    plan(changes(before, after), (before, after), known, Some((seen, wishes)))
}

/// Makes the same for changes that are known.
fn plan(
    changes: Vec<Change>,
    (before, after): (&Running, &Running),
    known: &Known<'_>,
    seen: Option<(&Seen, &Wishes)>,
) -> Plan {
    let is_refused =
        |change: &&Change| change.class == Class::Refused && !change.is_accepted(known.accepted);
    let left_out: BTreeSet<&Subject> =
        changes.iter().filter(is_refused).map(|change| &change.subject).collect();
    let is_left_out = |change: &Change| {
        left_out.contains(&Subject::Cluster) || left_out.contains(&change.subject)
    };
    let planned: Vec<&Change> = changes.iter().filter(|change| !is_left_out(change)).collect();
    let work = Work::of(&planned, before, after);
    let Known { program, on_node, ids, token, files, secrets, accepted: _ } = *known;
    let has_unit = files.contains(&UNIT);
    let is_whole = left_out.is_empty();
    let typed = make::Typed { program, on_node, ids, token, has_unit, files, secrets, is_whole };
    let is_asked = work != Work::default();
    let begins = match seen {
        None => Ok((Now::recorded((before, after), ids, &work), work)),
        Some((seen, wishes)) => {
            Meeting { before, after, ids, program, seen, wishes, left_out: &left_out }.now(work)
        }
    };
    let ids = begins.as_ref().map(|(now, work)| names(now, work)).unwrap_or_default();
    let (now, made) = match begins {
        Err(withheld) => (Now::default(), Made { withheld: Some(withheld), ..Made::default() }),
        Ok((now, work)) => match withheld::withheld(&work, (before, after), has_unit, &now) {
            Some(withheld) => (now, Made { withheld: Some(withheld), ..Made::default() }),
            None if work == Work::default() && !now.is_seen => (now, Made::default()),
            None => {
                let records = is_asked || work != Work::default() || !now.replaced.is_empty();
                (now.clone(), make::steps(work, now, (before, after), typed, records))
            }
        },
    };
    let refused =
        changes.iter().enumerate().filter(|(_, change)| is_refused(change)).map(|(at, _)| at);
    let refused = refused.collect();
    let (counts, leader) = (now.state.counts(), now.state.leader().map(str::to_owned));
    let replaced = now.replaced.clone();
    let withheld = made.withheld.into_iter().collect();
    Plan { refused, withheld, counts, leader, ids, replaced, steps: made.steps, changes }
}

/// Returns the members' IDs by their names of before, and those of after.
fn names(now: &Now, work: &Work) -> BTreeMap<String, MemberId> {
    let known = now.state.listed().filter_map(|(name, listed)| Some((name.to_owned(), listed.id?)));
    let known: BTreeMap<String, MemberId> = known.collect();
    let new = known.iter().map(|(name, id)| (work.new_name(name), *id));
    new.chain(known.clone()).collect()
}

/// The file that the steps' commands install.
const UNIT: &str = "etcd.service";

/// Plans the restore of all members from one snapshot: the data that they have is set aside, and what was written
/// after the snapshot is lost.
///
/// `running` is what the nodes' units start, `compiled` what the program knows that is typed.
pub fn restoration(
    running: &Running,
    compiled: &Running,
    known: &Known<'_>,
    snapshot: &Snapshot<'_>,
) -> Vec<Step> {
    let Known { program, on_node, ids, token, files, secrets, accepted: _ } = *known;
    let has_unit = files.contains(&UNIT);
    make::steps_from_file(
        (running, compiled),
        make::Typed { program, on_node, ids, token, has_unit, files, secrets, is_whole: true },
        snapshot,
    )
}

/// Returns `--initial-cluster` of all members, for their restore.
pub fn initial_cluster(running: &Running) -> String {
    state::State::of(running, &BTreeMap::new()).initial_cluster()
}

/// Returns the commands of a restore that are run on the node of one member, in that order: what looks whether it
/// can be done, what stops it and sets its data aside, and what restores and starts it. The file is there as
/// `/root/restore-MEMBER.db`. Each is to be pasted there as it is, in a shell of its own; where no unit starts the
/// member, all lines begin with `#`, for a person. `files` are those in its folder of `out/`. `None` for a member that
/// there is not.
pub fn restoration_on(
    running: &Running,
    name: &str,
    files: &[&str],
    snapshot: &Snapshot<'_>,
) -> Option<[String; 3]> {
    let (name, member) = running.members.get_key_value(name)?;
    let machines = machines::machines(running);
    let is_shared =
        machines::shared(&machines).any(|host| commands::address(member).as_deref() == Some(host));
    let has_unit = files.contains(&UNIT) && !is_shared;
    let node = commands::Node { name, member, has_unit, files };
    let lines = [node.can_restore(snapshot), node.gives_way(), node.restores_from(snapshot)];
    Some(lines.map(|lines| node.pasted(&lines)))
}
