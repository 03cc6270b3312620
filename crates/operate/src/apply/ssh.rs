//! The edge: what is done on a node from here, by the system's own ssh.

use super::claim::Claim;
use super::end::End;
use super::hand::Talk;
use super::nodes::{brings, brought, program};
use super::sight::{Eye, Sight};
use super::waits::Waits;
use crate::calls::{Call, call};
use crate::exit::Exit;
use crate::failure::{Failure, shown};
use crate::remote::{Flag, Known, Remote, Undone};
use bouquet_model::Member;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::plan::{Action, Step};
use bouquet_model::url::Url;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Between two tries where another installation runs on the node.
const BUSY: Duration = Duration::from_secs(10);

/// Does a step by `install` on its node; `None` where there is no way to it from here, or where `install` does something
/// else: with files that are edited for a while, another etcd that was not named, or a start with nothing new.
///
/// # Errors
/// If it was not done.
pub(super) fn by_install(
    eye: &Eye<'_>,
    (sight, claim): (&Sight, Option<&Claim>),
    step: &Step,
    talk: &Talk<'_>,
) -> Result<Option<End>, Failure> {
    let Some(name) = step.action.member() else { return Ok(None) };
    let (Some(destination), Some(flags)) =
        (destination(eye, name), flags(eye, sight, &step.action))
    else {
        return Ok(None);
    };
    let say = talk.patience.between(format!("at work on the node of {name}"), talk.say);
    let say: &dyn Fn(&str) = &say;
    let remote = Remote::new((name, &destination), eye.on_node(), say);
    let (program, etcd) = match program(eye, (name, &remote), brings(&step.action)) {
        Ok(found) => found,
        // The way to it is that of the others, and may be none: a person ends it.
        Err(problem) if matches!(step.action, Action::Retire(_)) => {
            say(&shown(&problem));
            return Ok(None);
        }
        Err(problem) => return Err(problem.into()),
    };
    let remote = remote.bringing(etcd);
    let remote = if claim.is_some() { remote.waited_for() } else { remote };
    let bundle = match &step.action {
        Action::Retire(_) => None,
        _ => Some(brought(&eye.work.recording.package.out, name)?),
    };
    // A signal that comes from now on waits; one that came before ends it here.
    let _waiting = claim.map(Claim::waits);
    let asked = || claim.and_then(Claim::asked);
    if let Some(code) = asked() {
        let problem = Diagnostic::error(format!("this was not begun: {}", step.action));
        return Err(Failure { problem, exit: Exit::Command(code) });
    }
    if let Some((urls, told)) = told(eye, sight, &step.action)
        && let Err(error) = call(&eye.asking, &urls, &told)
    {
        let error = End::of(&error);
        let words = |why: &str| format!("etcd was not told where {name} is to be: {why}");
        return Ok(Some(match error {
            End::NotNow(why) => End::NotNow(words(&why)),
            End::Unknown(why) => End::Unknown(words(&why)),
            End::Refused(why) => End::Refused(why.map(|why| words(&why))),
            other => other,
        }));
    }
    let begin = Instant::now();
    let mut waits = Waits::default();
    let ended = loop {
        let ended = remote.install(&program, bundle.as_ref(), &flags);
        // One that a connection which broke has left there.
        let is_busy = matches!(&ended, Err(undone) if undone.known == Known::Busy);
        if !is_busy || begin.elapsed() > eye.work.wait || asked().is_some() {
            break ended;
        }
        waits.tells((&format!("another installation runs on the node of {name}"), ""), say);
        std::thread::sleep(BUSY);
        if asked().is_some() {
            break ended;
        }
    };
    match ended {
        // It answers once it has the data of the others, which may take long.
        Ok(_) if matches!(step.action, Action::Start(_)) && sight.is_learner(name) => {
            Ok(Some(End::Begun))
        }
        Ok(_) => Ok(Some(End::Done)),
        Err(Undone { known: Known::Unknown, problem }) => {
            Ok(Some(End::Unknown(problem.to_string())))
        }
        // What is there is not the member any more, or nobody can tell: a person looks.
        Err(undone) if matches!(step.action, Action::Retire(_)) && asked().is_none() => {
            say(&shown(&undone.problem));
            Ok(None)
        }
        Err(undone) => Err(Diagnostic::from(undone).into()),
    }
}

