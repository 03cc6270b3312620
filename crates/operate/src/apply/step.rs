//! The edge: one step, done.

use super::claim::Claim;
use super::end::End;
use super::hand::{Talk, by_hand};
use super::sight::{Eye, Lack, Sight};
use super::ssh::by_install;
use crate::calls::{Call, call};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::record::Recording;
use crate::snapshot::{Save, To};
use bouquet_model::change::former_names;
use bouquet_model::cluster::MemberId;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::plan::{Action, Step};
use bouquet_model::running::Running;
use bouquet_model::time::Instant;

/// The other commands that steps run.
pub(super) struct Others<'a> {
    pub(super) save: &'a dyn Fn(&Save) -> Result<Exit, Failure>,
    pub(super) record: &'a dyn Fn(&Recording) -> Result<Exit, Failure>,
}

/// How a step is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// By a call that changes who the members are, or what they do.
    Call,
    /// On a node.
    Node,
    /// By people: looks, and clients.
    People,
    /// Here, and it changes no member.
    Here,
}

/// Returns how a step is done; `None` for those that this program does not do: all members stop at once.
pub(super) const fn kind(action: &Action) -> Option<Kind> {
    match action {
        Action::Add(_)
        | Action::Promote(_)
        | Action::Remove(_)
        | Action::Lead(_)
        | Action::Compact
        | Action::Defragment(_)
        | Action::Disarm
        | Action::Announce(_) => Some(Kind::Call),
        Action::Copy(_)
        | Action::Start(_)
        | Action::StartAgain(_)
        | Action::Readdress(_)
        | Action::Restart(_)
        | Action::Upgrade(..)
        | Action::Downgrade(..)
        | Action::Retire(_) => Some(Kind::Node),
        Action::Look(_) | Action::Clients { .. } | Action::Decide(_) => Some(Kind::People),
        Action::Snapshot(_) | Action::CatchUp(_) | Action::Record => Some(Kind::Here),
        Action::RestartAll
        | Action::Restore(_)
        | Action::Bring
        | Action::StopClients
        | Action::StopAll
        | Action::RestoreAll
        | Action::StartClients => None,
    }
}

/// Tells whether who leads and who is up has to stay as it is for a while before such a step.
pub(super) const fn needs_quiet(action: &Action) -> bool {
    matches!(
        action,
        Action::Add(_)
            | Action::Promote(_)
            | Action::Remove(_)
            | Action::Readdress(_)
            | Action::Restart(_)
            | Action::Upgrade(..)
            | Action::Downgrade(..)
            | Action::Announce(_)
    )
}

/// Tells whether such a step may be done without a lock, where etcd lacks that: a plan then begins with what brings it back.
/// No member comes or moves: two runs at the same time could cost a quorum by that. One goes only where data differs: etcd
/// takes no write before.
pub(super) const fn needs_no_lock(action: &Action, lack: Lack) -> bool {
    match action {
        Action::Look(_)
        | Action::Snapshot(_)
        | Action::Copy(_)
        | Action::Clients { .. }
        | Action::Start(_)
        | Action::StartAgain(_)
        | Action::CatchUp(_)
        | Action::Lead(_)
        | Action::Restart(_)
        | Action::Upgrade(..)
        | Action::Downgrade(..)
        | Action::Compact
        | Action::Defragment(_)
        | Action::Disarm => true,
        Action::Remove(_) => matches!(lack, Lack::SameData),
        Action::Add(_)
        | Action::Promote(_)
        | Action::Readdress(_)
        | Action::Announce(_)
        | Action::Retire(_)
        | Action::Decide(_)
        | Action::Record
        | Action::RestartAll
        | Action::Restore(_)
        | Action::Bring
        | Action::StopClients
        | Action::StopAll
        | Action::RestoreAll
        | Action::StartClients => false,
    }
}

