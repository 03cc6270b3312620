//! Who is in the cluster: those that start, join, leave, and those that are found elsewhere.

use super::so_far::SoFar;
use crate::artifact::shell_word;
use crate::mark::mark_of;
use crate::plan::commands::{Edit, MovedData, repeated};
use crate::plan::next::{Alarm, Life};
use crate::plan::state::Seat;
use crate::plan::step::{Action, FORMER, Place, Step};

/// Starts one that takes part in the bootstrap and is not started yet: it is in the list already.
fn found(so_far: &mut SoFar<'_>, name: &str) {
    let Some(node) = so_far.node(name) else { return };
    let mut commands = node.install(&[], None);
    let counts = so_far.state.counts();
    so_far.state.starts(name);
    commands.push(so_far.program.healthy(&so_far.state));
    let waits_for = so_far.all_up();
    let place = Place::Node(name.to_owned());
    so_far.step(Action::Start(name.to_owned()), place, commands, counts).waits_for =
        Some(waits_for);
}

/// Starts one that is in the list: a founder, one that joins, or one that has run.
pub(super) fn start(so_far: &mut SoFar<'_>, name: &str) {
    let is_new = so_far.state.get(name).is_some_and(|listed| listed.life == Life::New);
    if !is_new {
        again(so_far, name);
    } else if so_far.left.joins.contains(name) {
        join(so_far, name);
    } else {
        found(so_far, name);
    }
}

/// Starts one that has run, and is down.
fn again(so_far: &mut SoFar<'_>, name: &str) {
    let member = so_far.before.members.get(name);
    let Some(member) = member.or_else(|| so_far.after.members.get(name)) else { return };
    let mut commands = so_far.node_of(name, member).start_again();
    let counts = so_far.state.counts();
    so_far.state.starts(name);
    // Without a quorum none of them is ready yet.
    let now = so_far.state.counts();
    let waits = now.up >= now.quorum();
    if waits {
        commands.push(answers(so_far, name));
    }
    let on_node = so_far.on_node;
    let place = Place::Node(name.to_owned());
    let step = so_far.step(Action::StartAgain(name.to_owned()), place, commands, counts);
    step.waits_for = waits.then(|| "it answers".to_owned());
    step.notes.push(format!(
        "where it does not come up, `{on_node} doctor` on its node says why; its data is left as it is"
    ));
}

/// Waits for one that runs, and lacks what the others have.
pub(super) fn catches_up(so_far: &mut SoFar<'_>, name: &str) {
    let counts = so_far.state.counts();
    so_far.state.starts(name);
    let commands = vec![answers(so_far, name)];
    let action = Action::CatchUp(name.to_owned());
    so_far.step(action, Place::Control, commands, counts).waits_for =
        Some("it has what the leader has".to_owned());
}

/// Waits until a member answers: a voter with what a quorum agreed on, which no learner is asked for.
fn answers(so_far: &SoFar<'_>, name: &str) -> String {
    let votes = so_far.state.up().any(|voter| voter == name);
    if votes {
        so_far.program.current(&so_far.state, name)
    } else {
        repeated(&so_far.program.one(&so_far.state, name, "endpoint status"))
    }
}

/// Moves leadership to another member, without an election.
pub(super) fn lead(so_far: &mut SoFar<'_>, name: &str) {
    let Some(leader) = so_far.state.leader().map(str::to_owned) else {
        return so_far.state.leads(name);
    };
    let Some(seat) = so_far.state.seat(name).cloned() else { return };
    let (find, id) = so_far.program.id(&so_far.state, name, &seat, name);
    let lead = so_far.program.one(&so_far.state, &leader, &format!("move-leader {id}"));
    let counts = so_far.state.counts();
    so_far.state.leads(name);
    let commands = find.into_iter().chain([lead]).collect();
    so_far.step(Action::Lead(name.to_owned()), Place::Control, commands, counts);
}

const UNTIL_PROMOTED: &str = "until its promotion: `member remove` with the ID of";

