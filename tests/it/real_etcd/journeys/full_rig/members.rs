//! A member more, and one in the place of another whose machine is gone.

use super::super::founded;
use super::super::journey::Journey;
use super::super::spec::{Member, THREE, spec};
use crate::support::scope::LINES;
use crate::support::writer::Record;
use std::time::Instant;

const CAMELLIA: Member = ("camellia", 100);

#[test]
fn a_member_joins_and_another_is_replaced_by_one_command_each() {
    for release in LINES {
        let mut journey = founded(release);
        camellia_joins(&mut journey, release);
        daffodil_gets_another_machine(&mut journey, release);
    }
}

fn camellia_joins(journey: &mut Journey, release: &str) {
    journey.typed("./bouquet done --yes 2>&1");
    let four: Vec<Member> = THREE.into_iter().chain([CAMELLIA]).collect();
    journey.builds(&spec(release, &four, ""));
    journey.joins(CAMELLIA);
    journey.brings("camellia");
    journey.refuses("camellia", "", "is no member of the cluster that runs");
    journey.adds(CAMELLIA);
    joins(journey, "camellia");
    let said = journey.typed("./bouquet done --yes 2>&1");
    assert!(said.contains("recorded 1 member and 1 client\n"), "{said}");
}

/// Its machine is gone, and so is its address.
fn daffodil_gets_another_machine(journey: &mut Journey, release: &str) {
    let writer = journey.writer("500ms");
    journey.machine("daffodil").cut_power();
    journey.network.cut("daffodil");
    let said = journey.types("./bouquet status").stdout;
    let silent = "error: daffodil is silent at https://192.168.65.103:2379: no answer within 2 s\n";
    assert!(said.contains(silent), "{said}");
    let started = Instant::now();
    journey.removes("daffodil");
    let new = ("daffodil", 104);
    journey.builds(&spec(release, &[THREE[0], THREE[1], new, CAMELLIA], ""));
    let machine = journey.machine_at("daffodil-2", new);
    journey.replaces(new, machine);
    journey.brings("daffodil");
    journey.refuses("daffodil", "", "is no member of the cluster that runs");
    journey.adds(new);
    joins(journey, "daffodil");
    let took = started.elapsed().as_secs_f32();
    let Record { writes, failures, longest_gap, .. } = writer.take();
    println!(
        "etcd {release}: a dead member of four replaced at another address in {took:.1} s, with a build and a boot: \
         {writes} writes, {} failed, longest gap {} ms",
        failures.len(),
        longest_gap.as_millis()
    );
    let said = journey.types("./bouquet done --yes 2>&1").stdout;
    assert!(said.contains("https://192.168.65.103:2380 → https://192.168.65.104:2380\n"), "{said}");
}

/// Installs a learner, and gives it its vote.
fn joins(journey: &Journey, name: &'static str) {
    let said = journey.installed(name, "");
    assert!(said.contains("wrote /etc/systemd/system/etcd.service.d/10-join.conf\n"), "{said}");
    assert!(said.ends_with(&format!("{name} runs, and is ready\n")), "{said}");
    journey.promotes(name);
    journey.is_healthy();
    let said = journey.installed(name, "");
    assert!(said.contains("removed /etc/systemd/system/etcd.service.d/10-join.conf\n"), "{said}");
    assert!(!said.contains("restarted"), "{said}");
    let said = journey.types("./bouquet status").stdout;
    assert!(said.contains("4 of 4 answer, quorum 3, tolerates 1\n"), "{said}");
}
