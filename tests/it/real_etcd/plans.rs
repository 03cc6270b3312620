//! Plans that are carried out: the printed commands are typed, one after another, while a client writes. Here
//! are some of the most different kinds; `full_plans` has all others.

use super::site::{Site, Spec};
use crate::support::releases::releases;
use crate::support::side_by_side::{Story, on_each};

/// Side by side, because each waits most of the time.
#[test]
fn printed_steps_change_a_cluster_that_runs_and_lose_no_write() {
    let stories: [Story; 5] =
        [an_option, an_addition, another_address, one_for_one, one_that_is_dead];
    on_each(&releases(), &stories);
}

fn an_option(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    site.build(&spec.clone().option("snapshot-count = 5000"));
    assert_eq!(site.carry_out(), ["look", "restart", "restart", "restart", "record"]);
    for (member, _) in spec.members {
        assert!(site.runs_with(member, "--snapshot-count=5000"), "{member}");
    }
    site.end();
}

fn an_addition(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    site.build(&spec.members(&[("camellia", 1), ("daffodil", 4), ("orange", 2), ("pink", 3)]));
    assert_eq!(site.carry_out(), ["add", "start", "promote", "clients", "record"]);
    site.end();
}

fn another_address(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    site.build(&spec.members(&[("camellia", 1), ("orange", 2), ("pink", 13)]));
    assert_eq!(site.carry_out(), ["clients", "readdress", "record"]);
    site.end();
}

/// Planned anew before each step, from what the members say then.
fn one_for_one(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    assert_eq!(site.planned(""), Vec::<String>::new());
    site.build(&spec.members(&[("daffodil", 4), ("orange", 2), ("pink", 3)]));
    let steps = ["snapshot", "add", "start", "promote", "clients", "remove", "retire", "record"];
    assert_eq!(site.carry_out_one_by_one(""), steps);
    assert!(!site.is_running("camellia"), "the member that is gone still runs");
    site.end();
}

/// Its data is gone: a new member takes its place.
fn one_that_is_dead(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    // Its files are those of one that joins from then on.
    site.build(&spec);
    site.write();
    site.types(&format!("ssh root@{} systemctl stop etcd", site.address(3)));
    let steps = site.planned("");
    assert_eq!(steps, ["start pink again"]);
    let steps = ["snapshot", "remove", "add", "start", "promote", "record"];
    assert_eq!(site.carry_out_one_by_one("--replace pink"), steps);
    site.end();
}