/// Tells the list of one that joins, never with a vote at once: one that does not start would cost the cluster part of
/// its tolerance, or its quorum.
pub(super) fn add(so_far: &mut SoFar<'_>, name: &str) {
    let Some(seat) = so_far.after.members.get(name).map(Seat::of) else { return };
    let via = so_far.via(&[name]);
    let healthy = so_far.program.healthy(&so_far.state);
    let urls = shell_word(&seat.peers.join(",")).into_owned();
    let words = format!("member add {} --learner --peer-urls={urls}", shell_word(name));
    let add = so_far.program.one(&so_far.state, &via, &words);
    let counts = so_far.state.counts();
    let waits_for = so_far.all_up();
    let mut notes = Vec::new();
    if !so_far.is_seen && !so_far.left.leaves.is_empty() {
        let leaving: Vec<&str> = so_far.left.leaves.iter().map(String::as_str).collect();
        notes.push(format!(
            "where {} is dead already, remove it first: etcd adds no member beside a dead one",
            leaving.join(" or ")
        ));
    }
    let Some(node) = so_far.node(name) else { return };
    let version = node.member.version;
    let mut commands: Vec<String> = so_far.address_first(name).into_iter().collect();
    commands.extend([node.has_version(), healthy, add]);
    let step = so_far.step(Action::Add(name.to_owned()), Place::Control, commands, counts);
    // An older etcd would not start, and its entry would be in the list.
    step.notes.push(format!("its etcd has to be {version}, and not older than that of the others"));
    // They are asked before the addition, within this step.
    step.waits_for = Some(waits_for);
    step.undo = Some(format!("{UNTIL_PROMOTED} {name}"));
    step.notes.extend(notes);
    so_far.state.learns(name, seat);
}

fn join(so_far: &mut SoFar<'_>, name: &str) {
    let (Some(seat), Some(node)) = (so_far.state.seat(name).cloned(), so_far.node(name)) else {
        return;
    };
    let via = so_far.via(&[name]);
    let mut edits = Vec::new();
    let list = so_far.state.initial_cluster();
    if !is_same_list(node.member.option("initial-cluster"), &list) {
        edits.push(Edit::Holds { option: "initial-cluster", value: list, is_there: true });
    }
    if node.member.option("initial-cluster-state") != Some("existing") {
        let value = "existing".to_owned();
        edits.push(Edit::Holds { option: "initial-cluster-state", value, is_there: true });
    }
    let mut commands = vec![so_far.program.listed(&so_far.state, &seat, &via)];
    let former = so_far.before.members.get(name);
    commands.extend(node.install(&edits, former));
    let is_edited = !edits.is_empty();
    let mark = mark_of(name, node.member);
    let counts = so_far.state.counts();
    so_far.state.starts(name);
    let votes = so_far.state.up().any(|voter| voter == name);
    commands.push(if votes {
        // Restored or founded with the others, it is no learner at any time.
        answers(so_far, name)
    } else {
        let status = so_far.program.one(&so_far.state, name, "endpoint status -w json");
        repeated(&format!("{status} | grep -q '\"isLearner\":true'"))
    });
    let step =
        so_far.step(Action::Start(name.to_owned()), Place::Node(name.to_owned()), commands, counts);
    let waits_for = if votes { "it answers" } else { "it answers as a learner" };
    step.waits_for = Some(waits_for.to_owned());
    step.undo = (!votes).then(|| format!("{UNTIL_PROMOTED} {name}"));
    step.notes.push(if former.is_some() {
        "what it left is moved aside, and not deleted: it joins on an empty data folder".to_owned()
    } else {
        format!(
            "its data folder is empty: move what an earlier member of that name left aside, and remove the \
             mark of it, {mark}"
        )
    });
    if is_edited {
        step.notes.push(
            "it joins with the list as it is now, which etcd reads at this first start alone"
                .to_owned(),
        );
    }
}

