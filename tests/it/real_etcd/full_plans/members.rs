//! Who is in the cluster.

use super::{BOTH, Spec, becomes, is_forced_to_be, on};

#[test]
fn members_come_and_go() {
    on(&BOTH, &[one_for_one, two_for_two, a_removal, of_one]);
}

fn one_for_one(release: &str) {
    let spec = Spec::of(release);
    let other = spec.clone().members(&[("daffodil", 4), ("orange", 2), ("pink", 3)]);
    let steps = ["snapshot", "add", "start", "promote", "clients", "remove", "retire", "record"];
    let site = becomes(&spec, &other, &steps);
    assert!(!site.is_running("camellia"), "the member that is gone still runs");
}

/// A build refuses it, because one of three stays.
fn two_for_two(release: &str) {
    let spec = Spec::of(release);
    let other = spec.clone().members(&[("daffodil", 4), ("elder", 5), ("pink", 3)]);
    let steps = [
        "snapshot", "add", "start", "promote", "add", "start", "promote", "clients", "remove",
        "retire", "remove", "retire", "record",
    ];
    let site = is_forced_to_be(&spec, &other, &["remove camellia orange"], &steps);
    for gone in ["camellia", "orange"] {
        assert!(!site.is_running(gone), "{gone} still runs");
    }
}

fn a_removal(release: &str) {
    let spec = Spec::of(release);
    let other = spec.clone().members(&[("orange", 2), ("pink", 3)]);
    let site = becomes(&spec, &other, &["snapshot", "clients", "remove", "retire", "record"]);
    assert!(!site.is_running("camellia"), "the member that is gone still runs");
}

/// From one member to three: each is needed as soon as it has its vote.
fn of_one(release: &str) {
    let spec = Spec::of(release).members(&[("orange", 2)]);
    let three = Spec::of(release);
    let steps = ["add", "start", "promote", "add", "start", "promote", "clients", "record"];
    becomes(&spec, &three, &steps);
}
