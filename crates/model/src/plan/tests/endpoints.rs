//! When clients get other endpoints.

use super::cluster::{cluster, lines, planned_by_ids, settle, with};
use super::followed::follow;
use crate::running::Running;
use insta::assert_snapshot;

/// Returns the same cluster with members that clients find at another port.
fn at_port(mut running: Running, names: &[&str]) -> Running {
    for name in names {
        let member = running.members.get_mut(*name).expect("a member");
        for text in member.options.values_mut() {
            *text = text.replace(":2379", ":3379");
        }
    }
    settle(&mut running);
    running
}

fn before(clients: &[&str]) -> Running {
    let members = [("aster", 1), ("elder", 5), ("gentian", 7), ("iris", 9)];
    at_port(cluster(&members, clients), &["aster", "elder", "gentian"])
}

/// Returns the cluster after one of the four has left, two answer at other ports, and all of them
/// are to be restarted.
fn after(clients: &[&str]) -> Running {
    let running = cluster(&[("aster", 1), ("elder", 5), ("iris", 9)], clients);
    with(at_port(running, &["aster", "iris"]), "snapshot-count", "5000")
}

/// A list of which one member answers, which is restarted next, leaves its client with none.
#[test]
fn a_list_of_endpoints_is_switched_to_where_one_of_it_stays_reachable() {
    for (then, now) in [
        (&["alice"][..], &["alice"][..]),
        (&["alice"], &["alice", "bob"]),
        (&["alice"], &["bob"]),
        (&[], &["bob"]),
    ] {
        let (before, after) = (before(then), after(now));
        follow(&before, &after, &planned_by_ids(&before, &after, true), false);
    }
    // One that is new has nothing to lose, and waits until two of its members answer.
    assert_snapshot!(lines(&planned_by_ids(&before(&[]), &after(&["bob"]), true).steps), @"
    snapshot of aster: 4 3 1
    remove gentian: 3 2 1
    stop gentian for good: 3 2 1
    see who leads: 3 2 1
    restart aster: 3 2 0
    restart elder: 3 2 0
    client bob: gentian out: 3 2 1
    restart iris: 3 2 0
    record it: 3 2 1
    ");
}
