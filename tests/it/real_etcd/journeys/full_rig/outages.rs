//! Members that end, hang, or are cut off, while someone writes.

use super::super::journey::Journey;
use super::{EACH, NAMES, founded};
use crate::support::writer::{Record, Writer};
use std::thread::sleep;
use std::time::{Duration, Instant};

#[test]
fn a_cluster_outlives_what_happens_to_its_machines() {
    for release in EACH {
        let mut journey = founded(release);
        let writer = journey.writer("500ms");
        settles(&writer);
        etcd_is_killed(&mut journey, &writer, release);
        the_leader_is_cut_off(&mut journey, &writer, release);
        a_member_is_stopped(&mut journey, &writer, release);
        a_machine_is_booted_again(&mut journey, &writer, release);
        all_are_booted_again(&mut journey, &writer, release);
    }
}

/// Lets some writes succeed.
fn settles(writer: &Writer) {
    sleep(Duration::from_secs(3));
    let Record { writes, failures, .. } = writer.take();
    assert!(writes > 3, "{failures:?}");
}

/// What went wrong until writes succeed again, and for how long none did.
fn outage(writer: &Writer) -> (usize, f32) {
    let Record { failures, longest_gap, .. } = writer.take();
    (failures.len(), longest_gap.as_secs_f32())
}

/// It comes back by itself.
fn etcd_is_killed(journey: &mut Journey, writer: &Writer, release: &str) {
    let leader = journey.leader(&NAMES);
    let machine = journey.machine(leader);
    let _ = writer.take();
    let started = Instant::now();
    machine.sh("systemctl kill --signal=KILL etcd");
    machine.wait_for("systemctl show --property=NRestarts etcd | grep -qx NRestarts=1");
    machine.wait_for("systemctl is-active etcd");
    let back = started.elapsed().as_secs_f32();
    journey.is_healthy();
    settles_again(writer, |failed, gap| {
        println!(
            "etcd {release}: kill -9 of the leader's etcd: no write for {gap:.1} s, {failed} failed; it is back after {back:.1} s"
        );
        assert!(gap < 10.0);
    });
}

fn settles_again(writer: &Writer, tell: impl Fn(usize, f32)) {
    sleep(Duration::from_secs(1));
    let (failed, gap) = outage(writer);
    tell(failed, gap);
    settles(writer);
}

/// The two others go on, it follows them when its cable is back.
fn the_leader_is_cut_off(journey: &mut Journey, writer: &Writer, release: &str) {
    let leader = journey.leader(&NAMES);
    let others = NAMES.map(|name| (name != leader).then_some(name));
    let others: Vec<&'static str> = others.into_iter().flatten().collect();
    let _ = writer.take();
    let started = Instant::now();
    journey.network.cut(leader);
    let next = journey.leader(&others);
    let elected = started.elapsed().as_secs_f32();
    journey.are_healthy(&others);
    sleep(Duration::from_secs(2));
    let said = journey.types("./bouquet status");
    println!("{}", said.stdout);
    let doctor = journey.machine(next).run("/root/bouquet doctor 2>&1");
    println!("{}", doctor.stdout);
    journey.network.mend(leader);
    journey.is_healthy();
    settles_again(writer, |failed, gap| {
        println!(
            "etcd {release}: the leader cut off: no write for {gap:.1} s, {failed} failed; another one leads after {elected:.1} s at most"
        );
        assert!(gap < 15.0);
    });
}

/// It hangs as a disk does that does not answer: the others go on, and it is told.
fn a_member_is_stopped(journey: &mut Journey, writer: &Writer, release: &str) {
    let leader = journey.leader(&NAMES);
    let follower = NAMES.into_iter().find(|name| *name != leader).expect("another");
    let _ = writer.take();
    journey.machine(follower).sh("systemctl kill --signal=STOP etcd");
    sleep(Duration::from_secs(5));
    let (failed, gap) = outage(writer);
    let said = journey.types("./bouquet status");
    println!("{}", said.stdout);
    let doctor = journey.machine(leader).run("/root/bouquet doctor 2>&1");
    println!("{}", doctor.stdout);
    let doctor = journey.machine(follower).run("/root/bouquet doctor 2>&1");
    println!("{}", doctor.stdout);
    journey.machine(follower).sh("systemctl kill --signal=CONT etcd");
    journey.is_healthy();
    println!("etcd {release}: a follower stopped: no write for {gap:.1} s, {failed} failed");
    settles(writer);
}

fn a_machine_is_booted_again(journey: &mut Journey, writer: &Writer, release: &str) {
    let leader = journey.leader(&NAMES);
    let _ = writer.take();
    let started = Instant::now();
    journey.machine(leader).reboot();
    journey.machine(leader).wait_for("systemctl is-active etcd");
    let took = started.elapsed().as_secs_f32();
    journey.is_healthy();
    settles_again(writer, |failed, gap| {
        println!(
            "etcd {release}: the leader's machine booted again: no write for {gap:.1} s, {failed} failed; it is back after {took:.1} s"
        );
    });
}

fn all_are_booted_again(journey: &mut Journey, writer: &Writer, release: &str) {
    let put = journey.etcdctl(&NAMES, "put bouquet of-flowers");
    assert!(put.ok, "{}", put.stderr);
    let _ = writer.take();
    let started = Instant::now();
    for machine in journey.all() {
        machine.cut_power();
    }
    for machine in journey.all() {
        machine.boot();
    }
    journey.is_healthy();
    let took = started.elapsed().as_secs_f32();
    let got = journey.etcdctl(&NAMES, "get bouquet --print-value-only").stdout;
    assert_eq!(got, "of-flowers\n");
    settles_again(writer, |failed, gap| {
        println!(
            "etcd {release}: all machines switched off and on: no write for {gap:.1} s, {failed} failed; healthy after {took:.1} s"
        );
    });
}
