//! The edge: a look at the nodes before the first step, so that none is begun which would stay halfway.

use super::etcds::is_there;
use super::nodes::{brings, brought, program};
use super::sight::{Eye, Lack, Sight};
use super::ssh::{destination, flags};
use super::ways::Ways;
use super::work::Applying;
use crate::remote::{Flag, Program, Remote};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::plan::Action;
use std::collections::BTreeMap;

/// Makes sure that the nodes of all steps up to that one are reached, run the program, and take the members that are started
/// there: a learner that never starts would stay in the list. One that leaves may be ended by hand.
///
/// # Errors
/// If one is not, or does not.
pub(super) fn all_are_reached(
    eye: &Eye<'_>,
    sight: &Sight,
    ways: &Ways<'_>,
) -> Result<(), Diagnostic> {
    let Applying { only, until, .. } = eye.work;
    let steps = sight.plan.steps.iter().take(until.unwrap_or(usize::MAX));
    let is_its = |name: &str| only.as_deref().is_none_or(|only| only == name);
    let there = steps.filter_map(|step| {
        let name = step.action.member().filter(|name| is_its(name))?;
        let leaves = matches!(step.action, Action::Retire(_));
        let by_ssh = !leaves && flags(eye, sight, &step.action).is_some();
        Some((name, by_ssh.then(|| destination(eye, name))??))
    });
    let looked = there.collect::<BTreeMap<_, _>>().into_iter().map(|(name, destination)| {
        let waiting = ways.patience.waits(format!("looking at the node of {name}"));
        let remote = Remote::new((name, &destination), eye.on_node(), &|_| {});
        let actions = || sight.plan.steps.iter().map(|step| &step.action);
        let mut its = actions().filter(|action| action.member() == Some(name));
        let (program, etcd) = program(eye, (name, &remote), its.clone().any(brings))
            .map_err(|problem| problem.note(NOTHING))?;
        let Some(start) = its.find(|action| matches!(action, Action::Start(_))) else {
            return Ok(());
        };
        let has_etcd = match etcd {
            Some(_) => Ok(()),
            None => is_there(name, &remote, eye.compiled.cluster),
        };
        drop(waiting);
        let takes = takes_it(eye, sight, (name, &destination), (start, &program), ways);
        of_all([has_etcd, takes].into_iter()).map(drop)
    });
    of_all(looked).map(drop)
}

const NOTHING: &str = "nothing was begun";

/// Asks a node whether it will take a member, which may not be added yet. Without a quorum nobody tells it who the members
/// are, and none is added either before that has come back.
fn takes_it(
    eye: &Eye<'_>,
    sight: &Sight,
    node: (&str, &str),
    (start, program): (&Action, &Program),
    ways: &Ways<'_>,
) -> Result<(), Diagnostic> {
    if sight.lacks() == Some(Lack::Quorum) {
        return Ok(());
    }
    let bundle = brought(&eye.work.recording.package.out, node.0)?;
    let mut flags = flags(eye, sight, start).unwrap_or_default();
    if !flags.contains(&Flag::Joining) {
        flags.push(Flag::Joining);
    }
    let line = format!("asking the node of {} whether it can take it", node.0);
    let say = ways.patience.between(line, ways.say);
    let remote = Remote::new(node, eye.on_node(), &say);
    remote.would_install(program, &bundle, &flags).map_err(|undone| {
        undone.problem.note(NOTHING).help("once that is put right, do the same again")
    })
}

/// Returns what came of a look at each node, if all went well.
///
/// # Errors
/// If one did not: the first, with the others as its notes.
pub(super) fn of_all<T>(
    looks: impl Iterator<Item = Result<T, Diagnostic>>,
) -> Result<Vec<T>, Diagnostic> {
    let (seen, problems): (Vec<_>, Vec<_>) = looks.partition(Result::is_ok);
    let mut problems = problems.into_iter().filter_map(Result::err);
    match problems.next() {
        None => Ok(seen.into_iter().flatten().collect()),
        // What is wrong with all of them in the same way is said once.
        Some(first) => Err(problems.fold(first, |first, other| {
            let is_said = first.message == other.message || first.notes.contains(&other.message);
            if is_said { first } else { first.note(other.message) }
        })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_several_nodes_is_told_at_once() {
        let wrong = |name: &str| Err(Diagnostic::error(format!("{name}: no")).help("so"));
        assert_eq!(of_all([Ok(1), Ok(2)].into_iter()), Ok(vec![1, 2]));
        let all = of_all([wrong("orange"), Ok(2), wrong("pink")].into_iter()).unwrap_err();
        assert_eq!((all.message.as_str(), all.notes), ("orange: no", vec!["pink: no".to_owned()]));
        assert_eq!(all.help, ["so"]);
        let alike = || Err(Diagnostic::error("it needs a C library"));
        let all = of_all::<()>([alike(), alike()].into_iter()).unwrap_err();
        assert_eq!(all, Diagnostic::error("it needs a C library"));
    }
}