/// Gives one that has caught up its vote.
pub(super) fn promote(so_far: &mut SoFar<'_>, name: &str) {
    let Some(seat) = so_far.state.seat(name).cloned() else { return };
    so_far.left.joins.remove(name);
    if so_far.before.members.contains_key(so_far.work.old_name(name)) {
        so_far.replaced.insert(name.to_owned());
    }
    let via = so_far.via(&[name]);
    let learner = so_far.state.clone();
    so_far.state.votes(name);
    let (find, id) = so_far.program.new_id(&learner, &seat, &via);
    let promote = so_far.program.one(&learner, &via, &format!("member promote {id}"));
    let commands = vec![find, promote, so_far.program.healthy(&so_far.state)];
    let counts = so_far.state.with_new(name);
    let waits_for = so_far.all_up();
    let step = so_far.step(Action::Promote(name.to_owned()), Place::Control, commands, counts);
    step.waits_for = Some(waits_for);
    step.notes.push(
        "etcd does not look whether a learner is alive: promote one that answered right now"
            .to_owned(),
    );
}

/// Tells whether two lists are the same: the order of `--initial-cluster` says nothing, nor do others' names.
fn is_same_list(compiled: Option<&str>, now: &str) -> bool {
    let urls = |list: &str| -> Vec<String> {
        let mut urls: Vec<String> = list
            .split(',')
            .filter_map(|entry| entry.split_once('=').map(|(_, url)| url.to_owned()))
            .collect();
        urls.sort();
        urls
    };
    compiled.is_some_and(|compiled| urls(compiled) == urls(now))
}

/// Removes one that leaves: the list loses it first, and then it is stopped. One that is stopped first would be a
/// voter that is down.
pub(super) fn remove(so_far: &mut SoFar<'_>, name: &str) {
    so_far.left.leaves.remove(name);
    let Some(seat) = so_far.state.seat(name).cloned() else { return };
    let via = so_far.via(&[name]);
    let mut commands = vec![so_far.program.healthy(&so_far.state)];
    // Where it is known who leads, leadership moves by a step of its own.
    if via != name
        && !so_far.is_seen
        && let Some(other) = so_far.state.seat(&via)
    {
        let (find, id) = so_far.program.id(&so_far.state, &via, other, &via);
        commands.extend(find);
        let lead = so_far.program.one(&so_far.state, name, &format!("move-leader {id}"));
        commands.push(format!("{{ {lead} || true; }}"));
    }
    let (find, id) = so_far.program.id(&so_far.state, name, &seat, &via);
    commands.extend(find);
    commands.push(so_far.program.one(&so_far.state, &via, &format!("member remove {id}")));
    let is = |life| so_far.state.get(name).is_some_and(|listed| listed.life == life);
    let is_silent = is(Life::Silent);
    let is_well = is(Life::Up) && so_far.state.up().any(|voter| voter == name);
    so_far.state.leaves(name);
    if so_far.left.alarm == Some(Alarm::Corrupt) && so_far.state.is_alike() {
        so_far.left.alarm = Some(Alarm::LeftOver);
    }
    // A machine that says nothing can be told nothing; and one that gets a new member is cleared by that.
    let comes_back = so_far.left.joins.contains(&so_far.work.new_name(name));
    let stays_as_it_is = is_silent || (so_far.is_seen && comes_back);
    if !stays_as_it_is {
        so_far.left.retires.insert(name.to_owned());
    }
    let gives_way = so_far.is_seen && is_well && comes_back;
    // Under an alarm that was seen, every write is refused until that is off.
    if so_far.left.alarm.is_none() {
        commands.extend(so_far.program.write(&so_far.state, Some(&via)));
    }
    let (counts, is_seen) = (so_far.state.counts(), so_far.is_seen);
    let step = so_far.step(Action::Remove(name.to_owned()), Place::Control, commands, counts);
    step.waits_for = Some("one write succeeds".to_owned());
    step.notes.push(format!(
        "where the write is refused for want of space, an alarm of {name} is left over: `alarm \
         disarm`, unless `alarm list` shows CORRUPT"
    ));
    if gives_way {
        step.notes.push(format!(
            "{name} is up, and has the data of the others: it is removed, as a new member is to take its place"
        ));
    }
    if !is_seen {
        step.notes.push(format!("`no leader endpoint given` means that {name} does not lead"));
        step.notes.push(format!(
            "where {name} is dead, begin with `member remove`: the commands before would wait for it"
        ));
    }
    if stays_as_it_is {
        step.notes.push(format!(
            "where the machine of {name} is not the one that the new member gets: should it ever come back, \
             `systemctl disable --now etcd` there before all else"
        ));
    }
}