/// Tells how ssh reaches a node. One that leaves is compiled no more: where all others are reached at their addresses
/// by the same login, so is that.
pub(super) fn destination<'a>(eye: &'a Eye<'_>, name: &str) -> Option<Cow<'a, str>> {
    let members = &eye.compiled.cluster.members;
    if let Some(member) = members.iter().find(|member| member.name.as_str() == name) {
        return member.ssh.as_deref().map(Cow::from);
    }
    let was = eye.work.planning.basis.recorded.running.members.get(name)?;
    let host = |url: &Url| url.host.to_string();
    let login = |member: &Member| {
        let destination = member.ssh.as_deref()?;
        let (login, at) = destination.split_once('@').unwrap_or(("", destination));
        let mut own = member.initial_advertise_peer_urls.iter().map(host);
        own.any(|host| host == at).then(|| login.to_owned())
    };
    let logins: Option<BTreeSet<String>> = members.iter().map(login).collect();
    let mut logins = logins?.into_iter();
    let (Some(login), None) = (logins.next(), logins.next()) else { return None };
    let at =
        was.peer_urls().into_iter().find_map(|url| Url::parse(url).ok()).map(|url| host(&url))?;
    Some(Cow::from(if login.is_empty() { at } else { format!("{login}@{at}") }))
}

/// Returns what `install` is told; `None` where it would do something else than the step.
pub(super) fn flags(eye: &Eye<'_>, sight: &Sight, action: &Action) -> Option<Vec<Flag>> {
    let name = action.member()?;
    let recorded = &eye.work.planning.basis.recorded;
    let around = Around {
        actions: sight.plan.steps.iter().map(|step| &step.action).collect(),
        was_there: recorded.running.members.contains_key(name) || recorded.token.is_some(),
        has_tls: eye.compiled.cluster.tls.is_some(),
        brings_etcd: !eye.etcds.is_empty(),
        accepts_downtime: eye.work.planning.wishes.accepts_downtime,
    };
    around.flags(name, action)
}

/// What decides what `install` is told besides the step.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct Around<'a> {
    /// Those of the whole plan.
    actions: Vec<&'a Action>,
    /// An earlier member of that name may have left something on the node, or the cluster that was restored.
    was_there: bool,
    has_tls: bool,
    /// An etcd was named that goes to nodes.
    brings_etcd: bool,
    accepts_downtime: bool,
}

impl Around<'_> {
    fn flags(&self, name: &str, action: &Action) -> Option<Vec<Flag>> {
        let its = || self.actions.iter().filter(|action| action.member() == Some(name));
        let is_restart = |action: &&&Action| {
            matches!(
                action,
                Action::Restart(_)
                    | Action::Readdress(_)
                    | Action::Upgrade(..)
                    | Action::Downgrade(..)
            )
        };
        let is_once = its().filter(is_restart).count() == 1;
        // Behind its start, the member is promoted by a call.
        let is_alone = its().filter(|action| !matches!(action, Action::Promote(_))).count() == 1;
        // The node asks the others who the members are, and without TLS that is anybody's word.
        let trusts = (!self.has_tls).then_some(Flag::TrustNetwork);
        let mut flags: Vec<Flag> = match action {
            Action::Copy(_) => return Some(vec![Flag::NoRestart]),
            Action::Retire(_) => return Some([Flag::Retire].into_iter().chain(trusts).collect()),
            // What is there gives way; of one that is not recorded, what this cluster has removed.
            Action::Start(_) => {
                let gives_way = if self.was_there { Flag::SetAside } else { Flag::Joining };
                [gives_way].into_iter().chain(trusts).collect()
            }
            Action::StartAgain(_) if is_alone => Vec::new(),
            Action::Restart(_) | Action::Readdress(_) if is_once => Vec::new(),
            Action::Upgrade(..) if is_once && self.brings_etcd => Vec::new(),
            Action::Downgrade(..) if is_once && self.brings_etcd => vec![Flag::Downgrade],
            _ => return None,
        };
        flags.extend(self.accepts_downtime.then_some(Flag::AcceptDowntime));
        Some(flags)
    }
}

