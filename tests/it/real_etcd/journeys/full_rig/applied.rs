//! What `apply` does by `ssh`: from bare machines to a cluster, and each change of it, while someone writes.

use super::super::journey::Journey;
use super::super::spec::{Member, THREE, address, spec};
use super::load::Load;
use crate::support::package::Package;
use crate::support::run::Said;
use crate::support::scope::release;
use serde_json::Value;
use std::fs;
use std::time::{Duration, Instant};

const RELEASE: &str = "3.6.16";
const CAMELLIA: Member = ("camellia", 100);
const PINK: Member = THREE[1];
/// Those of the guide, after one came for another.
const LATER: [Member; 3] = [CAMELLIA, THREE[0], PINK];
const NAMES: [&str; 3] = ["camellia", "orange", "pink"];

/// For how long no write may succeed: several times what was ever seen.
const LONGEST: Duration = Duration::from_secs(15);
/// For how long the lock of one that was killed stays, and as long again.
const HELD: Duration = Duration::from_secs(120);

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
    a_connection_that_breaks_is_made_again(&journey, &load);
    a_lost_machine_is_replaced(&mut journey, &load);
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
    let asked = fs::read_to_string(journey.package.path("asked")).expect("a file");
    let steps = asked.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let actions: Vec<Value> = steps.map(|mut step| step["action"].take()).collect();
    assert_eq!(actions, ["clients"], "{asked}");
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

/// Its own end is no end of what it has begun on a node. The next one waits for its lock, and does the rest.
fn one_that_was_killed_is_gone_on_with(journey: &Journey, load: &Load) {
    journey.builds(&by_ssh(&LATER, "snapshot-count = 6000\n"));
    journey.typed(KILLED);
    let what = "one that was killed is gone on with";
    let began = Instant::now();
    let said = loop {
        let said = applies(journey, "");
        let is_held = said.stderr.contains("another `apply` changes this cluster");
        if !is_held || began.elapsed() > HELD {
            break said;
        }
    };
    has_succeeded(what, began, &said);
    load.is_whole(journey, what, LONGEST);
    run_with(journey, "--snapshot-count=6000");
    is_recorded(journey);
}

/// While it restarts the second member.
const KILLED: &str = "\
export HOME=$PWD
./bouquet apply --yes >killed.out 2>killed.err &
until grep -q '^2/.* restart ' killed.err; do kill -0 $!; sleep 0.02; done
sleep 0.3
kill -KILL $!
";

/// What was begun on the node goes on; the same again finds that it is done.
fn a_connection_that_breaks_is_made_again(journey: &Journey, load: &Load) {
    journey.builds(&by_ssh(&LATER, "snapshot-count = 7000\n"));
    let what = "a connection that breaks is made again";
    let began = Instant::now();
    let said = journey.types(BROKEN);
    has_succeeded(what, began, &said);
    assert!(said.stderr.contains("ssh was ended by signal 9"), "{}", said.stderr);
    load.is_whole(journey, what, LONGEST);
    run_with(journey, "--snapshot-count=7000");
    is_recorded(journey);
}

/// While the first member is restarted.
const BROKEN: &str = "\
export HOME=$PWD
./bouquet apply --yes 2>broken.err &
until grep -q ': wrote /etc/systemd/system/etcd.service$' broken.err; do kill -0 $!; sleep 0.01; done
kill -KILL $(pgrep -P $! -x ssh)
code=0
wait $! || code=$?
cat broken.err >&2
exit $code
";

/// Its disk is gone, too; the new one has its address. Nothing is begun before it is there.
fn a_lost_machine_is_replaced(journey: &mut Journey, load: &Load) {
    journey.machine(PINK.0).cut_power();
    journey.network.cut(PINK.0);
    let members = |journey: &Journey| journey.etcdctl(&["orange"], "member list").stdout;
    let before = members(journey);
    let said = applies(journey, "--replace pink");
    assert!(said.stdout.ends_with("ends with 1\n"), "{}{}", said.stdout, said.stderr);
    for words in
        ["error: pink: root@192.168.65.102 cannot be reached\n", "note: nothing was begun\n"]
    {
        assert!(said.stderr.contains(words), "{words} in {}", said.stderr);
    }
    assert_eq!(members(journey), before);
    let machine = journey.machine_at("pink-2", PINK);
    journey.replaces(PINK, machine);
    // That the address moved gets about within seconds.
    journey.until(|| {
        let said = journey.types("ssh root@192.168.65.102 true");
        if said.ok { Ok(()) } else { Err(said.stderr) }
    });
    let what = "a lost machine is replaced";
    applied(journey, what, "--replace pink");
    load.is_whole(journey, what, LONGEST);
    run_with(journey, "--snapshot-count=7000");
    is_recorded(journey);
}

/// The spec of these members, each with the way to its node.
fn by_ssh(members: &[Member], option: &str) -> String {
    let plain = spec(RELEASE, members, "").replace("[etcd]\n", &format!("[etcd]\n{option}"));
    members.iter().fold(plain, |text, member| {
        let ip = address(*member);
        text.replace(&format!("ip = \"{ip}\"\n"), &format!("ip = \"{ip}\"\nssh = \"root@{ip}\"\n"))
    })
}

/// Has the plan carried out, whatever comes of it.
fn applies(journey: &Journey, options: &str) -> Said {
    // Snapshots go home.
    let script = "export HOME=$PWD; ./bouquet apply --yes OPTIONS || echo \"ends with $?\"";
    journey.types(&script.replace("OPTIONS", options))
}

/// The same where it has to succeed.
#[track_caller]
fn applied(journey: &Journey, what: &str, options: &str) -> Said {
    let began = Instant::now();
    let said = applies(journey, options);
    has_succeeded(what, began, &said);
    said
}

#[track_caller]
fn has_succeeded(what: &str, began: Instant, said: &Said) {
    let Said { ok, stdout, stderr } = said;
    assert!(*ok && !stdout.contains("ends with "), "{what}:\n{stdout}\n{stderr}");
    println!("{stdout}\n{stderr}\n{what}: {:.1} s", began.elapsed().as_secs_f32());
}

/// Nothing is left to do, and `status` finds nothing.
#[track_caller]
fn is_recorded(journey: &Journey) {
    journey.is_well();
    let said = journey.typed("./bouquet plan");
    assert!(said.contains("nothing to do"), "{said}");
}

#[track_caller]
fn run_with(journey: &Journey, option: &str) {
    for name in NAMES {
        let line = journey.typed(&format!(
            "ssh root@{} 'tr \"\\0\" \" \" </proc/$(systemctl show --property=MainPID --value etcd)/cmdline'",
            journey.host(name)
        ));
        assert!(line.contains(option), "{name}: {line}");
    }
}
