//! Plans that are carried out: the printed commands are typed, one after another, while a client writes. Here
//! are some of the most different kinds; `full_plans` has all others.

use super::site::{Site, Spec};
use crate::support::releases::releases;
use crate::support::side_by_side::{Story, on_each};

/// Side by side, because each waits most of the time.
#[test]
fn printed_steps_change_a_cluster_that_runs_and_lose_no_write() {
    let stories: [Story; 3] = [an_option, an_addition, another_address];
    on_each(&releases(), &stories);
}

fn an_option(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    site.build(&spec.clone().option("snapshot-count = 5000"));
    site.plans_the_same_from_a_file();
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
