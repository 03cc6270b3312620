//! What all members are stopped for at the same time, and the way back from 3.6.

use super::so_far::SoFar;
use crate::plan::commands::{MovedData, Node};
use crate::plan::jump::Jump;
use crate::plan::state::Seat;
use crate::plan::step::{Action, Counts, FORMER, Place, Step};
use crate::version::EtcdVersion;

/// Leads the cluster back to the minor version before, or starts all members at once where it takes that.
pub(super) fn at_once(so_far: &mut SoFar<'_>) {
    match so_far.work.jump {
        Some(Jump::Downgrade(to)) => downgrade(so_far, to),
        Some(Jump::Restore(to)) => return restore(so_far, to),
        None => {}
    }
    // Peers that are told to the list have to answer meanwhile.
    let work = &so_far.work;
    if work.at_once && work.moves.is_empty() && work.schemes.is_empty() {
        restart_all(so_far);
    }
}

/// etcd then writes what the older version can read, and takes members of it.
fn downgrade(so_far: &mut SoFar<'_>, to: EtcdVersion) {
    let minor = to.minor();
    let (state, program) = (&so_far.state, &so_far.program);
    let tell = |word| program.all(state, &format!("downgrade {word} {minor}"));
    let status = program.all(state, "endpoint status -w json");
    let counts = state.counts();
    let commands = vec![
        tell("validate"),
        tell("enable"),
        format!(
            "until [ \"$({status} | grep -o '\"storageVersion\":\"{minor}\\.' | wc -l)\" = {} ]; do sleep 2; done",
            counts.voters
        ),
    ];
    let undo = format!("until a member runs {to}: `{}`", program.all(state, "downgrade cancel"));
    let step = so_far.step(Action::Downgrade(to), Place::Control, commands, counts);
    step.waits_for = Some(format!("all data is as {minor} has it"));
    step.undo = Some(undo);
}

/// Every member of today, by its name then, its name afterwards and how it moves its data.
fn all(so_far: &SoFar<'_>) -> Vec<(String, String, MovedData)> {
    let names = so_far.after.members.iter().filter_map(|(name, member)| {
        let old = so_far.work.old_name(name).to_owned();
        let was = so_far.before.members.get(&old)?;
        so_far.state.seat(&old)?;
        let data = MovedData::of((&old, name), was, member);
        Some((old, name.clone(), data))
    });
    names.collect()
}

/// Copies that differ refuse each other, so that no two of them run at the same time.
fn restart_all(so_far: &mut SoFar<'_>) {
    let all = all(so_far);
    let looks = all.iter().filter_map(|(_, name, data)| so_far.node(name)?.can_move(data));
    let stops = all.iter().filter_map(|(_, name, _)| Some(so_far.node(name)?.stop()));
    let mut commands: Vec<String> = looks.chain(stops).collect();
    for (_, name, data) in &all {
        let installs = so_far.work.upgrades.contains_key(name);
        commands.extend(so_far.node(name).into_iter().flat_map(|node| node.start(data, installs)));
    }
    let step = start(so_far, &all, Action::RestartAll, commands);
    step.undo = Some(format!("stop all, {FORMER}, and start all"));
}

/// One file for all: members that are restored from different ones differ for good.
fn restore(so_far: &mut SoFar<'_>, to: EtcdVersion) {
    let all = all(so_far);
    let via = so_far.via(&[]);
    // Not in the package's folder, which is one of git.
    let save = so_far.program.one(&so_far.state, &via, "snapshot save \"$file\"");
    let file = "stopped=no file=\"$HOME/before-$(date +%Y%m%dT%H%M%S).db\"".to_owned();
    let nodes: Vec<Node<'_>> = all
        .iter()
        .filter_map(|(old, ..)| Some(so_far.node_of(old, so_far.before.members.get(old)?)))
        .collect();
    let mut commands = vec![file];
    commands.extend(nodes.iter().filter_map(Node::can_be_empty));
    commands.push(save);
    commands.extend(nodes.iter().map(Node::empty));
    commands.push("stopped=yes".to_owned());
    for (_, name, _) in &all {
        let node = so_far.node(name);
        // The first chain may have ended early.
        let restore = node.map(|node| node.restore("\"$file\"", "[ \"$stopped\" = yes ]"));
        commands.extend(restore.into_iter().flatten());
    }
    let step = start(so_far, &all, Action::Restore(to), commands);
    step.undo = Some(format!(
        "stop all, move the former data folders back, {FORMER}, the former etcd, and start all"
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
fn start<'b>(
    so_far: &'b mut SoFar<'_>,
    all: &[(String, String, MovedData)],
    action: Action,
    mut commands: Vec<String>,
) -> &'b mut Step {
    let voters = so_far.state.counts().voters;
    for (old, name, _) in all {
        if let Some(member) = so_far.after.members.get(name) {
            so_far.state.is_now(old, name, Seat::of(member));
        }
    }
    commands.push(so_far.program.healthy(&so_far.state));
    let waits_for = so_far.all_up();
    so_far.is_restarted = true;
    let counts = Counts { voters, up: 0, stopped: voters };
    let step = so_far.step(action, Place::Control, commands, counts);
    step.waits_for = Some(waits_for);
    step
}
