//! The restarts, one member at a time.

use super::membership::readdress;
use super::so_far::SoFar;
use crate::plan::commands::MovedData;
use crate::plan::state::Seat;
use crate::plan::step::{Action, FORMER, Look, Place, Step};
use crate::plan::timing::Round;
use crate::version::EtcdVersion;

/// Restarts a member in the round that comes next for it.
pub(super) fn restart_now(so_far: &mut SoFar<'_>, name: &str) {
    let is_first = core::mem::take(&mut so_far.left.leader);
    if is_first && !so_far.is_seen && so_far.state.counts().voters > 1 {
        leader(so_far);
    }
    let Some(times) = so_far.left.restarts.get_mut(name) else { return };
    let at = so_far.rounds.len() - usize::from(*times);
    *times -= 1;
    let Some(round) = so_far.rounds.get(at).cloned() else { return };
    one(so_far, name, &round, at == 0);
}

/// Looks for the leader, which nobody knows here: to restart it costs the cluster an election.
fn leader(so_far: &mut SoFar<'_>) {
    let commands = vec![so_far.program.all(&so_far.state, "endpoint status -w table")];
    let counts = so_far.state.counts();
    let step = so_far.step(Action::Look(Look::Leader), Place::Control, commands, counts);
    step.notes.push("whatever the order below, restart that member last in each round".to_owned());
    step.notes.push(
        "where a member is down, begin with it, and leave out the first line of its step: that waits for all"
            .to_owned(),
    );
}

fn one(so_far: &mut SoFar<'_>, name: &str, round: &Round, is_first: bool) {
    let step = if round.readdresses && so_far.work.schemes.contains_key(name) {
        readdress(so_far, name, &round.edits, round.is_old)
    } else {
        restart(so_far, name, round, is_first)
    };
    if let (Some(step), Some(why)) = (step, round.why) {
        step.notes.push(why.to_owned());
    }
}

fn restart<'b>(
    so_far: &'b mut SoFar<'_>,
    name: &str,
    round: &Round,
    is_first: bool,
) -> Option<&'b mut Step> {
    let old = so_far.work.old_name(name).to_owned();
    let (node, was) = (so_far.node(name)?, so_far.before.members.get(&old)?);
    // Its name is the new one after the first round.
    let seat = so_far.state.seat(&old).or_else(|| so_far.state.seat(name)).cloned()?;
    let versions = so_far.work.upgrades.get(name).copied().filter(|_| is_first);
    let has_files = so_far.work.files.contains(name) || so_far.rounds.len() > 1;
    let data =
        if is_first { MovedData::of((&old, name), was, node.member) } else { MovedData::default() };
    let mut commands = match versions {
        Some(_) => node.upgrade(&round.edits, &data),
        None if has_files => node.restart(&round.edits, &data),
        None => node.restart_alone(),
    };
    commands.splice(0..0, so_far.asks_before());
    let counts = so_far.state.without(if so_far.state.seat(&old).is_some() { &old } else { name });
    let clients = Seat::of(node.member).clients;
    so_far.state.is_now(&old, name, Seat { clients, ..seat });
    commands.push(so_far.program.healthy(&so_far.state));
    let waits_for = so_far.all_up();
    let files =
        if data.is_empty() { FORMER.to_owned() } else { format!("{}, then {FORMER}", data.back()) };
    let (action, undo) = match versions {
        Some((from, to)) => {
            let back = back(from, to, so_far.work.announced.is_some());
            (of_version(name, from, to), format!("stop etcd, {files}, {back}"))
        }
        None if data.is_empty() => {
            (Action::Restart(name.to_owned()), format!("{files}, and a restart"))
        }
        None => (Action::Restart(name.to_owned()), format!("stop etcd, {files}, and start etcd")),
    };
    let step = so_far.step(action, Place::Node(name.to_owned()), commands, counts);
    step.waits_for = Some(waits_for);
    step.undo = Some(undo);
    if data.is_elsewhere() {
        step.notes.push("its data goes along: without it, it would start empty".to_owned());
    }
    Some(step)
}

fn of_version(name: &str, from: EtcdVersion, to: EtcdVersion) -> Action {
    if to.minor() < from.minor() {
        Action::Downgrade(name.to_owned(), to)
    } else {
        Action::Upgrade(name.to_owned(), to)
    }
}

/// Returns what takes another etcd back; where it `is_announced`, etcd waits for the lower one.
fn back(from: EtcdVersion, to: EtcdVersion, is_announced: bool) -> String {
    if is_announced {
        format!("`downgrade cancel`, and etcd {from} again")
    } else if to.minor() > from.minor() {
        format!(
            "and etcd {from} again, while one member still runs {from}; then only the snapshot, restored with \
             {from}: what was written since is lost"
        )
    } else {
        format!("and etcd {from} again")
    }
}

/// Makes etcd turn its data into what an earlier minor can read, with which each member starts then.
pub(super) fn announce(so_far: &mut SoFar<'_>) {
    so_far.left.announcement = false;
    let Some(to) = so_far.work.announced else { return };
    let via = so_far.via(&[]);
    let minor = to.minor();
    let ask = |words: String| so_far.program.one(&so_far.state, &via, &words);
    let mut commands: Vec<String> = vec![so_far.program.healthy(&so_far.state)];
    commands.extend(["validate", "enable"].map(|word| ask(format!("downgrade {word} {minor}"))));
    commands.push(so_far.program.stores(&so_far.state, minor));
    let cancel = ask("downgrade cancel".to_owned());
    let counts = so_far.state.counts();
    let step = so_far.step(Action::Announce(to), Place::Control, commands, counts);
    step.waits_for = Some(format!("all store as {minor}"));
    step.undo = Some(format!("until a member runs {to}: `{cancel}`"));
    step.notes.push(format!("with the `etcdctl` of the etcd that runs: that of {minor} cannot"));
}
