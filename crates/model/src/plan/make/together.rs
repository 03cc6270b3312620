//! What all members have to be stopped for: those that have the new files and those that do not would refuse
//! each other.

use super::around::{clients, copy};
use super::so_far::SoFar;
use crate::plan::state::Seat;
use crate::plan::step::{Action, Place};

/// Stops all members, lays the files of all of them, and of clients, and starts them.
///
/// Nobody is asked before: the program that is compiled may show certificates that the members refuse.
pub(super) fn all(so_far: &mut SoFar<'_>) {
    let names: Vec<String> = so_far.after.members.keys().cloned().collect();
    for name in &names {
        stop(so_far, name);
    }
    for name in &names {
        let file = so_far.work.files.contains(name);
        if file || so_far.work.certificates.contains(name) {
            copy(so_far, name, file);
        }
    }
    let all: Vec<String> = so_far.work.clients.iter().cloned().collect();
    so_far.owe_endpoints.clear();
    clients(so_far, all, Vec::new(), Vec::new());
    for name in &names {
        start(so_far, name);
    }
}

fn stop(so_far: &mut SoFar<'_>, name: &str) {
    let Some(node) = so_far.node(name) else { return };
    let commands = node.stop();
    so_far.state.stops(name);
    let counts = so_far.state.counts();
    let step =
        so_far.step(Action::Stop(name.to_owned()), Place::Node(name.to_owned()), commands, counts);
    step.undo = Some("start it again".to_owned());
}

fn start(so_far: &mut SoFar<'_>, name: &str) {
    let Some(node) = so_far.node(name) else { return };
    let mut commands = node.start();
    let seat = Seat::of(node.member);
    let counts = so_far.state.counts();
    so_far.state.is_now(name, name, seat);
    so_far.state.starts(name);
    let is_last = so_far.state.counts().stopped == 0;
    if is_last {
        commands.push(so_far.program.healthy(&so_far.state));
    }
    let waits_for = is_last.then(|| so_far.all_up());
    let step = so_far.step(
        Action::Resume(name.to_owned()),
        Place::Node(name.to_owned()),
        commands,
        counts,
    );
    step.waits_for = waits_for;
}
