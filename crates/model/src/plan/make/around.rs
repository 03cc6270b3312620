//! What comes before, between and after the changes of members: looks, a snapshot, certificates, clients.

use super::so_far::SoFar;
use crate::artifact::shell_word;
use crate::plan::commands::{client_files, looks_of_upgrade};
use crate::plan::jump::Jump;
use crate::plan::quota::Quota;
use crate::plan::step::{Action, FORMER, Look, Place};
use crate::plan::work::certs_dir;
use crate::release::edge;
use crate::running::RunningMember;
use std::collections::BTreeSet;

/// What has to be seen before anything is done.
pub(super) fn looks(so_far: &mut SoFar<'_>) {
    let counts = so_far.state.counts();
    let jump = so_far.work.upgrades.values().next().copied();
    let is_next = |from, to| edge(from, to).is_some();
    if let Some((from, to)) = jump.filter(|(from, to)| is_next(*from, *to)) {
        let nodes: Vec<_> = so_far
            .before
            .members
            .iter()
            .map(|(name, member)| so_far.node_of(name, member))
            .collect();
        let status = so_far.program.all(&so_far.state, "endpoint status -w table");
        let ask = |words: &str| so_far.program.all(&so_far.state, words);
        let (more, to_see) = looks_of_upgrade(&nodes, &ask, from, to);
        let commands = std::iter::once(status).chain(more).collect();
        let step = so_far.step(Action::Look(Look::Upgrade), Place::Control, commands, counts);
        step.notes.extend(to_see);
    }
    if so_far.work.looks_for_content {
        let look = |(name, member): (&String, &RunningMember)| {
            let node = so_far.node_of(name, member);
            node.look(&format!("etcdutl check v2store --data-dir {}", shell_word(&node.data())))
        };
        let commands = so_far.before.members.iter().map(look).collect();
        let step = so_far.step(Action::Look(Look::Content), Place::Control, commands, counts);
        step.notes.push(
            "each has to end with 0, beside the running etcd: with such data a member does not start"
                .to_owned(),
        );
    }
    if let Some(Quota::Lowered(bytes)) = so_far.work.quota.clone() {
        let commands = vec![so_far.program.all(&so_far.state, "endpoint status -w table")];
        let step = so_far.step(Action::Look(Look::Sizes), Place::Control, commands, counts);
        step.notes.push(format!(
            "each DB SIZE has to be less than five sixths of {bytes} bytes: with a larger one every write is \
             refused right after the restart; compact and defragment first"
        ));
    }
}

/// Before the first removal, and before an upgrade.
pub(super) fn snapshot(so_far: &mut SoFar<'_>) {
    // A restore begins with one of its own.
    let is_upgraded =
        !so_far.work.upgrades.is_empty() && !matches!(so_far.work.jump, Some(Jump::Restore(_)));
    if so_far.work.leaves.is_empty() && !is_upgraded {
        return;
    }
    let via = so_far.via(&[]);
    // Not in the package's folder, which is one of git.
    let file = "\"$HOME/before-$(date +%Y%m%dT%H%M%S).db\"";
    let commands = vec![so_far.program.one(&so_far.state, &via, &format!("snapshot save {file}"))];
    let counts = so_far.state.counts();
    let step = so_far.step(Action::Snapshot(via), Place::Control, commands, counts);
    step.notes.push("it holds all that is in etcd: keep it where secrets are kept".to_owned());
}

/// Certificates, CAs and lists of revoked ones: to members that stay where they are, and to clients.
pub(super) fn certificates(so_far: &mut SoFar<'_>) {
    let has_no_start = |name: &&String| !so_far.work.restarts(name);
    let files: BTreeSet<String> = so_far.work.files.iter().filter(has_no_start).cloned().collect();
    for name in so_far.work.certificates.union(&files).cloned().collect::<Vec<_>>() {
        let old = so_far.work.old_name(&name).to_owned();
        let (Some(node), Some(was)) = (so_far.node(&name), so_far.before.members.get(&old)) else {
            continue;
        };
        // Those have them together with their address, which the certificate names.
        if so_far.work.moves.contains(&name) || so_far.work.leaves.contains(&old) {
            continue;
        }
        let folder = certs_dir(node.member).filter(|_| so_far.work.certificates.contains(&name));
        let is_new = folder != certs_dir(was);
        let commands = node.copy(folder.map(|_| is_new), files.contains(&name));
        let (counts, is_late) = (so_far.state.counts(), files.contains(&name));
        let place = Place::Node(name.clone());
        let step = so_far.step(Action::Copy(name.clone()), place, commands, counts);
        step.undo = folder.map(|folder| format!("the folder `{folder}.DATE` has those of before"));
        if folder.is_some() {
            step.notes.push(
                "the folder of before holds keys: remove it, file by file, once all is well"
                    .to_owned(),
            );
        }
        if is_late {
            step.notes
                .push("etcd reads the new options at its next start: none is needed".to_owned());
        }
    }
    let files: BTreeSet<&String> = so_far.work.clients.difference(&so_far.work.endpoints).collect();
    let files: Vec<String> = files.into_iter().cloned().collect();
    clients(so_far, files, Vec::new(), Vec::new());
}

