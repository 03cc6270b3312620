//! What comes before, between and after the changes of members: looks, a snapshot, certificates, clients.

use super::so_far::SoFar;
use crate::artifact::shell_word;
use crate::plan::commands::{client_files, client_secret, looks_of_upgrade, repeated};
use crate::plan::next::{Alarm, Space};
use crate::plan::step::{Action, FORMER, Look, Place, Step};
use crate::release::edge;
use crate::running::RunningMember;
use crate::url::{Scheme, Url};
use crate::version::EtcdVersion;
use std::collections::{BTreeMap, BTreeSet};

/// The listeners at which who connects is asked for a certificate.
const ASKING: [&str; 3] = ["listen-client-urls", "listen-client-http-urls", "listen-metrics-urls"];

/// Adds what has to be seen before anything is done.
pub(super) fn looks(so_far: &mut SoFar<'_>) {
    so_far.left.looks = false;
    let counts = so_far.state.counts();
    let upgrades = so_far.work.upgrades.values().copied();
    let is_next = |(from, to): &(EtcdVersion, EtcdVersion)| edge(*from, *to).is_some();
    let jumps: BTreeSet<_> = upgrades.filter(is_next).collect();
    for (from, to) in jumps {
        let is_meant = |name: &String| {
            let new = so_far.after.members.keys().find(|new| so_far.work.old_name(new) == name);
            new.and_then(|new| so_far.work.upgrades.get(new)) == Some(&(from, to))
        };
        let members = so_far.before.members.iter().filter(|(name, _)| is_meant(name));
        let nodes: Vec<_> = members.map(|(name, it)| so_far.node_of(name, it)).collect();
        let status = so_far.program.all(&so_far.state, "endpoint status -w table");
        let ask = |words: &str| so_far.program.all(&so_far.state, words);
        let (more, to_see) = looks_of_upgrade(&nodes, &ask, from, to);
        let commands = std::iter::once(status).chain(more).collect();
        let step = so_far.step(Action::Look(Look::Upgrade), Place::Control, commands, counts);
        step.notes.extend(to_see);
    }
    if so_far.work.looks.contains(&Look::Content) {
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
    if so_far.work.looks.contains(&Look::Clients) {
        let look = |(name, member): (&String, &RunningMember)| {
            let urls = ASKING.into_iter().flat_map(|option| member.urls(option));
            let urls = urls.filter_map(|url| Url::parse(url).ok());
            let urls = urls.filter(|url| url.scheme == Scheme::Https);
            let ports: BTreeSet<String> =
                urls.map(|url| format!("sport = :{}", url.port)).collect();
            let ports: Vec<String> = ports.into_iter().collect();
            let node = so_far.node_of(name, member);
            node.look(&format!("ss -Htn state established '( {} )'", ports.join(" or ")))
        };
        let commands = so_far.before.members.iter().map(look).collect();
        let step = so_far.step(Action::Look(Look::Clients), Place::Control, commands, counts);
        step.notes.push(
            "these are the clients of now: who shows no certificate is cut off from each member's restart on"
                .to_owned(),
        );
    }
    if so_far.work.looks.contains(&Look::Users) {
        let commands = vec![so_far.program.all(&so_far.state, "user list")];
        let step = so_far.step(Action::Look(Look::Users), Place::Control, commands, counts);
        step.notes.push(
            "where authentication is on, who logs in by certificate is refused from each member's restart on, \
             this program as well: go no further then"
                .to_owned(),
        );
    }
    if let Some(bytes) = so_far.work.quota.lowered {
        let commands = vec![so_far.program.all(&so_far.state, "endpoint status -w table")];
        let step = so_far.step(Action::Look(Look::Sizes), Place::Control, commands, counts);
        step.notes.push(format!(
            "each DB SIZE has to be less than five sixths of {bytes} bytes: with a larger one every write is \
             refused right after the restart; compact and defragment first"
        ));
    }
}

/// Adds a snapshot, before the first removal and before an upgrade.
pub(super) fn snapshot(so_far: &mut SoFar<'_>) {
    so_far.left.snapshot = false;
    // Of an upgrade that was begun, one that has the former etcd.
    let runs_new = |name: &&str| so_far.state.get(name).is_some_and(|listed| listed.has_version);
    let new: Vec<&str> = so_far.state.up().filter(runs_new).collect();
    let via = so_far.via(if new.len() < so_far.state.up().count() { &new } else { &[] });
    // Not in the package's folder, which is one of git.
    let file = "\"$HOME/before-$(date +%Y%m%dT%H%M%S).db\"";
    let save = so_far.program.one(&so_far.state, &via, &format!("snapshot save {file}"));
    // What follows is not done without it. Where one that is dead is to be removed, all would be waited for in
    // vain.
    let commands = vec![so_far.program.current(&so_far.state, &via), repeated(&save)];
    let counts = so_far.state.counts();
    let step = so_far.step(Action::Snapshot(via), Place::Control, commands, counts);
    step.notes.push("it holds all that is in etcd: keep it where secrets are kept".to_owned());
}

/// Copies certificates, CAs and lists of revoked ones to a member that stays where it is; or options that count at
/// its next start.
pub(super) fn copy_now(so_far: &mut SoFar<'_>, name: &str) {
    so_far.left.copies.remove(name);
    let is_late = so_far.work.files.contains(name) && !so_far.work.restarts(name);
    if let Some(step) = copy(so_far, name, is_late).filter(|_| is_late) {
        step.notes.push("etcd reads the new options at its next start: none is needed".to_owned());
    }
}

/// Returns what is left where certificates were replaced. What a link of `install` leads to is a version that it keeps.
pub(super) fn is_left(folder: &str) -> String {
    let word = shell_word(folder);
    format!(
        "`{folder}` has keys, or is a link to a folder that has: once all is well, `rm {word}` where it is a link, \
         as `install` lays it, and else remove it, file by file"
    )
}

/// Takes a member's new certificates to its node, and the file that it starts from, if asked for.
pub(super) fn copy<'b>(so_far: &'b mut SoFar<'_>, name: &str, file: bool) -> Option<&'b mut Step> {
    so_far.before.members.get(so_far.work.old_name(name))?;
    let certificates = so_far.certificates(name);
    let node = so_far.node(name)?;
    let folder = so_far.former_folder(name);
    let commands = node.copy(certificates, file);
    let counts = so_far.state.counts();
    let place = Place::Node(name.to_owned());
    let step = so_far.step(Action::Copy(name.to_owned()), place, commands, counts);
    step.undo = folder.as_ref().map(|folder| format!("the folder `{folder}` has those of before"));
    step.notes.extend(folder.as_deref().map(is_left));
    Some(step)
}

/// Gives clients what they get next: files, lists for meanwhile, or endpoints.
pub(super) fn clients_now(so_far: &mut SoFar<'_>) {
    if !so_far.left.client_files.is_empty() {
        let files = core::mem::take(&mut so_far.left.client_files);
        clients(so_far, files.into_iter().collect(), Vec::new(), Vec::new());
    } else if so_far.left.between {
        between(so_far);
    } else {
        let due = so_far.due_endpoints();
        // At the end, all get them that still have others.
        let due = if due.is_empty() { so_far.left.endpoints.clone() } else { due };
        so_far.left.endpoints.retain(|name| !due.contains(name));
        endpoints_of(so_far, due.into_iter().collect());
    }
}

/// Has clients of whose endpoints none stays dial former and new ones until all members were changed.
pub(super) fn between(so_far: &mut SoFar<'_>) {
    so_far.left.between = false;
    let mut lists: BTreeMap<Vec<String>, Vec<String>> = BTreeMap::new();
    let have = core::mem::take(&mut so_far.left.have_between);
    let lacks = |(name, _): &(String, Vec<String>)| !have.contains(name);
    for (name, list) in so_far.work.between.clone().into_iter().filter(lacks) {
        lists.entry(list).or_default().push(name);
    }
    for (between, names) in lists {
        let of = names.join(", ");
        let commands = vec![format!(
            "# on each machine of {of}: let it dial these, and restart it\n# {}",
            between.join(",")
        )];
        let counts = so_far.state.counts();
        let (entering, leaving) = (Vec::new(), Vec::new());
        let action = Action::Clients { names, entering, leaving, between };
        let step = so_far.step(action, Place::Clients, commands, counts);
        step.waits_for = Some("you say so".to_owned());
        step.undo = Some("the former list, and a restart".to_owned());
        step.notes.push(
            "no file in `out/` has this list: it stays until all members were changed, and then the new \
             files come"
                .to_owned(),
        );
    }
}

/// Gives all clients that still have others the endpoints of their files.
pub(super) fn endpoints(so_far: &mut SoFar<'_>) {
    let names = core::mem::take(&mut so_far.left.endpoints);
    endpoints_of(so_far, names.into_iter().collect());
}

fn endpoints_of(so_far: &mut SoFar<'_>, names: Vec<String>) {
    let (before, after) = (&so_far.before.members, &so_far.after.members);
    let entering = after.keys().filter(|name| !before.contains_key(*name)).cloned().collect();
    let leaving = before.keys().filter(|name| !after.contains_key(*name)).cloned().collect();
    clients(so_far, names, entering, leaving);
}

pub(super) fn clients(
    so_far: &mut SoFar<'_>,
    names: Vec<String>,
    entering: Vec<String>,
    leaving: Vec<String>,
) {
    if names.is_empty() {
        return;
    }
    let files = |name: &&String| {
        let before = so_far.before.clients.get(*name);
        let after = so_far.after.clients.get(*name);
        after.map(|client| client_files(name, before, client)).unwrap_or_default()
    };
    let (by_secret, on_machines): (Vec<&String>, Vec<&String>) =
        names.iter().partition(|name| so_far.secrets.contains(&name.as_str()));
    // In a chain of its own, each would be done where the one before it was not.
    let whose: Vec<_> = on_machines.iter().map(|name| shell_word(name)).collect();
    let whose = (!whose.is_empty())
        .then(|| format!("# HOST: each machine of {}", whose.join(", then each of ")));
    let secrets = by_secret.iter().map(|name| client_secret(name));
    let has_secret = !by_secret.is_empty();
    let commands =
        whose.into_iter().chain(on_machines.iter().flat_map(files)).chain(secrets).collect();
    let counts = so_far.state.counts();
    let action = Action::Clients { names, entering, leaving, between: Vec::new() };
    let step = so_far.step(action, Place::Clients, commands, counts);
    step.waits_for = Some("you say so".to_owned());
    step.undo = Some(format!("{FORMER}, and a restart"));
    step.notes.push(
        "most clients read their files at the start: restart them, those of one service one after another; where \
         a manifest or a configuration names the endpoints, such as that of an API server, change it, too"
            .to_owned(),
    );
    if has_secret {
        step.notes.push(
            "pods read a Secret when they start: restart those that have this one, `kubectl rollout restart`"
                .to_owned(),
        );
    }
}

/// Switches off the alarm of the old quota, which stays when the quota is raised, and refuses every write until
/// then.
pub(super) fn disarm(so_far: &mut SoFar<'_>) {
    let is_seen = so_far.left.alarm.take().is_some();
    if !core::mem::take(&mut so_far.left.may_have_alarm) && !is_seen {
        return;
    }
    let via = so_far.via(&[]);
    // What alarms there are is known, where members were asked.
    let commands = if is_seen {
        so_far.program.disarm_all(&so_far.state, Some(&via))
    } else {
        so_far.program.disarm(&so_far.state, &via)
    };
    let counts = so_far.state.counts();
    let step = so_far.step(Action::Disarm, Place::Control, commands, counts);
    step.waits_for = Some("one write succeeds".to_owned());
    if is_seen {
        return;
    }
    step.notes.push(
        "where an alarm CORRUPT is shown, nothing is switched off: `alarm disarm` would switch that off as \
         well, and members have different data"
            .to_owned(),
    );
}

/// Removes the history, which a database that is full can do without.
pub(super) fn compact(so_far: &mut SoFar<'_>) {
    so_far.left.alarm = Some(Alarm::Space(Space::Compacted));
    so_far.left.defragment = so_far.state.up().map(str::to_owned).collect();
    let commands = vec![so_far.program.compact(&so_far.state)];
    let counts = so_far.state.counts();
    let step = so_far.step(Action::Compact, Place::Control, commands, counts);
    step.notes.push(
        "former values of keys are gone; a client that watches from an older revision begins again"
            .to_owned(),
    );
}

/// Makes a member give back the space that it has no use for; it stands still meanwhile.
pub(super) fn defragment(so_far: &mut SoFar<'_>, name: &str) {
    so_far.left.defragment.remove(name);
    let commands = vec![so_far.program.defragment(&so_far.state, name)];
    let counts = so_far.state.without(name);
    so_far.step(Action::Defragment(name.to_owned()), Place::Control, commands, counts);
}

/// Names clients that are gone: what they can still do is for a person to decide.
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

/// Says why there is no record: it is of all that is compiled, and would say that what is refused was done.
pub(super) fn no_record(so_far: &mut SoFar<'_>) {
    let done = format!("{} done", so_far.program.typed);
    if let Some(step) = so_far.steps.last_mut() {
        step.notes.push(format!(
            "nothing is recorded here: `{done}` would record as done what is refused; write that as it was, or \
             accept it, then build, and plan again"
        ));
    }
}

/// Records what was done, last.
pub(super) fn record(so_far: &mut SoFar<'_>) {
    let has_waited = |step: &Step| step.place != Place::Clients && step.waits_for.is_some();
    let wait = so_far.steps.iter().any(has_waited);
    let wait = wait.then(|| so_far.program.healthy_before(&so_far.state));
    let replaced = so_far.replaced.iter().map(|name| format!(" --replaced {}", shell_word(name)));
    let done = [
        format!("{} done{}", so_far.program.typed, replaced.collect::<String>()),
        "git commit -m 'Record what runs' cluster.toml cluster.lock".to_owned(),
    ];
    let commands = wait.into_iter().chain(done).collect();
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
