//! What `apply` does by `ssh`: from bare machines to a cluster, and each change of it, while someone writes.

mod begun;
mod faults;
pub(super) mod load;
mod rescued;
pub(super) mod typed;
mod upgraded;

use super::super::journey::Journey;
use super::super::spec::THREE;
use crate::support::package::Package;
use crate::support::scope::release;
use faults::{
    a_connection_that_breaks_is_made_again, a_lost_machine_is_replaced,
    one_that_is_asked_to_end_ends_its_step, one_that_lets_nobody_in_leaves,
    one_that_was_killed_is_gone_on_with,
};
use load::Load;
use typed::{
    CAMELLIA, LATER, LONGEST, NAMES, RELEASE, applied, applies, asked, by_ssh, is_recorded,
    run_with,
};

#[test]
fn apply_makes_a_cluster_of_bare_machines_and_keeps_it_by_ssh_alone() {
    let package = Package::for_any_machine(&by_ssh(&THREE, ""));
    let mut journey = Journey::at(package, &THREE, release(RELEASE));
    bare_machines_are_a_cluster(&journey);
    it_is_made_once(&journey);
    camellia_comes_for_daffodil(&mut journey);
    let load = Load::begin(&journey);
    an_option_restarts_all_the_leader_last(&journey, &load);
    one_that_was_killed_is_gone_on_with(&journey, &load);
    one_that_is_asked_to_end_ends_its_step(&journey, &load);
    a_connection_that_breaks_is_made_again(&journey, &load);
    a_lost_machine_is_replaced(&mut journey, &load);
    one_that_lets_nobody_in_leaves(&mut journey, &load);
}

fn bare_machines_are_a_cluster(journey: &Journey) {
    let said = applied(journey, "bare machines are a cluster", "--bootstrap");
    journey.is_well();
    let shown = journey.typed("./bouquet status");
    let head = shown.lines().next().expect("a line");
    assert!(said.stdout.contains(head), "{head}\n{}", said.stdout);
    assert!(said.stdout.contains("3 of 3 answer, quorum 2, tolerates 1\n"), "{}", said.stdout);
    is_recorded(journey);
}

fn it_is_made_once(journey: &Journey) {
    let before = journey.etcdctl(&["orange"], "member list").stdout;
    let said = applies(journey, "--bootstrap");
    assert!(said.stdout.ends_with("ends with 1\n"), "{}{}", said.stdout, said.stderr);
    let words = "records that daffodil, orange, pink run";
    assert!(said.stderr.contains(words), "{}", said.stderr);
    assert_eq!(journey.etcdctl(&["orange"], "member list").stdout, before);
}

/// All is done from the control host, but what clients are told.
fn camellia_comes_for_daffodil(journey: &mut Journey) {
    let load = Load::begin(journey);
    journey.joins(CAMELLIA);
    journey.builds(&by_ssh(&LATER, ""));
    journey.typed("printf '#!/bin/sh\\ncat >>asked; echo >>asked\\n' >hook; chmod 755 hook");
    let what = "camellia comes for daffodil";
    applied(journey, what, "--hook ./hook");
    load.is_whole(journey, what, LONGEST);
    assert_eq!(asked(journey), ["clients"]);
    let left = journey.machine("daffodil").run("systemctl is-active etcd; ls /data");
    assert!(left.stdout.starts_with("inactive\n"), "{}", left.stdout);
    journey.leaves("daffodil");
    is_recorded(journey);
}

fn an_option_restarts_all_the_leader_last(journey: &Journey, load: &Load) {
    let leader = journey.leader(&NAMES);
    journey.builds(&by_ssh(&LATER, "snapshot-count = 5000\n"));
    let what = "an option restarts all";
    let said = applied(journey, what, "");
    load.is_whole(journey, what, LONGEST);
    let restarts: Vec<&str> = said
        .stderr
        .lines()
        .filter_map(|line| line.split_once(" restart "))
        .map(|it| it.1)
        .collect();
    assert_eq!((restarts.len(), restarts.last()), (3, Some(&leader)), "{}", said.stderr);
    run_with(journey, "--snapshot-count=5000");
    is_recorded(journey);
}