/// Returns what the members are told before, and whom it is said to.
fn told(eye: &Eye<'_>, sight: &Sight, action: &Action) -> Option<(Vec<Url>, Call)> {
    let Action::Readdress(name) = action else { return None };
    let is = eye.work.recording.compiled.members.get(name)?;
    let urls = is.peer_urls().into_iter().map(str::to_owned).collect();
    Some((sight.leader(), Call::Update(sight.id(name)?, urls)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORANGE: &str = "orange";

    fn orange(action: fn(String) -> Action) -> Action {
        action(ORANGE.to_owned())
    }

    fn flags(has_tls: bool, was_there: bool, action: &Action) -> Option<Vec<Flag>> {
        let actions = vec![action];
        let around =
            Around { actions, was_there, has_tls, brings_etcd: false, accepts_downtime: false };
        around.flags(ORANGE, action)
    }

    /// Who joins or leaves asks the others who the members are; who goes on has that in its data.
    #[test]
    fn without_tls_those_that_join_or_leave_trust_the_network() {
        let (join, leave) = (orange(Action::Start), orange(Action::Retire));
        assert_eq!(flags(true, false, &join), Some(vec![Flag::Joining]));
        assert_eq!(flags(false, false, &join), Some(vec![Flag::Joining, Flag::TrustNetwork]));
        assert_eq!(flags(true, true, &join), Some(vec![Flag::SetAside]));
        assert_eq!(flags(false, true, &join), Some(vec![Flag::SetAside, Flag::TrustNetwork]));
        assert_eq!(flags(true, true, &leave), Some(vec![Flag::Retire]));
        assert_eq!(flags(false, true, &leave), Some(vec![Flag::Retire, Flag::TrustNetwork]));
        for goes_on in [Action::Restart, Action::StartAgain, Action::Readdress] {
            assert_eq!(flags(false, true, &orange(goes_on)), Some(vec![]));
        }
        assert_eq!(flags(false, true, &orange(Action::Copy)), Some(vec![Flag::NoRestart]));
    }

    #[test]
    fn install_does_no_step_that_has_files_of_its_own() {
        let (first, second) = (orange(Action::Restart), orange(Action::Restart));
        let around = |actions| Around {
            actions,
            was_there: true,
            has_tls: true,
            brings_etcd: false,
            accepts_downtime: true,
        };
        // In two rounds the first is with files that are edited.
        assert_eq!(around(vec![&first, &second]).flags(ORANGE, &first), None);
        assert_eq!(around(vec![&first]).flags(ORANGE, &first), Some(vec![Flag::AcceptDowntime]));
        // A start with nothing new is none of a member that gets files as well.
        let (again, copy) = (orange(Action::StartAgain), orange(Action::Copy));
        assert_eq!(around(vec![&again, &copy]).flags(ORANGE, &again), None);
        // That it gets a vote then is no matter of its node.
        let promote = orange(Action::Promote);
        let started = around(vec![&again, &promote]).flags(ORANGE, &again);
        assert_eq!(started, Some(vec![Flag::AcceptDowntime]));
        let to = bouquet_model::version::EtcdVersion::parse("3.6").unwrap();
        let upgrade = Action::Upgrade(ORANGE.to_owned(), to);
        assert_eq!(around(vec![&upgrade]).flags(ORANGE, &upgrade), None, "no etcd was named");
    }
}
