//! A plan that is made again goes on with the rest of it.

use super::super::cluster::lines;
use super::super::random::clusters;
use super::{plan_with, seen};
use crate::change::What;
use crate::cluster::MemberId;
use crate::plan::next::Life;
use crate::plan::{Action, Plan, Seen, SeenMember, Step, Wishes, Word};
use crate::running::Running;
use proptest::prelude::*;

/// Returns who is in the list, where, and with which etcd, after these steps were done as they say.
fn after(steps: &[Step], before: &Running, to_be: &Running) -> Seen {
    let mut now = seen(before);
    let plan_names = |name: &str| seen(to_be).of(name).clone();
    for (step, number) in steps.iter().zip(0xf00..) {
        match &step.action {
            Action::Add(name) => {
                let mut member = plan_names(name);
                (member.id, member.name) = (MemberId(number), String::new());
                (member.life, member.is_learner, member.leads) = (Life::New, true, false);
                member.client_urls.clear();
                now.members.push(member);
            }
            Action::Start(name) => {
                let to_be = plan_names(name);
                let is_it = |it: &&mut SeenMember| it.peer_urls == to_be.peer_urls;
                let member = now.members.iter_mut().find(is_it).expect("it was added");
                (member.life, member.name) = (Life::Up, name.clone());
                member.client_urls = to_be.client_urls;
            }
            Action::Promote(name) => now.of(name).is_learner = false,
            Action::Remove(name) => now.loses(name),
            Action::Lead(name) => {
                now.members.iter_mut().for_each(|member| member.leads = member.name == *name);
            }
            Action::Upgrade(name, version) | Action::Downgrade(name, version) => {
                let (mut is, to_be) = (None, plan_names(name));
                for member in &mut now.members {
                    if member.peer_urls == to_be.peer_urls {
                        is = Some(member);
                    }
                }
                let is = is.expect("it is there");
                (is.version, is.client_urls) = (Some(*version), to_be.client_urls);
            }
            _ => {}
        }
    }
    now
}

/// Returns what members tell of: who is in the list, and with which etcd.
fn visible(steps: &[Step]) -> Vec<String> {
    let is = |action: &Action| {
        let word = action.word();
        [Word::Add, Word::Start, Word::Promote, Word::Remove, Word::Upgrade, Word::Downgrade]
            .contains(&word)
    };
    steps.iter().map(|step| &step.action).filter(|it| is(it)).map(ToString::to_string).collect()
}

/// Returns what is to be done, in any order: leadership moves by itself, and recording is the same whenever.
fn left(steps: &[Step]) -> Vec<String> {
    let is = |step: &&Step| !matches!(step.action, Action::Lead(_) | Action::Record);
    let mut left: Vec<String> = steps
        .iter()
        .filter(is)
        .flat_map(|step| step.action.parts())
        .map(|it| format!("{it:?}"))
        .collect();
    left.sort();
    left
}

fn planned(before: &Running, to_be: &Running, seen: &Seen) -> Plan {
    let wishes = Wishes { accepts_downtime: true, ..Wishes::default() };
    plan_with(before, to_be, seen, &wishes)
}

/// Returns the plan of a change whose steps [`after`] can follow.
fn followed(before: &Running, to_be: &Running) -> Option<Plan> {
    let whole = planned(before, to_be, &seen(before));
    let is_moved = |step: &Step| {
        let word = step.action.word();
        matches!(word, Word::Readdress | Word::RestartAll | Word::Restore | Word::Announce)
    };
    let is_renamed = whole
        .changes
        .iter()
        .any(|change| matches!(change.what, What::Renamed { .. } | What::Scheme { .. }));
    (!is_renamed && !whole.steps.iter().any(is_moved)).then_some(whole)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    /// A plan that is made again after any of its steps goes on with the rest of them.
    #[test]
    fn a_plan_that_ended_anywhere_goes_on(before in clusters(), to_be in clusters()) {
        let Some(whole) = followed(&before, &to_be) else { return Ok(()) };
        for done in 0..=whole.steps.len() {
            let (first, rest) = whole.steps.split_at(done);
            let then = planned(&before, &to_be, &after(first, &before, &to_be));
            prop_assert_eq!(visible(&then.steps), visible(rest), "after {}", done);
            prop_assert_eq!(&then.withheld, &whole.withheld);
        }
    }

    /// One who remembers what members do not tell has exactly the rest of the steps left.
    #[test]
    fn what_was_done_and_is_not_to_be_seen_has_no_step(before in clusters(), to_be in clusters()) {
        let Some(whole) = followed(&before, &to_be) else { return Ok(()) };
        for done in 0..=whole.steps.len() {
            let (first, rest) = whole.steps.split_at(done);
            let is_unseen = |step: &&Step| !step.action.is_told() && step.action != Action::Record;
            let then = Seen {
                done: first.iter().filter(is_unseen).map(|step| step.action.clone()).collect(),
                ..after(first, &before, &to_be)
            };
            prop_assert_eq!(left(&planned(&before, &to_be, &then).steps), left(rest), "after {} of {}", done, lines(&whole.steps));
        }
    }
}
