//! What the playbook of `examples/ansible` does, run by Ansible itself: from bare machines to a cluster, and an option that
//! is rolled out while someone writes.

use super::super::journey::{FILES, Journey};
use super::super::spec::THREE;
use super::NAMES;
use super::applied::load::Load;
use super::applied::typed::{LONGEST, RELEASE, by_ssh};
use crate::support::run::{Said, tools};
use crate::support::scope::release;
use std::collections::BTreeMap;

#[test]
fn a_playbook_makes_a_cluster_and_rolls_an_option_out() {
    let mut journey = Journey::begin(&by_ssh(&THREE, ""), &THREE, release(RELEASE));
    let first = plays(&journey, "-e etcd_found=true");
    assert!(changed(&first).values().all(|count| *count == 2), "{}", first.stdout);
    journey.is_well();
    journey.typed("./bouquet done --yes 2>&1");
    nothing_is_left(&journey);

    journey.builds(&by_ssh(&THREE, "snapshot-count = 5000\n"));
    a_look_changes_nothing(&mut journey);
    let load = Load::begin(&journey);
    plays(&journey, "");
    load.is_whole(&journey, "an option, by a playbook", LONGEST);
    assert_eq!(NAMES.map(|name| option(&mut journey, name)), ["5000"; 3]);
    journey.typed("./bouquet done --yes 2>&1");
    journey.is_well();
    nothing_is_left(&journey);
    where_one_is_down_none_is_restarted(&mut journey);
}

/// The second run finds all in its place.
#[track_caller]
fn nothing_is_left(journey: &Journey) {
    for options in ["", "--check"] {
        let said = plays(journey, options);
        assert!(changed(&said).values().all(|count| *count == 0), "{options}: {}", said.stdout);
    }
}

/// It shows what would be done, and leaves nothing.
fn a_look_changes_nothing(journey: &mut Journey) {
    let look = format!("{FILES}; ls -a /usr/local/bin; sha256sum /usr/local/bin/bouquet");
    let before = NAMES.map(|name| journey.machine(name).sh(&look));
    let said = plays(journey, "--check");
    assert!(changed(&said).values().all(|count| *count == 2), "{}", said.stdout);
    assert!(said.stdout.contains("--snapshot-count=5000"), "{}", said.stdout);
    assert_eq!(NAMES.map(|name| journey.machine(name).sh(&look)), before);
    assert_eq!(NAMES.map(|name| option(journey, name)), [""; 3]);
}

/// The play ends behind the first member, whose installation had nothing to do; and where it would restart, `install` refuses,
/// and its words are shown.
fn where_one_is_down_none_is_restarted(journey: &mut Journey) {
    journey.machine("daffodil").cut_power();
    let said = played(journey, "-e etcd_tries=2");
    let (_, recap) = said.stdout.split_once("PLAY RECAP").expect("an end");
    assert!(!said.ok && recap.contains("orange ") && !recap.contains("pink "), "{}", said.stdout);
    assert!(said.stdout.contains("daffodil is "), "{}", said.stdout);
    journey.builds(&by_ssh(&THREE, "snapshot-count = 6000\n"));
    let said = played(journey, "");
    assert!(
        !said.ok && said.stdout.contains("--accept-downtime"),
        "{}{}",
        said.stdout,
        said.stderr
    );
    assert_eq!(["orange", "pink"].map(|name| option(journey, name)), ["5000"; 2]);
}

/// The value of `snapshot-count` that a member runs with, if any.
fn option(journey: &mut Journey, name: &'static str) -> String {
    journey.machine(name).sh(
        "tr '\\0' '\\n' </proc/$(systemctl show --property=MainPID --value etcd)/cmdline | sed -n 's/^--snapshot-count=//p'",
    )
}

/// Has the playbook run, which has to succeed.
#[track_caller]
fn plays(journey: &Journey, options: &str) -> Said {
    let said = played(journey, options);
    assert!(said.ok, "{options}: {}{}", said.stdout, said.stderr);
    assert!(!said.stdout.contains("PRIVATE KEY"), "{}", said.stdout);
    said
}

fn played(journey: &Journey, options: &str) -> Said {
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/ansible");
    // A connection that is kept would outlive the machines.
    journey.types(&format!(
        "export HOME=$PWD LC_ALL=C.UTF-8 PATH=$PWD:{}:$PATH ANSIBLE_SSH_ARGS='-o ControlMaster=no'\n\
         exec ansible-playbook -i {examples}/inventory {examples}/install.yml -e etcd_program=bouquet {options}",
        tools().join("venv/bin").display()
    ))
}

/// How many tasks changed something on each machine.
fn changed(said: &Said) -> BTreeMap<&str, usize> {
    let (_, recap) = said.stdout.split_once("PLAY RECAP").expect("an end");
    let counts = recap.lines().filter_map(|line| {
        let (name, counts) = line.split_once(" : ")?;
        let count = counts.split_once("changed=")?.1.split(' ').next()?.parse().ok()?;
        Some((name.trim(), count))
    });
    let counts: BTreeMap<_, _> = counts.collect();
    assert_eq!(counts.len(), NAMES.len(), "{recap}");
    counts
}
