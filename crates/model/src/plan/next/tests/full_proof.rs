//! The same of larger clusters, to which more happens at a time. This takes minutes.

use super::super::situation::{Alarm, Space};
use super::events::Adversary;
use super::explore::{explored, explored_by};
use super::starts::{Cluster, NONE, Sizes};

const SIZES: Sizes = Sizes { live: 3, desired: 4, ..NONE };

#[test]
fn whatever_happens_the_quorum_stays_and_the_end_is_reached() {
    explored("members that come and go", Sizes { live: 6, desired: 7, ..NONE }, 1);
    explored("two things at a time", Sizes { live: 4, desired: 5, ..NONE }, 2);
    explored("two learners", Sizes { live: 4, desired: 5, learners: 2, ..NONE }, 1);
}

#[test]
fn clients_always_have_an_endpoint_that_stays() {
    explored("clients' endpoints", Sizes { live: 4, clients: true, ..SIZES }, 1);
}

#[test]
fn members_are_restarted_and_moved_one_at_a_time() {
    let sizes = Sizes { restarts: 2, moves: true, ..SIZES };
    explored("restarts", sizes, 1);
    let cluster = Cluster { accepts_downtime: true, ..NONE.cluster };
    explored("restarts, downtime accepted", Sizes { cluster, ..sizes }, 1);
}

#[test]
fn another_minor_comes_to_all_before_members_change() {
    let cluster = Cluster { upgrades: true, saves_first: true, ..NONE.cluster };
    explored("another minor", Sizes { restarts: 1, cluster, ..SIZES }, 1);
}

#[test]
fn alarms_end_before_members_change() {
    let cluster = Cluster { alarm: Some(Alarm::Space(Space::Full)), ..NONE.cluster };
    explored("no space", Sizes { restarts: 1, cluster, ..SIZES }, 1);
}

#[test]
fn what_others_do_meanwhile_does_no_harm() {
    let adversary = Adversary { at_once: 1, interferes: true };
    explored_by("with others' hands in it", Sizes { live: 2, ..SIZES }, adversary);
}

#[test]
fn those_that_wait_for_a_place_get_it() {
    let cluster = Cluster { retires: true, ..NONE.cluster };
    let sizes = Sizes { desired: 3, moves: true, held: true, cluster, ..SIZES };
    explored("places that are taken", sizes, 1);
}
