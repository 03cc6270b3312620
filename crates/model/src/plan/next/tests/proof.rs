//! What holds of every plan, and which rules it rests on.

use super::super::rules::{ALL, Rule, Rules};
use super::super::situation::{Alarm, Space};
use super::super::view::View;
use super::super::{Move, Next, decide};
use super::events::Adversary;
use super::explore::{explore, explored, explored_by};
use super::starts::{Cluster, NONE, Sizes, starts};
use super::world::World;

/// Small enough to be explored in a moment.
const SIZES: Sizes = Sizes { live: 2, desired: 3, ..NONE };

#[test]
fn whatever_happens_the_quorum_stays_and_the_end_is_reached() {
    // Any number of members die and come back, learners vanish, replies are lost.
    explored("members that come and go", Sizes { live: 6, desired: 7, ..NONE }, 0);
    explored("the same, with worse", Sizes { live: 3, desired: 4, ..NONE }, 1);
}

#[test]
fn clients_always_have_an_endpoint_that_stays() {
    explored("clients' endpoints", Sizes { clients: true, ..SIZES }, 1);
}

const ACCEPTED: Cluster = Cluster { accepts_downtime: true, ..NONE.cluster };

#[test]
fn members_are_restarted_and_moved_one_at_a_time() {
    explored("restarts", Sizes { live: 3, desired: 3, restarts: 1, moves: true, ..NONE }, 0);
    let sizes = Sizes { restarts: 2, ..SIZES };
    explored("restarts, downtime accepted", Sizes { cluster: ACCEPTED, ..sizes }, 1);
}

#[test]
fn those_that_wait_for_a_place_get_it() {
    let cluster = Cluster { retires: true, ..NONE.cluster };
    let sizes = Sizes { live: 2, desired: 2, moves: true, held: true, cluster, ..NONE };
    explored("places that are taken", sizes, 1);
}

#[test]
fn files_come_before_members_change() {
    explored("files and clocks", Sizes { desired: 2, files: true, ..SIZES }, 1);
}

#[test]
fn nothing_rests_on_who_leads_where_nobody_was_asked() {
    let cluster = Cluster { hides_leader: true, ..ACCEPTED };
    explored("leaders that nobody knows", Sizes { restarts: 1, cluster, ..SIZES }, 0);
}

#[test]
fn what_others_do_meanwhile_does_no_harm() {
    let adversary = Adversary { at_once: 0, interferes: true };
    explored_by("with others' hands in it", Sizes { desired: 2, ..SIZES }, adversary);
}

const UPGRADE: Sizes = Sizes {
    restarts: 1,
    cluster: Cluster { upgrades: true, saves_first: true, ..NONE.cluster },
    ..SIZES
};

#[test]
fn another_minor_comes_to_all_before_members_change() {
    explored("another minor", Sizes { desired: 2, ..UPGRADE }, 1);
    let cluster = Cluster { owes_announcement: true, ..UPGRADE.cluster };
    explored("the minor before", Sizes { desired: 2, cluster, ..UPGRADE }, 0);
}

#[test]
fn alarms_end_before_members_change() {
    for raises_quota in [false, true] {
        let alarm = Some(Alarm::Space(Space::Full));
        let cluster = Cluster { alarm, raises_quota, ..NONE.cluster };
        explored("no space", Sizes { restarts: 1, cluster, ..SIZES }, 1);
    }
    let cluster = Cluster { alarm: Some(Alarm::Corrupt), ..NONE.cluster };
    explored("data that differs", Sizes { live: 4, desired: 3, cluster, ..NONE }, 0);
    let cluster = Cluster { alarm: Some(Alarm::LeftOver), ..NONE.cluster };
    explored("an alarm that is left over", Sizes { cluster, ..SIZES }, 0);
}

/// Asserts that without the rule something happens that must not.
fn rests_on(rule: Rule, sizes: Sizes, what: &str) {
    let found = explore(
        &starts(sizes),
        Adversary { at_once: 1, interferes: false },
        Rules { without: Some(rule) },
    );
    assert!(found.wrong.contains_key(what), "{rule:?}: {found}");
}

#[test]
fn a_vote_that_is_counted_as_up_costs_the_quorum() {
    rests_on(Rule::CountsNewAsDown, SIZES, "the quorum is lost");
}

#[test]
fn two_members_at_a_time_are_two_that_may_fail() {
    rests_on(Rule::OneAtATime, SIZES, "two at a time");
}

#[test]
fn a_learner_that_is_not_asked_may_be_dead() {
    rests_on(Rule::CaughtUpFirst, SIZES, "a vote for one that is not up");
}

#[test]
fn a_member_that_leaves_while_another_one_is_down_costs_the_quorum() {
    rests_on(Rule::AllUpFirst, SIZES, "the quorum is lost");
}

#[test]
fn a_leader_that_leaves_costs_an_election() {
    rests_on(Rule::LeaderFirst, SIZES, "the leader stops while another one could lead");
}

#[test]
fn endpoints_that_are_forgotten_late_are_dialled() {
    rests_on(
        Rule::EndpointsFirst,
        Sizes { clients: true, ..SIZES },
        "a member leaves that clients dial",
    );
}

#[test]
fn members_leave_and_minors_come_after_a_snapshot() {
    let unsaved = Sizes { cluster: Cluster { saves_first: true, ..NONE.cluster }, ..SIZES };
    rests_on(Rule::SnapshotFirst, unsaved, "a member leaves before a snapshot");
    rests_on(Rule::SnapshotFirst, UPGRADE, "another minor before a snapshot");
}

#[test]
fn members_that_change_during_an_upgrade_meet_two_minors() {
    rests_on(Rule::OneMinor, UPGRADE, "members change while two minors run");
}

#[test]
fn data_that_was_sent_back_is_no_vote() {
    rests_on(Rule::OwnData, SIZES, "the quorum is lost");
}

#[test]
fn two_processes_under_one_id_are_no_member() {
    rests_on(Rule::OneProcess, SIZES, "something is done while two processes are one member");
}

#[test]
fn members_that_change_under_an_alarm_meet_refused_writes() {
    let cluster = Cluster { alarm: Some(Alarm::Space(Space::Full)), ..NONE.cluster };
    rests_on(Rule::AlarmsFirst, Sizes { cluster, ..SIZES }, "members change under an alarm");
}

#[test]
fn restarts_that_nobody_accepted_stop_writes() {
    rests_on(Rule::Downtime, Sizes { restarts: 1, ..SIZES }, "the quorum is lost");
}

/// Returns whether there is a start, changed so, in which that step comes next.
fn comes(rules: Rules, change: impl Fn(&mut World), is: impl Fn(&World, Move) -> bool) -> bool {
    let sizes = Sizes { live: 4, restarts: 1, moves: true, ..SIZES };
    starts(sizes).into_iter().any(|mut start| {
        change(&mut start);
        matches!(decide(&View::of(&start, rules)), Next::Step(step) if is(&start, step))
    })
}

#[test]
fn a_certificate_waits_for_a_clock_that_is_right() {
    let change = |start: &mut World| {
        for member in &mut start.members {
            (member.due.copy, member.due.has_wrong_clock) = (true, true);
        }
    };
    let is = |_: &World, step| matches!(step, Move::Copy(_));
    assert!(!comes(ALL, change, is));
    assert!(comes(Rules { without: Some(Rule::ClockFirst) }, change, is));
}
