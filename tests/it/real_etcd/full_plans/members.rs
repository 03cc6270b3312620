//! Who is in the cluster.

use super::super::site::{Site, Spec};
use super::{BOTH, on};

#[test]
fn members_come_go_and_take_each_others_places() {
    on(&BOTH, &[one_for_one, two_for_two, a_removal]);
}

fn one_for_one(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    site.build(&spec.members(&[("daffodil", 4), ("orange", 2), ("pink", 3)]));
    assert_eq!(
        site.carry_out(),
        ["snapshot", "add", "start", "promote", "clients", "remove", "retire", "record"]
    );
    site.end();
    assert!(!site.is_running("camellia"), "the member that is gone still runs");
}

/// A build refuses it, because one of three stays.
fn two_for_two(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    let other = spec.members(&[("daffodil", 4), ("elder", 5), ("pink", 3)]);
    assert!(site.refuses(&other).contains("1 of 3 members that run stay"));
    site.build(&other.accepting(&["remove camellia orange"]));
    site.carry_out();
    site.end();
    for gone in ["camellia", "orange"] {
        assert!(!site.is_running(gone), "{gone} still runs");
    }
}

fn a_removal(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    site.build(&spec.members(&[("orange", 2), ("pink", 3)]));
    assert_eq!(site.carry_out(), ["snapshot", "clients", "remove", "retire", "record"]);
    site.end();
    assert!(!site.is_running("camellia"), "the member that is gone still runs");
}