/// Stops the etcd of one that has left.
pub(super) fn retire(so_far: &mut SoFar<'_>, name: &str) {
    so_far.left.retires.remove(name);
    let Some(member) = so_far.before.members.get(name) else { return };
    let via = so_far.via(&[name]);
    let gone = (via != name).then(|| so_far.program.gone(&so_far.state, &Seat::of(member), &via));
    let retire = so_far.node_of(name, member).retire();
    let commands = gone.into_iter().chain(retire).collect();
    let counts = so_far.state.counts();
    let place = Place::Node(name.to_owned());
    let step = so_far.step(Action::Retire(name.to_owned()), place, commands, counts);
    step.notes.push(
        "its data stays where it is, and its certificates are valid until they expire: revoke \
         them if the machine is not yours any more"
            .to_owned(),
    );
}

/// Moves one that is found elsewhere: the list is told, and then the member is restarted there with its data.
pub(super) fn readdress_now(so_far: &mut SoFar<'_>, name: &str) {
    so_far.left.moves.remove(name);
    let edits = match so_far.rounds.as_slice() {
        [first, _, ..] => first.edits.clone(),
        _ => Vec::new(),
    };
    let _ = readdress(so_far, name, &edits, false);
}

/// etcd looks for the address from which a member dials it in the certificate that it shows (`checkCertSAN` in etcd's
/// `client/pkg/transport/listener_tls.go`).
const OF_ONE_ADDRESS: &str = "its connections to the others have to leave from an address that its certificate has, the new \
     one or one in its `extra-sans`: `ip route get` there, with another's address, shows from which they do";

/// Tells the list, and restarts the member: with all its files, or by its unit as it is there, edited.
pub(super) fn readdress<'b>(
    so_far: &'b mut SoFar<'_>,
    name: &str,
    edits: &[Edit],
    is_old: bool,
) -> Option<&'b mut Step> {
    let old = so_far.work.old_name(name).to_owned();
    let (node, was) = (so_far.node(name)?, so_far.state.seat(&old).cloned()?);
    let is = Seat::of(node.member);
    let via = so_far.via(&[&old]);
    let (find, id) = so_far.program.id(&so_far.state, &old, &was, &via);
    let urls = shell_word(&is.peers.join(",")).into_owned();
    let words = format!("member update {id} --peer-urls={urls}");
    let address = so_far.address_first(name);
    let is_elsewhere = address.is_some();
    // The only member is asked too: it has to answer to be told its URLs.
    let healthy = so_far.program.healthy_before(&so_far.state);
    let mut commands: Vec<String> = address.into_iter().chain([healthy]).collect();
    commands.extend(find);
    commands.push(so_far.program.one(&so_far.state, &via, &words));
    let data = match so_far.before.members.get(&old) {
        Some(before) if so_far.work.moves.contains(name) => {
            MovedData::of((&old, name), before, node.member)
        }
        _ => MovedData::default(),
    };
    let counts = so_far.state.without(&old);
    if is_old {
        commands.extend(node.restart_edited(edits));
        so_far.state.is_now(&old, name, Seat { clients: was.clients, ..is.clone() });
    } else {
        commands.extend(node.replace(edits, so_far.certificates(name), &data));
        so_far.state.is_now(&old, name, is.clone());
    }
    commands.push(so_far.program.healthy(&so_far.state));
    let waits_for = so_far.all_up();
    let step = so_far.step(
        Action::Readdress(name.to_owned()),
        Place::Node(name.to_owned()),
        commands,
        counts,
    );
    step.waits_for = Some(waits_for);
    if is_elsewhere && !is_old {
        step.notes.push(OF_ONE_ADDRESS.to_owned());
    }
    let back = if data.is_empty() { String::new() } else { format!("{}, ", data.back()) };
    step.undo = Some(format!(
        "`member update` with {}; stop etcd; {back}{FORMER}; start etcd",
        was.peers.join(",")
    ));
    if is_elsewhere {
        step.notes.push(
            "its data is the same; a new machine, or one whose data is gone, is a replacement: remove the \
             member, then add it"
                .to_owned(),
        );
    }
    Some(step)
}