/// Clients get other endpoints once two of those that they are to have answer, so that either may be
/// restarted next; with one, where they are about to lose the last that they have.
pub(super) fn endpoints_if_safe(so_far: &mut SoFar<'_>) {
    let (have, are_to_have) = so_far.endpoints_up();
    let is_safe = are_to_have >= 2 || (are_to_have == 1 && have < 2);
    if so_far.owes_endpoints && is_safe {
        endpoints(so_far);
    }
}

/// Clients get other endpoints.
pub(super) fn endpoints(so_far: &mut SoFar<'_>) {
    if !so_far.owes_endpoints {
        return;
    }
    so_far.owes_endpoints = false;
    let names: Vec<String> = so_far.work.endpoints.iter().cloned().collect();
    let (before, after) = (&so_far.before.members, &so_far.after.members);
    let entering = after.keys().filter(|name| !before.contains_key(*name)).cloned().collect();
    let leaving = before.keys().filter(|name| !after.contains_key(*name)).cloned().collect();
    clients(so_far, names, entering, leaving);
}

fn clients(
    so_far: &mut SoFar<'_>,
    names: Vec<String>,
    entering: Vec<String>,
    leaving: Vec<String>,
) {
    if names.is_empty() {
        return;
    }
    let files = |name: &String| {
        let before = so_far.before.clients.get(name);
        let after = so_far.after.clients.get(name);
        after.map(|client| client_files(name, before, client)).unwrap_or_default()
    };
    let commands = names.iter().flat_map(files).collect();
    let has_flags = names.iter().any(|name| name.contains("apiserver"));
    let counts = so_far.state.counts();
    let action = Action::Clients { names, entering, leaving };
    let step = so_far.step(action, Place::Clients, commands, counts);
    step.waits_for = Some("you say so".to_owned());
    step.undo = Some(format!("{FORMER}, and a restart"));
    step.notes.push(
        "most clients read their files at the start: restart them, those of one service one after another"
            .to_owned(),
    );
    if has_flags {
        step.notes.push(
            "of an API server the flags in `kube-apiserver.flags` belong into its manifest"
                .to_owned(),
        );
    }
}

/// A quota that was raised leaves the alarm that the old one raised; it refuses every write until it is
/// switched off.
pub(super) fn disarm(so_far: &mut SoFar<'_>) {
    if so_far.work.quota != Some(Quota::Raised) {
        return;
    }
    let via = so_far.via(&[]);
    let mut commands: Vec<String> = ["alarm list", "alarm disarm"]
        .map(|words| so_far.program.one(&so_far.state, &via, words))
        .into();
    commands.extend(so_far.program.write(&so_far.state, &via));
    let counts = so_far.state.counts();
    let step = so_far.step(Action::Disarm, Place::Control, commands, counts);
    step.waits_for = Some("one write succeeds".to_owned());
    step.notes.push(
        "where `alarm list` shows CORRUPT, stop: `alarm disarm` would switch that off as well"
            .to_owned(),
    );
}

/// Clients that are gone: what they can still do is for a person to decide.
pub(super) fn gone(so_far: &mut SoFar<'_>) {
    for name in so_far.work.gone.clone() {
        let commands = vec![so_far.program.all(&so_far.state, "user list")];
        let counts = so_far.state.counts();
        let step = so_far.step(Action::Decide(name.clone()), Place::Control, commands, counts);
        step.notes.push(format!(
            "its certificate lets it in until it expires, and a user `{name}` of etcd's stays: name it \
             under `[[revoked]]`, or leave it; delete its folder on its machine"
        ));
    }
}

/// What was done is recorded last.
pub(super) fn record(so_far: &mut SoFar<'_>) {
    let commands = vec![
        format!("{} done", so_far.program.typed),
        "git commit -m 'Record what runs' cluster.toml cluster.lock".to_owned(),
    ];
    let undo = format!("`{} done --undo`", so_far.program.typed);
    let (counts, has_phases) = (so_far.state.counts(), so_far.work.phases);
    let step = so_far.step(Action::Record, Place::Control, commands, counts);
    step.undo = Some(undo);
    if has_phases {
        step.notes.push(
            "a change of CA goes by phases: the next edit of `[ca]` comes after this".to_owned(),
        );
    }
}
