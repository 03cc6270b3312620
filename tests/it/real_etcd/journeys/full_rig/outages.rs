//! Members that end, hang, or are cut off, while someone writes.

use super::super::founded;
use super::super::journey::Journey;
use super::NAMES;
use crate::support::scope::LINES;
use crate::support::writer::Record;
use bouquet_rig::Machine;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// For how long no write may succeed: several times what was ever seen.
const LONGEST: Duration = Duration::from_secs(15);

#[test]
fn a_cluster_outlives_what_happens_to_its_machines() {
    for release in LINES {
        let mut journey = founded(release);
        let put = journey.etcdctl(&NAMES, "put bouquet of-flowers");
        assert!(put.ok, "{}", put.stderr);
        let writer = journey.writer("500ms");
        writer.goes_on();
        for (what, happens) in [
            ("etcd of the leader is killed", etcd_is_killed as fn(&mut Journey)),
            ("the leader is cut off, and comes back", the_leader_is_cut_off),
            ("etcd of a follower is stopped, and goes on", etcd_is_stopped),
            ("one follower does not hear the other, and does", a_follower_is_deaf),
            ("the machine of the leader is booted again", a_machine_is_booted_again),
            ("all machines are switched off and on", all_are_switched_off_and_on),
        ] {
            let started = Instant::now();
            let _ = writer.take();
            happens(&mut journey);
            let took = started.elapsed().as_secs_f32();
            writer.goes_on();
            let Record { failures, longest_gap, .. } = writer.take();
            let (gap, failed) = (longest_gap.as_secs_f32(), failures.len());
            println!(
                "etcd {release}: {what}: no write for {gap:.1} s, {failed} failed; healthy after {took:.1} s"
            );
            assert!(longest_gap < LONGEST, "{what}: {failures:?}");
            let got = journey.etcdctl(&NAMES, "get bouquet --print-value-only");
            assert_eq!(got.stdout, "of-flowers\n", "{}", got.stderr);
        }
    }
}

/// For how long one does not hear another: ten times what it would wait for a leader.
const DEAF: Duration = Duration::from_secs(10);

/// It comes back by itself.
fn etcd_is_killed(journey: &mut Journey) {
    let leader = journey.leader(&NAMES);
    let machine = journey.machine(leader);
    machine.sh("systemctl kill --signal=KILL etcd");
    machine.wait_for("systemctl show --property=NRestarts etcd | grep -qx NRestarts=1");
    machine.wait_for("systemctl is-active etcd");
    journey.is_healthy();
}

/// The two others go on, and it follows them when its cable is back.
fn the_leader_is_cut_off(journey: &mut Journey) {
    let leader = journey.leader(&NAMES);
    let others: Vec<&'static str> = NAMES.into_iter().filter(|name| *name != leader).collect();
    journey.network.cut(leader);
    let next = journey.leader(&others);
    journey.are_healthy(&others);
    is_told_as_silent(journey, leader, next);
    journey.network.mend(leader);
    journey.is_healthy();
}

/// It hangs as behind a disk that does not answer.
fn etcd_is_stopped(journey: &mut Journey) {
    let leader = journey.leader(&NAMES);
    let follower = NAMES.into_iter().find(|name| *name != leader).expect("another");
    journey.machine(follower).sh("systemctl kill --signal=STOP etcd");
    is_told_as_silent(journey, follower, leader);
    let said = journey.machine(follower).run("/root/bouquet doctor 2>&1");
    assert!(!said.ok && said.stdout.contains("error: etcd is stopped"), "{}", said.stdout);
    journey.machine(follower).sh("systemctl kill --signal=CONT etcd");
    journey.is_healthy();
}

/// By `status` from the control host, and by `doctor` on another node.
fn is_told_as_silent(journey: &mut Journey, name: &'static str, elsewhere: &'static str) {
    let host = journey.host(name);
    let said = journey.types("./bouquet status").stdout;
    let silent = format!("error: {name} is silent at https://{host}:2379: no answer within 2 s\n");
    for words in ["2 of 3 answer, quorum 2: ONE MORE FAILURE STOPS WRITES\n", &silent] {
        assert!(said.contains(words), "{words} in {said}");
    }
    is_silent_to(journey, name, elsewhere);
}

/// By `doctor` on a node.
fn is_silent_to(journey: &mut Journey, name: &str, elsewhere: &'static str) {
    let silent =
        format!("error: `{name}`, at https://{}:2380, does not answer\n", journey.host(name));
    let said = journey.machine(elsewhere).run("/root/bouquet doctor 2>&1");
    assert!(!said.ok && said.stdout.contains(&silent), "{}", said.stdout);
}

/// A packet filter drops one direction. The cluster goes on by way of the leader, and `doctor` tells; `status` goes by
/// what etcd tells of its connections: 3.4 that they are gone, later ones for a minute and more that they are there.
fn a_follower_is_deaf(journey: &mut Journey) {
    let leader = journey.leader(&NAMES);
    let followers: Vec<&'static str> = NAMES.into_iter().filter(|name| *name != leader).collect();
    journey.network.deafen(followers[0], followers[1]);
    sleep(DEAF);
    journey.are_healthy(&NAMES);
    is_silent_to(journey, followers[1], followers[0]);
    journey.network.undeafen();
    journey.is_well();
}

fn a_machine_is_booted_again(journey: &mut Journey) {
    let leader = journey.leader(&NAMES);
    journey.machine(leader).reboot();
    journey.machine(leader).wait_for("systemctl is-active etcd");
    journey.is_healthy();
}

fn all_are_switched_off_and_on(journey: &mut Journey) {
    journey.all().for_each(Machine::cut_power);
    journey.all().for_each(Machine::boot);
    journey.is_healthy();
}
