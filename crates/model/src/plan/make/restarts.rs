//! The restarts, one member at a time.

use super::around::endpoints_if_safe;
use super::membership::readdress;
use super::so_far::SoFar;
use crate::plan::commands::MovedData;
use crate::plan::jump::Jump;
use crate::plan::state::Seat;
use crate::plan::step::{Action, FORMER, Look, Place};
use crate::plan::timing::Round;

/// Restarts each member that needs it, as often as it takes.
pub(super) fn rounds(so_far: &mut SoFar<'_>) {
    if so_far.is_restarted {
        return;
    }
    let rounds = so_far.rounds.clone();
    let is_restarted = |name: &String| so_far.work.restarts(name);
    let mut names: Vec<String> =
        so_far.after.members.keys().filter(|name| is_restarted(name)).cloned().collect();
    // New ones started with all that is new.
    names.retain(|name| so_far.before.members.contains_key(so_far.work.old_name(name)));
    let is_moved = |name: &String| so_far.work.moves.contains(name);
    let first: Vec<String> = names.iter().filter(|name| !is_moved(name)).cloned().collect();
    if first.is_empty() && rounds.len() == 1 {
        return;
    }
    if so_far.state.counts().voters > 1 {
        leader(so_far);
    }
    if so_far.work.at_once
        && let Some(step) = so_far.steps.last_mut()
    {
        step.notes.push(
            "members that were restarted and those that were not refuse each other: change the addresses \
             in an edit of its own, before that"
                .to_owned(),
        );
    }
    for (at, round) in rounds.iter().enumerate() {
        for name in if at == 0 { &first } else { &names } {
            one(so_far, name, round, at == 0);
            if !round.is_old {
                endpoints_if_safe(so_far);
            }
        }
    }
}

/// Nobody knows here who leads; to restart it costs the cluster an election.
fn leader(so_far: &mut SoFar<'_>) {
    let commands = vec![so_far.program.all(&so_far.state, "endpoint status -w table")];
    let counts = so_far.state.counts();
    let step = so_far.step(Action::Look(Look::Leader), Place::Control, commands, counts);
    step.notes.push("whatever the order below, restart that member last in each round".to_owned());
}

fn one(so_far: &mut SoFar<'_>, name: &str, round: &Round, is_first: bool) {
    if round.readdresses && so_far.work.schemes.contains_key(name) {
        readdress(so_far, name, &round.edits, round.is_old);
    } else {
        restart(so_far, name, round, is_first);
    }
    if let (Some(step), Some(why)) = (so_far.steps.last_mut(), round.why) {
        step.notes.push(why.to_owned());
    }
}

fn restart(so_far: &mut SoFar<'_>, name: &str, round: &Round, is_first: bool) {
    let old = so_far.work.old_name(name).to_owned();
    // Its name is the new one after the first round.
    let (Some(node), Some(was), Some(seat)) = (
        so_far.node(name),
        so_far.before.members.get(&old),
        so_far.state.seat(&old).or_else(|| so_far.state.seat(name)).cloned(),
    ) else {
        return;
    };
    let upgrade = so_far.work.upgrades.get(name).copied().filter(|_| is_first);
    let has_files = so_far.work.files.contains(name) || so_far.rounds.len() > 1;
    let data =
        if is_first { MovedData::of((&old, name), was, node.member) } else { MovedData::default() };
    let mut commands = match upgrade {
        Some(_) => node.upgrade(&round.edits, &data),
        None if has_files => node.restart(&round.edits, &data),
        None => node.restart_alone(),
    };
    let counts = so_far.state.without(if so_far.state.seat(&old).is_some() { &old } else { name });
    let clients = Seat::of(node.member).clients;
    so_far.state.is_now(&old, name, Seat { clients, ..seat });
    commands.push(so_far.program.healthy(&so_far.state));
    let waits_for = so_far.all_up();
    let is_led_back = matches!(so_far.work.jump, Some(Jump::Downgrade(_)));
    let (action, undo) = match upgrade {
        // etcd's guide on downgrades.
        Some((from, to)) if is_led_back => (
            Action::Upgrade(name.to_owned(), to),
            format!("`downgrade cancel`, then etcd {from} again"),
        ),
        Some((from, to)) => (
            Action::Upgrade(name.to_owned(), to),
            format!(
                "while one member still runs {from}: etcd {from} again; then only the snapshot, restored \
                 with {from}: what was written since is lost"
            ),
        ),
        None => (
            Action::Restart(name.to_owned()),
            if data.is_empty() {
                format!("{FORMER}, and a restart")
            } else {
                format!("stop etcd, {}, then {FORMER}, and start etcd", data.back())
            },
        ),
    };
    let step = so_far.step(action, Place::Node(name.to_owned()), commands, counts);
    step.waits_for = Some(waits_for);
    step.undo = Some(undo);
    if !data.is_empty() {
        step.notes.push("its data goes along: without it, it would start empty".to_owned());
    }
}
