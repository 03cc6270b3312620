//! Changes that are planned anew before each step, from what the members say then.

use super::{BOTH, Site, Spec, on};

#[test]
fn changes_go_on_from_what_the_members_say() {
    on(&BOTH, &[two_for_two, of_one, another_address, an_exchange]);
}

#[test]
fn members_are_exchanged_and_replaced_from_what_the_members_say() {
    on(&BOTH, &[one_for_one, one_that_is_dead]);
}

#[test]
fn a_lack_of_space_ends_before_all_else() {
    on(&BOTH, &[no_space]);
}

#[test]
fn another_minor_goes_on_from_what_the_members_run() {
    on(&["3.5.33"], &[another_minor]);
}

/// A cluster of the first spec that becomes one of the second, while a client writes; it took these steps.
fn becomes(
    before: &Spec,
    after: &Spec,
    accept: &[&str],
    (options, steps): (&str, &[&str]),
) -> Site {
    let mut site = Site::start(before);
    site.write();
    site.build(&after.clone().accepting(accept));
    assert_eq!(site.carry_out_one_by_one(options), steps, "etcd {}", before.release);
    site.end();
    site
}

fn two_for_two(release: &str) {
    let spec = Spec::of(release);
    let other = spec.clone().members(&[("daffodil", 4), ("elder", 5), ("pink", 3)]);
    let steps = [
        "snapshot", "add", "start", "promote", "add", "start", "promote", "clients", "remove",
        "retire", "remove", "retire", "record",
    ];
    becomes(&spec, &other, &["remove camellia orange"], ("", &steps));
}

fn of_one(release: &str) {
    let spec = Spec::of(release).members(&[("orange", 2)]);
    let steps = ["add", "start", "promote", "add", "start", "promote", "clients", "record"];
    becomes(&spec, &Spec::of(release), &[], ("", &steps));
}

fn another_address(release: &str) {
    let spec = Spec::of(release);
    let moved = spec.clone().members(&[("camellia", 11), ("orange", 2), ("pink", 3)]);
    becomes(&spec, &moved, &[], ("", &["clients", "readdress", "record"]));
}

/// With two members left meanwhile, a restart stops all writes.
fn an_exchange(release: &str) {
    let spec = Spec::of(release);
    let exchanged = spec.clone().members(&[("camellia", 1), ("orange", 3), ("pink", 2)]);
    let accept = [
        "swap orange pink",
        "orange.data-dir = /data/etcd/orange",
        "pink.data-dir = /data/etcd/pink",
    ];
    let steps = ["snapshot", "remove", "readdress", "add", "start", "promote", "record"];
    becomes(&spec, &exchanged, &accept, ("--accept-downtime", &steps));
}

/// The history goes, each gives back what that took, and the alarm is switched off.
fn no_space(release: &str) {
    let spec = Spec::of(release).option("quota-backend-bytes = 4194304");
    let mut site = Site::start(&spec);
    site.fill();
    let planned = site.planned("");
    assert_eq!(
        planned.last().map(String::as_str),
        Some("disarm alarms, then one write"),
        "{planned:?}"
    );
    let raised = Spec::of(release).option("quota-backend-bytes = 67108864");
    site.build(&raised);
    let steps = site.carry_out_one_by_one("");
    assert_eq!(steps, ["restart", "restart", "restart", "disarm", "record"]);
    site.write();
    site.end();
}

fn another_minor(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    site.build(&spec.clone().on("3.6.16"));
    let steps = site.carry_out_one_by_one("");
    let upgrades = steps.iter().filter(|step| *step == "upgrade").count();
    assert_eq!((upgrades, steps.last().map(String::as_str)), (3, Some("record")), "{steps:?}");
    site.end();
}

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
