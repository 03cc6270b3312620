//! Timeouts, and peers that go to TLS.

use super::cluster::{cluster, commands, flowers, lines, planned, settle, told, with};
use crate::running::Running;
use insta::assert_snapshot;

fn timed(beat: &str, wait: &str) -> Running {
    with(with(flowers(), "heartbeat-interval", beat), "election-timeout", wait)
}

#[test]
fn timeouts_that_are_raised_go_in_two_rounds_the_wait_for_a_leader_first() {
    let plan = planned(&timed("100", "1000"), &timed("500", "5000"));
    let restarts = |text: &str| text.matches("\nrestart ").count();
    assert_eq!(restarts(&lines(&plan.steps)), 6);
    assert_snapshot!(told(&plan.steps[1..2]), @r#"
    == restart daffodil
    until bouquet etcdctl -- endpoint health; do sleep 2; done &&
    sed -i "s|--heartbeat-interval=[^ ]*|--heartbeat-interval=100|" /etc/systemd/system/etcd.service
    systemctl daemon-reload
    systemctl restart etcd' &&
    until bouquet etcdctl -- endpoint health && sleep 5 && bouquet etcdctl -- endpoint health; do sleep 2; done
    "#);
    assert!(plan.steps[1].notes.iter().any(|note| note.contains("two rounds")));
}

#[test]
fn timeouts_that_are_lowered_go_in_two_rounds_the_heartbeat_first() {
    let plan = planned(&timed("500", "5000"), &timed("100", "1000"));
    let first = commands(&plan.steps[1..2]);
    assert!(first.contains("s|--election-timeout=[^ ]*|--election-timeout=5000|"), "{first}");
}

/// What `cluster.toml` does not say any more is etcd's default again, and no word of the unit.
#[test]
fn a_timeout_that_is_no_word_of_the_unit_is_held_all_the_same() {
    let plan = planned(&timed("50", "500"), &flowers());
    let first = commands(&plan.steps[1..2]);
    assert!(
        first.contains("s|--initial-cluster-state=[a-z]*|& --heartbeat-interval=50|"),
        "{first}"
    );
}

#[test]
fn one_timeout_alone_goes_in_one_round() {
    let plan = planned(&timed("100", "1000"), &timed("100", "2000"));
    assert_eq!(lines(&plan.steps).matches("\nrestart ").count(), 3);
}

pub(super) fn plain(mut running: Running) -> Running {
    for member in running.members.values_mut() {
        member.options.retain(|name, _| !name.ends_with("-file") && !name.ends_with("-auth"));
        for text in member.options.values_mut() {
            *text = text.replace("https:", "http:");
        }
        (member.clients, member.peers) = (None, None);
    }
    for client in running.clients.values_mut() {
        client.trust = None;
    }
    settle(&mut running);
    running
}

#[test]
fn peers_go_to_tls_when_all_have_its_files() {
    let two = cluster(&[("orange", 101), ("pink", 102)], &[]);
    let plan = planned(&plain(two.clone()), &two);
    assert_snapshot!(lines(&plan.steps), @"
    files to orange: 2 2 0
    files to pink: 2 2 0
    see who leads: 2 2 0
    restart orange: 2 2 stops
    restart pink: 2 2 stops
    re-address orange: 2 2 stops
    re-address pink: 2 2 stops
    record it: 2 2 0
    ");
    assert_snapshot!(told(&plan.steps[3..4]), @r#"
    == restart orange
    until bouquet etcdctl -- endpoint health --endpoints=http://192.168.65.101:2379,http://192.168.65.102:2379; do sleep 2; done &&
    sed -i "/--listen-peer-urls=/s|https:|http:|g" /etc/systemd/system/etcd.service
    systemctl daemon-reload
    systemctl restart etcd' &&
    until bouquet etcdctl -- endpoint health --endpoints=http://192.168.65.102:2379,https://192.168.65.101:2379 && sleep 5 && bouquet etcdctl -- endpoint health --endpoints=http://192.168.65.102:2379,https://192.168.65.101:2379; do sleep 2; done
    "#);
    assert_snapshot!(told(&plan.steps[5..6]), @"
    == re-address orange
    until bouquet etcdctl -- endpoint health; do sleep 2; done &&
    bouquet etcdctl pink -- member update fd422379fda50e48 --peer-urls=https://192.168.65.101:2380 &&
    systemctl stop etcd
    systemctl daemon-reload
    systemctl start etcd' &&
    until bouquet etcdctl -- endpoint health && sleep 5 && bouquet etcdctl -- endpoint health; do sleep 2; done
    ");
}

#[test]
fn peers_keep_the_files_of_tls_until_all_are_in_plain_text() {
    let two = cluster(&[("orange", 101), ("pink", 102)], &[]);
    let plan = planned(&two, &plain(two.clone()));
    assert_snapshot!(lines(&plan.steps), @"
    see who leads: 2 2 0
    re-address orange: 2 2 stops
    re-address pink: 2 2 stops
    restart orange: 2 2 stops
    restart pink: 2 2 stops
    record it: 2 2 0
    ");
    assert_snapshot!(told(&plan.steps[1..2]), @r#"
    == re-address orange
    until bouquet etcdctl -- endpoint health --endpoints=https://192.168.65.101:2379,https://192.168.65.102:2379; do sleep 2; done &&
    bouquet etcdctl -- member update fd422379fda50e48 --peer-urls=http://192.168.65.101:2380 --endpoints=https://192.168.65.102:2379 &&
    sed -i "/--listen-peer-urls=/s|https:|http:|g" /etc/systemd/system/etcd.service
    systemctl daemon-reload
    systemctl restart etcd' &&
    until bouquet etcdctl -- endpoint health --endpoints=https://192.168.65.101:2379,https://192.168.65.102:2379 && sleep 5 && bouquet etcdctl -- endpoint health --endpoints=https://192.168.65.101:2379,https://192.168.65.102:2379; do sleep 2; done
    "#);
}
