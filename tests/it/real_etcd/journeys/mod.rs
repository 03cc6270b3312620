//! What a person does who has a control host and some machines: from bare machines to a cluster, and what
//! comes after, by `ssh` and `bouquet install`.

#![expect(clippy::print_stdout, reason = "what was measured is shown by `--nocapture`")]

mod changes;
mod full_rig;
mod journey;
mod spec;

use crate::support::scope::release;
use journey::Journey;
use spec::{THREE, spec};
use std::time::Instant;

/// One copy and one command for each.
#[test]
fn three_bare_machines_are_a_healthy_cluster_after_two_commands_for_each() {
    let journey = founded(release("3.6.16"));
    let commands = journey.commands();
    assert!(commands.values().all(|count| *count == 2), "{commands:?}");
    let said = journey.typed("./bouquet status");
    assert!(said.contains("3 of 3 answer, quorum 2, tolerates 1\n"), "{said}");
}

/// The cluster of three that runs.
fn founded(release: &'static str) -> Journey {
    let journey = Journey::begin(&spec(release, &THREE, ""), &THREE, release);
    let started = Instant::now();
    journey.founds();
    let took = started.elapsed().as_secs_f32();
    println!("etcd {release}: bare machines are a healthy cluster after {took:.1} s");
    journey
}
