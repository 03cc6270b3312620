//! What is left of a replacement elsewhere, at each moment at which it may be planned again.

use super::super::cluster::{flowers, ids, readdressed};
use super::{plan_by, plan_with, seen, told};
use crate::cluster::MemberId;
use crate::plan::next::Life;
use crate::plan::{Seen, Wishes};
use crate::running::Running;
use insta::assert_snapshot;
use std::collections::BTreeMap;

#[test]
fn a_member_that_is_replaced_elsewhere_is_known_by_its_new_place() {
    let after = readdressed(flowers(), "daffodil", 104);
    let wishes = Wishes { replaced: ["daffodil".to_owned()].into(), ..Wishes::default() };
    let left = |seen: &Seen| told(&plan_with(&flowers(), &after, seen, &wishes));

    let mut removed = seen(&flowers());
    removed.loses("daffodil");
    assert_snapshot!(left(&removed), @r"
    add daffodil as learner: 2 2 0
    install and start daffodil: 2 2 0
    promote daffodil: 3 2 1
    client root: 3 2 1
    record it: 3 2 1
    ");
    let with = |life, is_learner| {
        let mut seen = removed.clone();
        seen.gains(&after, "daffodil", life, is_learner);
        seen
    };
    assert_snapshot!(left(&with(Life::New, true)), @r"
    install and start daffodil: 2 2 0
    promote daffodil: 3 2 1
    client root: 3 2 1
    record it: 3 2 1
    ");
    assert_snapshot!(left(&with(Life::Up, true)), @r"
    promote daffodil: 3 2 1
    client root: 3 2 1
    record it: 3 2 1
    ");
    assert_snapshot!(left(&with(Life::Up, false)), @r"
    client root: 3 2 1
    record it: 3 2 1
    ");

    // Before it was ever told to be replaced, or by someone who does not say so any more.
    let plain = |seen: &Seen| told(&plan_with(&flowers(), &after, seen, &Wishes::default()));
    assert_snapshot!(plain(&with(Life::New, true)), @r"
    install and start daffodil: 2 2 0
    promote daffodil: 3 2 1
    client root: 3 2 1
    record it: 3 2 1
    ");

    // What is in neither place is nobody's.
    let mut stray = with(Life::New, true);
    let other = stray.members.iter_mut().find(|member| member.id == MemberId(0xbeef));
    other.expect("it is listed").peer_urls = vec!["https://192.168.65.109:2380".to_owned()];
    assert_snapshot!(left(&stray), @r"
    remove beef: 2 2 0
    add daffodil as learner: 2 2 0
    install and start daffodil: 2 2 0
    promote daffodil: 3 2 1
    client root: 3 2 1
    record it: 3 2 1
    ");
}

/// Returns the cluster in which a new daffodil has come, as `after` has it.
fn halfway(after: &Running, life: Life, is_learner: bool) -> Seen {
    let mut seen = seen(&flowers());
    seen.loses("daffodil");
    seen.gains(after, "daffodil", life, is_learner);
    seen
}

/// The same words again, whatever the new member does at that moment.
#[test]
fn a_member_that_has_come_does_not_go_where_it_is_asked_for_again() {
    let wishes = Wishes { replaced: ["daffodil".to_owned()].into(), ..Wishes::default() };
    let unrecorded = BTreeMap::new();
    for after in [flowers(), readdressed(flowers(), "daffodil", 104)] {
        for life in Life::ALL.iter().copied() {
            for (ids, is_learner) in
                [(&ids(&flowers()), true), (&ids(&flowers()), false), (&unrecorded, true)]
            {
                let seen = halfway(&after, life, is_learner);
                let plan = |wishes| plan_by(ids, (&flowers(), &after), &seen, wishes);
                let again = plan(&wishes);
                assert_eq!(again, plan(&Wishes::default()), "{life:?} {is_learner}");
                assert!(!told(&again).contains("remove "), "{life:?} {is_learner}");
            }
        }
    }
    let catching_up = halfway(&flowers(), Life::Behind, true);
    assert_snapshot!(told(&plan_with(&flowers(), &flowers(), &catching_up, &wishes)), @r"
    daffodil catches up: 2 2 0
    promote daffodil: 3 2 1
    record it: 3 2 1
    ");
}

#[test]
fn a_new_member_that_does_not_answer_is_removed_by_its_id() {
    let wishes = Wishes { replaced: ["daffodil".to_owned()].into(), ..Wishes::default() };
    for (ids, is_learner) in
        [(ids(&flowers()), true), (ids(&flowers()), false), (BTreeMap::new(), true)]
    {
        let silent = halfway(&flowers(), Life::Silent, is_learner);
        let plan = plan_by(&ids, (&flowers(), &flowers()), &silent, &wishes);
        assert_eq!(plan.withheld[0].why, "daffodil does not answer");
        let way = &plan.withheld[0].way;
        assert!(
            way.ends_with("replace it: `bouquet etcdctl -- member remove beef`, and plan again"),
            "{way}"
        );
    }
    let mut recorded = seen(&flowers());
    recorded.of("daffodil").life = Life::Silent;
    let plan = plan_with(&flowers(), &flowers(), &recorded, &Wishes::default());
    let way = &plan.withheld[0].way;
    assert!(way.ends_with("replace it: `bouquet plan --replace daffodil`"), "{way}");
}

/// Returns two of three as they were recorded, with their IDs.
fn two_recorded() -> (Running, BTreeMap<String, MemberId>) {
    let (mut two, mut ids) = (flowers(), ids(&flowers()));
    two.members.remove("daffodil");
    ids.remove("daffodil");
    (two, ids)
}

/// A newcomer recorded two of three that were founded, or one of those that were restored was left out.
#[test]
fn a_voter_that_never_ran_is_waited_for_as_a_voter() {
    let (two, ids) = two_recorded();
    let plan = |is_learner| {
        let unstarted = halfway(&flowers(), Life::New, is_learner);
        plan_by(&ids, (&two, &flowers()), &unstarted, &Wishes::default())
    };
    let voter = plan(false);
    assert_snapshot!(told(&voter), @r"
    install and start daffodil: 3 2 0
    record it: 3 2 1
    ");
    let step = &voter.steps[0];
    assert_eq!(step.waits_for.as_deref(), Some("it answers"));
    assert_eq!(step.undo, None);
    let last = step.commands.last().expect("it waits");
    assert!(last.contains("etcdctl daffodil -- endpoint health"), "{last}");

    let learner = plan(true);
    let step = &learner.steps[0];
    assert_eq!(step.waits_for.as_deref(), Some("it answers as a learner"));
    assert!(step.commands.last().is_some_and(|last| last.contains("isLearner")), "{step:?}");
    assert!(step.undo.is_some());
}

/// Two of three were recorded, as the data of the third was gone by then.
#[test]
fn a_member_that_was_never_recorded_is_replaced_too() {
    let (two, ids) = two_recorded();
    let mut down = seen(&flowers());
    down.of("daffodil").life = Life::Down;
    let wishes = Wishes { replaced: ["daffodil".to_owned()].into(), ..Wishes::default() };
    let plan = plan_by(&ids, (&two, &flowers()), &down, &wishes);
    assert_snapshot!(told(&plan), @r"
    snapshot of orange: 3 2 0
    remove daffodil: 2 2 0
    add daffodil as learner: 2 2 0
    install and start daffodil: 2 2 0
    promote daffodil: 3 2 1
    record it: 3 2 1
    ");
}
