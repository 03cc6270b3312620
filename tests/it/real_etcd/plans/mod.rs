//! Plans that are carried out: the printed commands are typed, one after another, while somebody writes.
//!
//! `ssh`, `scp` and `systemctl` are scripts that act on folders and processes of this machine; all else is
//! what the commands call.

mod site;
mod tools;
mod writer;

use crate::support::releases::releases;
use crate::support::side_by_side::with_each;
use site::Site;

const THREE: &[(&str, u8)] = &[("camellia", 1), ("orange", 2), ("pink", 3)];

/// What a test does with a cluster of three on one release.
type Story = fn(&str);

/// Side by side, because each waits most of the time.
#[test]
fn printed_steps_change_a_cluster_that_runs_and_lose_no_write() {
    let stories: [(&str, Story); 5] = [
        ("an option", an_option),
        ("an addition", an_addition),
        ("one for one", one_for_one),
        ("another address", another_address),
        ("a quota", a_quota),
    ];
    let all: Vec<(String, Story)> = releases()
        .into_iter()
        .flat_map(|release| stories.map(|(_, story)| (release.clone(), story)))
        .collect();
    with_each(&all, |(release, story)| story(release));
}

fn an_option(release: &str) {
    let mut site = Site::start(release, THREE, "");
    site.write();
    site.build(THREE, "snapshot-count = 5000\n");
    let words = site.carry_out();
    assert_eq!(words, ["look", "restart", "restart", "restart", "record"]);
    for (member, _) in THREE {
        assert!(site.runs_with(member, "--snapshot-count=5000"), "{member}");
    }
    site.end(THREE);
}

fn an_addition(release: &str) {
    let four = &[("camellia", 1), ("daffodil", 4), ("orange", 2), ("pink", 3)];
    let mut site = Site::start(release, THREE, "");
    site.write();
    site.build(four, "");
    assert_eq!(site.carry_out(), ["add", "start", "promote", "clients", "record"]);
    site.end(four);
}

fn one_for_one(release: &str) {
    let other = &[("daffodil", 4), ("orange", 2), ("pink", 3)];
    let mut site = Site::start(release, THREE, "");
    site.write();
    site.build(other, "");
    assert_eq!(
        site.carry_out(),
        ["snapshot", "add", "start", "promote", "clients", "remove", "retire", "record"]
    );
    site.end(other);
    assert!(!site.is_running(1), "the member that is gone still runs");
}

fn another_address(release: &str) {
    let moved = &[("camellia", 1), ("orange", 2), ("pink", 13)];
    let mut site = Site::start(release, THREE, "");
    site.write();
    site.build(moved, "");
    site.is_found_at(3, 13);
    assert_eq!(site.carry_out(), ["clients", "readdress", "record"]);
    site.end(moved);
}

/// Every write is refused until the alarm is switched off.
fn a_quota(release: &str) {
    let mut site = Site::start(release, THREE, "quota-backend-bytes = 4194304\n");
    site.fill();
    site.build(THREE, "quota-backend-bytes = 67108864\n");
    let words = site.carry_out();
    assert_eq!(words, ["look", "restart", "restart", "restart", "disarm", "record"]);
    site.write();
    site.end(THREE);
}
