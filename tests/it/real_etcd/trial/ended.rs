//! How a trial ends: by signals, before it is healthy, by force.

use super::program::{Place, kill};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

#[test]
fn each_signal_ends_it_cleanly() {
    for signal in ["TERM", "HUP", "INT"] {
        let place = Place::new();
        let started = place.under("--default-signal=HUP");
        started.signal(signal);
        let (code, said) = started.ends();
        assert_eq!(code, Some(0), "{signal}: {said}");
        assert!(!said.contains("panicked"), "{said}");
        place.nothing_is_left();
    }
}

#[test]
fn a_terminal_that_is_gone_does_not_end_what_nohup_started() {
    let place = Place::new();
    let started = place.under("--ignore-signal=HUP");
    started.signal("HUP");
    sleep(Duration::from_secs(1));
    assert!(!place.processes().is_empty());
    started.signal("TERM");
    let (code, said) = started.ends();
    assert_eq!(code, Some(0), "{said}");
    place.nothing_is_left();
}

/// The members are in a group of their own, so that they get it from the program alone.
#[test]
fn ctrl_c_at_a_terminal_ends_it_cleanly() {
    let place = Place::new();
    let started = place.started(&[]);
    started.signal_group("INT");
    assert_eq!(started.ends().0, Some(0));
    place.nothing_is_left();
}

#[test]
fn ctrl_c_is_the_commands_own_matter() {
    let place = Place::new();
    let script = "trap 'echo caught; exit 6' INT; echo ready; while :; do sleep 0.1; done";
    let started = place.started(&["--", "sh", "-c", script]);
    started.says("ready\n");
    started.signal_group("INT");
    let (code, said) = started.ends();
    assert_eq!(code, Some(6), "{said}");
    assert!(said.contains("caught\n"), "{said}");
    place.nothing_is_left();
}

#[test]
fn a_signal_from_elsewhere_is_handed_on_to_the_command_and_the_second_one_kills_it() {
    let place = Place::new();
    let script = "trap 'exit 5' TERM; echo ready; while :; do sleep 0.1; done";
    let started = place.started(&["--", "sh", "-c", script]);
    started.says("ready\n");
    started.signal("TERM");
    assert_eq!(started.ends().0, Some(5));
    place.nothing_is_left();

    let script = "trap 'echo not yet' TERM; echo ready; while :; do sleep 0.1; done";
    let started = place.started(&["--", "sh", "-c", script]);
    started.says("ready\n");
    started.signal("TERM");
    started.says("not yet\n");
    started.signal("TERM");
    assert_eq!(started.ends().0, Some(128 + 9));
    place.nothing_is_left();
}

/// A member that is stopped takes no signal, and is killed in the end; by a second signal at once.
#[test]
fn a_member_that_does_not_end_is_killed() {
    for second in [false, true] {
        let place = Place::new();
        let started = place.started(&[]);
        for member in ["pink", "orange"] {
            kill("STOP", &place.member(member).to_string());
        }
        let begin = Instant::now();
        started.signal("INT");
        if second {
            sleep(Duration::from_millis(200));
            started.signal("INT");
        }
        assert_eq!(started.ends().0, Some(0));
        assert_eq!(begin.elapsed() > Duration::from_secs(5), !second, "{:?}", begin.elapsed());
        place.nothing_is_left();
    }
}

#[test]
fn a_program_that_is_killed_takes_its_members_its_command_and_its_folder_along() {
    let place = Place::new();
    let started = place.started(&[]);
    started.signal("KILL");
    assert_eq!(started.ends().0, None);
    place.soon_nothing_is_left();

    let script = "echo ready; exec tail -f \"$ETCDCTL_CACERT\"";
    let started = place.started(&["--", "sh", "-c", script]);
    started.says("ready\n");
    started.signal("KILL");
    assert_eq!(started.ends().0, None);
    place.soon_nothing_is_left();
}

/// An etcd that tells its version, and then does nothing.
#[test]
fn a_signal_before_it_is_healthy_ends_it_too() {
    let place = Place::new();
    let etcd = script(
        &place,
        "case $1 in --version) echo 'etcd Version: 3.5.33' ;; *) echo hangs >&2; exec sleep 1000 ;; esac",
    );
    for (signal, code) in [("TERM", 143), ("INT", 130)] {
        let started = place.launched(&mut place.try_(&["--etcd", &etcd.display().to_string()]));
        started.says("hangs\n");
        started.signal(signal);
        let (ended, said) = started.ends();
        assert_eq!(ended, Some(code), "{said}");
        place.nothing_is_left();
    }
}

/// A program in the place of etcd.
pub(super) fn script(place: &Place, script: &str) -> PathBuf {
    let path = place.package.path().join("etcd");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("a file");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a script");
    path
}
