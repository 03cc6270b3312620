//! What all members are stopped for at the same time.

use super::around::{clients, is_left};
use super::so_far::SoFar;
use crate::plan::commands::Node;
use crate::plan::state::{Seat, State};
use crate::plan::step::{Action, Counts, FORMER, Place, Step};
use crate::version::EtcdVersion;
use std::collections::{BTreeMap, BTreeSet};

/// Restarts all: members that have the new files and those that do not refuse each other, so that no two of them
/// run at the same time. Clients get theirs after them: they are refused until then as well.
///
/// Nobody is asked before: the program that is compiled may show certificates that the members refuse.
pub(super) fn restart_all(so_far: &mut SoFar<'_>) {
    let names: Vec<String> = so_far.after.members.keys().cloned().collect();
    // What is for a person parts two chains: it comes before the stops and after the starts of the others.
    let nodes = names.iter().filter_map(|name| so_far.node(name));
    let (by_unit, by_hand): (Vec<Node<'_>>, Vec<Node<'_>>) = nodes.partition(|node| node.has_unit);
    let mut commands: Vec<String> = by_hand.iter().chain(&by_unit).map(Node::stop).collect();
    let start_all = by_unit.iter().chain(&by_hand);
    commands.extend(start_all.flat_map(|node| node.start(so_far.certificates(node.name))));
    let left: BTreeSet<String> =
        names.iter().filter_map(|name| so_far.former_folder(name)).collect();
    let step = start(so_far, Action::RestartAll, commands);
    step.undo = Some(format!("stop all, {FORMER}, and start all"));
    step.notes.extend(left.iter().map(|folder| is_left(folder)));
    let all = so_far.work.clients.iter().cloned().collect();
    so_far.left.endpoints.clear();
    clients(so_far, all, Vec::new(), Vec::new());
}

/// Restores all from one file: members that are restored from different ones differ for good.
pub(super) fn restore(so_far: &mut SoFar<'_>, to: EtcdVersion) {
    let via = so_far.via(&[]);
    let save = so_far.program.one(&so_far.state, &via, "snapshot save \"$file\"");
    // Not in the package's folder, which is one of git.
    let file = "stopped=no saved=no file=\"$HOME/before-$(date +%Y%m%dT%H%M%S).db\"".to_owned();
    let nodes = so_far.before.members.iter().map(|(name, is)| so_far.node_of(name, is));
    let (by_unit, by_hand): (Vec<Node<'_>>, Vec<Node<'_>>) = nodes.partition(|node| node.has_unit);
    let mut commands = vec![file];
    // All nodes are looked at before the first of them is stopped.
    commands.extend(by_unit.iter().filter_map(Node::can_be_empty));
    commands.extend([so_far.program.healthy(&so_far.state), save]);
    // What is for a person parts two chains, of which the second looks whether the first came to its end. A
    // majority may be stopped by hand, and without one nobody knows whose data is current: the snapshot is first.
    if !by_hand.is_empty() {
        commands.push("saved=yes".to_owned());
        commands.extend(by_hand.iter().map(Node::empty));
        commands.push("[ \"$saved\" = yes ]".to_owned());
        let silent = |node: &Node<'_>| so_far.program.silent(&so_far.state, node.name);
        commands.extend(by_hand.iter().map(silent));
    }
    commands.extend(by_unit.iter().map(Node::empty));
    commands.push("stopped=yes".to_owned());
    // This chain may have ended early.
    let restored = so_far.after.members.keys().filter_map(|name| so_far.node(name));
    let list = State::of(so_far.after, &BTreeMap::new()).initial_cluster();
    commands.extend(restored.flat_map(|node| {
        // The IDs that are recorded follow from it, and are those that they have afterwards.
        let own = || node.member.option("initial-cluster-token");
        let token = so_far.token.or_else(own).unwrap_or_default();
        node.restore("\"$file\"", "[ \"$stopped\" = yes ]", (&list, token))
    }));
    let step = start(so_far, Action::Restore(to), commands);
    step.undo = Some(format!(
        "stop all, move the former data back, {FORMER}, the former etcd, and start all"
    ));
    step.notes.extend([
        "stop the clients first: what is written after the snapshot is lost".to_owned(),
        "the snapshot holds all that is in etcd: keep it where secrets are kept".to_owned(),
        "paste all of it into one shell: its commands share the name of the snapshot".to_owned(),
        "where they end before `stopped=yes`, move back the data of those that were stopped, start them, and \
         begin again: a member with its former data beside others that were restored differs from them for \
         good"
            .to_owned(),
        "an alarm that is on is in the snapshot too: `alarm list`".to_owned(),
    ]);
}

/// Adds the step, after which all run as they are to.
fn start<'b>(so_far: &'b mut SoFar<'_>, action: Action, mut commands: Vec<String>) -> &'b mut Step {
    let voters = so_far.state.counts().voters;
    for (name, member) in &so_far.after.members {
        so_far.state.is_now(name, name, Seat::of(member));
    }
    commands.push(so_far.program.healthy(&so_far.state));
    let waits_for = so_far.all_up();
    let counts = Counts { voters, up: 0, stopped: voters };
    let step = so_far.step(action, Place::Control, commands, counts);
    step.waits_for = Some(waits_for);
    step
}