/// Does a step, and returns how it ended.
///
/// # Errors
/// If what other commands do of it fails, or a person is needed and none is there.
pub(super) fn does(
    eye: &Eye<'_>,
    (sight, claim): (&Sight, Option<&Claim>),
    (number, step): (usize, &Step),
    (is_seen, now): (bool, i64),
    (others, talk): (&Others<'_>, &Talk<'_>),
) -> Result<End, Failure> {
    match &step.action {
        // What it waits for was seen before.
        Action::CatchUp(_) => Ok(End::Done),
        Action::Snapshot(name) => {
            let file = eye.work.home.join(format!("before-{}.db", Instant(now).basic()));
            let planning = &eye.work.planning;
            let (member, is_right) = source(eye, sight, name);
            let saved = (others.save)(&Save {
                client: planning.client.clone(),
                to: To::File(file),
                member,
                is_right,
                keep: None,
                force: false,
                deadline: planning.deadline,
                json: false,
                textfile: None,
                program: planning.basis.program.clone(),
            })?;
            is_done(saved, "the snapshot was ended")?;
            Ok(End::Done)
        }
        Action::Record => {
            let replaced = sight.plan.replaced.clone();
            let mut recording = Recording { replaced, ..eye.work.recording.clone() };
            // The last one is of all that is compiled.
            if let Some(only) = eye.work.only.as_ref().filter(|_| sight.plan.steps.len() > 1) {
                let recorded = &eye.work.planning.basis.recorded.running;
                let former =
                    former_names(recorded, &recording.compiled).get(only.as_str()).copied();
                let former = former.filter(|former| former != only).map(str::to_owned);
                recording.replaced.retain(|name| name == only);
                recording.names = former.into_iter().chain([only.clone()]).collect();
                recording.of_members = true;
            }
            let recorded = (others.record)(&recording)?;
            is_done(recorded, "nothing was recorded")?;
            Ok(End::Done)
        }
        action => {
            if let Some((urls, it)) = called(eye, sight, action)? {
                let called = call(&eye.asking, &urls, &it);
                return Ok(called.map_or_else(|error| End::of(&error), |()| End::Done));
            }
            if let Some(ended) = by_install(eye, (sight, claim), step, talk)? {
                return Ok(ended);
            }
            let _waiting = claim.filter(|_| eye.work.hook.is_some()).map(Claim::waits);
            by_hand(eye, (number, step), (is_seen, claim.is_some()), talk)
        }
    }
}

/// Returns the member that a snapshot is taken of, and whether it is known to have the right data. One that has another name
/// by now is found by nobody. Where data differs, it is none of those whose data is in doubt, or that are to go.
fn source(eye: &Eye<'_>, sight: &Sight, name: &str) -> (Option<String>, bool) {
    let cluster = eye.compiled.cluster;
    let planned = cluster.member(name).map(|_| name);
    if !sight.differs() {
        return (planned.map(str::to_owned), false);
    }
    let goes = |name: &str| eye.work.planning.wishes.replaced.contains(name);
    let others = cluster.members.iter().map(|member| member.name.as_str());
    let mut all = planned.into_iter().chain(others);
    let right = all.find(|name| sight.is_sound(name) && !goes(name));
    (right.or(planned).map(str::to_owned), right.is_some())
}

/// Fails with this message where another command did not end as it was to.
fn is_done(exit: Exit, message: &str) -> Result<(), Failure> {
    match exit {
        Exit::Done => Ok(()),
        exit => Err(Failure { problem: Diagnostic::error(message), exit }),
    }
}

/// Returns whom a step calls, and for what; `None` for one that is not done by a call. Changes go to the leader.
fn called(
    eye: &Eye<'_>,
    sight: &Sight,
    action: &Action,
) -> Result<Option<(Vec<bouquet_model::url::Url>, Call)>, Diagnostic> {
    let of = |name: &String| id(sight, name);
    let it = match action {
        Action::Add(name) => Call::Add(peers(&eye.work.recording.compiled, name)),
        Action::Promote(name) => Call::Promote(of(name)?),
        Action::Remove(name) => Call::Remove(of(name)?),
        Action::Lead(name) => Call::Lead(of(name)?),
        Action::Compact => Call::Compact,
        Action::Disarm => Call::Disarm,
        Action::Announce(to) => Call::Announce(to.minor().to_string()),
        Action::Defragment(name) => {
            return Ok(Some((sight.of(of(name)?), Call::Defragment)));
        }
        _ => return Ok(None),
    };
    Ok(Some((sight.leader(), it)))
}

fn id(sight: &Sight, name: &str) -> Result<MemberId, Diagnostic> {
    sight.id(name).ok_or_else(|| Diagnostic::error(format!("no member says which ID {name} has")))
}

/// Returns the peer URLs that a member is to have.
fn peers(compiled: &Running, name: &str) -> Vec<String> {
    let member = compiled.members.get(name);
    member.map(|it| it.peer_urls().into_iter().map(str::to_owned).collect()).unwrap_or_default()
}
