//! All members, restored from one file.

use super::so_far::{SoFar, Typed};
use crate::artifact::shell_word;
use crate::plan::commands::{Node, Program, Snapshot, file_word};
use crate::plan::now::Now;
use crate::plan::step::{Action, Counts, Place, Step};
use crate::plan::work::Work;
use crate::running::Running;

/// Returns the steps: nothing is stopped before all nodes have the file and what it takes, nothing is started
/// before all are stopped.
pub(in crate::plan) fn steps(
    (running, compiled): (&Running, &Running),
    typed: Typed<'_>,
    snapshot: &Snapshot<'_>,
) -> Vec<Step> {
    let program =
        Program { typed: typed.program, compiled, files: "", has_alarm: snapshot.has_alarm };
    let work = Work::default();
    let now = Now::recorded((running, running), typed.ids, &work);
    let mut so_far = SoFar::new(work, now, (running, running), program, typed);
    let nodes: Vec<Node<'_>> =
        running.members.iter().map(|(name, member)| so_far.node_of(name, member)).collect();
    bring(&mut so_far, &nodes, snapshot);
    clients(&mut so_far, Action::StopClients, STOP);
    stop(&mut so_far, &nodes);
    restore(&mut so_far, &nodes, snapshot);
    if snapshot.has_alarm {
        disarm(&mut so_far, snapshot.is_corrupt);
    }
    record(&mut so_far, snapshot);
    clients(&mut so_far, Action::StartClients, START);
    so_far.steps
}

fn bring(so_far: &mut SoFar<'_>, nodes: &[Node<'_>], snapshot: &Snapshot<'_>) {
    let counts = so_far.state.counts();
    let bring = |node: &Node<'_>| [node.takes(snapshot), node.does(&node.can_restore(snapshot))];
    let commands = nodes.iter().flat_map(bring).collect();
    let (program, token) = (so_far.program.typed, shell_word(snapshot.token));
    let file = file_word(snapshot.file);
    let step = so_far.step(Action::Bring, Place::Control, commands, counts);
    step.notes.push("nothing is changed by this, and members may run".to_owned());
    step.notes.push(
        "a node that is new gets its files first, as at a first install, and is not started"
            .to_owned(),
    );
    step.notes.push(format!(
        "where a node cannot be reached: leave out its lines and those that ask its member, here and in the next \
         steps, as long as a quorum is left; `{program} restore {file} MEMBER --token {token}` has them for later, \
         and it joins then"
    ));
    step.notes.push(
        "the file holds all that is in etcd: what is left of it on a node after this is to be removed by hand"
            .to_owned(),
    );
}

/// What is done with clients, each for a person: what watches etcd takes what it knows for true afterwards.
const STOP: [&str; 4] = [
    "# Kubernetes, on each node with an API server: mv /etc/kubernetes/manifests/kube-apiserver.yaml /root/",
    "# k3s and RKE2, on each server: systemctl stop k3s or rke2-server",
    "# Patroni: patronictl pause --wait",
    "# all else that writes to etcd or watches it, such as Calico, CoreDNS, Traefik and your own: stop it",
];
const START: [&str; 4] = [
    "# Kubernetes, on each node with an API server: mv /root/kube-apiserver.yaml /etc/kubernetes/manifests/ \
     and restart the controller manager, the scheduler and each kubelet",
    "# k3s and RKE2, on each server: systemctl start k3s or rke2-server",
    "# Patroni, once one of its members is seen to be the leader: patronictl resume --wait",
    "# all else that was stopped: start it",
];

fn clients(so_far: &mut SoFar<'_>, action: Action, lines: [&str; 4]) {
    let counts = so_far.state.counts();
    let commands = lines.map(str::to_owned).to_vec();
    so_far.step(action, Place::Clients, commands, counts);
}

fn stop(so_far: &mut SoFar<'_>, nodes: &[Node<'_>]) {
    let voters = so_far.state.counts().voters;
    let commands = nodes.iter().map(|node| node.does(&node.gives_way())).collect();
    let counts = Counts { voters, up: 0, stopped: voters };
    let step = so_far.step(Action::StopAll, Place::Control, commands, counts);
    step.waits_for = Some("all are stopped".to_owned());
    step.undo = Some(
        "rename `member.DATE` in each data folder to `member` again, and so logs in `wal-dir`, and start all"
            .to_owned(),
    );
    step.notes.push(
        "a member that keeps its data cannot join the others afterwards: it is of another cluster then"
            .to_owned(),
    );
}

fn restore(so_far: &mut SoFar<'_>, nodes: &[Node<'_>], snapshot: &Snapshot<'_>) {
    let voters = so_far.state.counts().voters;
    let mut commands: Vec<String> =
        nodes.iter().map(|node| node.does(&node.restores_from(snapshot))).collect();
    // Each on its own: that of a member that is left out would never end, and is left out as well.
    let waits = so_far.state.up().map(|name| so_far.program.current(&so_far.state, name));
    commands.extend(waits);
    if !snapshot.has_alarm {
        commands.extend(so_far.program.write(&so_far.state, None));
    }
    let counts = Counts { voters, up: 0, stopped: voters };
    let waits_for = so_far.all_healthy();
    let step = so_far.step(Action::RestoreAll, Place::Control, commands, counts);
    step.notes.push(
        "where it ends at one node, as with a full disk: put that right, and do all of this step again".to_owned(),
    );
    step.notes.push(
        "a wait that does not end, because etcd does not start on a node: Ctrl-C, look there with `journalctl -u etcd`, \
         and do all of this step again"
            .to_owned(),
    );
    step.waits_for = Some(waits_for);
    step.undo = Some(
        "stop all, move the new `member` out of each data folder and the former one back, and so with logs in \
         `wal-dir`, and start all"
            .to_owned(),
    );
}

fn disarm(so_far: &mut SoFar<'_>, is_corrupt: bool) {
    let (program, state) = (so_far.program, &so_far.state);
    let (compacts, off) = (program.compacts(state), program.off(state, None));
    // The space of what is history goes back first: under the same quota no write would go through. Under CORRUPT etcd
    // compacts nothing (`applierV3Corrupt` in its `server/etcdserver/apply`).
    let mut commands = if is_corrupt {
        std::iter::once(off).chain(compacts).collect::<Vec<_>>()
    } else {
        compacts.into_iter().chain([off]).collect()
    };
    commands.extend(program.write(state, None));
    let counts = so_far.state.counts();
    let step = so_far.step(Action::Disarm, Place::Control, commands, counts);
    step.waits_for = Some("one write succeeds".to_owned());
    step.notes.push("the alarm came with the snapshot, of a member that is no more".to_owned());
}

fn record(so_far: &mut SoFar<'_>, snapshot: &Snapshot<'_>) {
    let file = file_word(snapshot.file);
    let token = shell_word(snapshot.token);
    let commands = vec![
        format!("{} done --restored {file} --token {token}", so_far.program.typed),
        "git commit -m 'Record the restore' cluster.toml cluster.lock".to_owned(),
    ];
    let counts = so_far.state.counts();
    let step = so_far.step(Action::Record, Place::Control, commands, counts);
    step.notes
        .push("the cluster and its members have other IDs now: build again afterwards".to_owned());
}
