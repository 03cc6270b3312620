//! Plans that are carried out: the printed commands are typed, one after another, while a client writes.
//!
//! `ssh`, `scp` and `systemctl` are scripts that act on folders and processes of this machine; all else is
//! what the commands call.

mod pasted;
mod site;
mod tools;
mod writer;

use crate::support::releases::releases;
use crate::support::side_by_side::with_each;
use site::Site;

/// Three members, by name and the last number of the address.
const THREE: &[(&str, u8)] = &[("camellia", 1), ("orange", 2), ("pink", 3)];

/// What a test does with a cluster of three on one release.
type Story = fn(&str);

/// Side by side, because each waits most of the time.
#[test]
fn printed_steps_change_a_cluster_that_runs_and_lose_no_write() {
    let stories: [Story; 7] =
        [an_option, an_addition, one_for_one, another_address, a_quota, timeouts, encryption];
    let all: Vec<(String, Story)> = releases()
        .into_iter()
        .flat_map(|release| stories.map(|story| (release.clone(), story)))
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

/// In between, each has the longer wait for a leader and the heartbeat of before.
fn timeouts(release: &str) {
    let mut site = Site::start(release, THREE, "");
    site.write();
    site.build(THREE, "heartbeat-interval = 500\nelection-timeout = 5000\n");
    let words = site.carry_out();
    assert_eq!(words.iter().filter(|word| *word == "restart").count(), 6, "{words:?}");
    for (member, _) in THREE {
        for word in ["--heartbeat-interval=500", "--election-timeout=5000"] {
            assert!(site.runs_with(member, word), "{member} {word}");
        }
    }
    site.end(THREE);
}

/// Clients are cut off from each member's restart on, until they have their files: what was acknowledged is
/// there all the same, and peers never lose each other.
fn encryption(release: &str) {
    let mut site = Site::start(release, THREE, "[tls]\nenabled = false\n");
    site.write();
    site.build(THREE, "");
    let words = site.carry_out();
    let count = |word: &str| words.iter().filter(|other| *other == word).count();
    assert_eq!((count("copy"), count("restart"), count("readdress")), (3, 3, 3), "{words:?}");
    site.end(THREE);
}
