//! `try`, as far as a command line goes.

use crate::common::World;
use bouquet_operate::{Exit, Work};
use std::fmt::Debug;

fn shown(work: &impl Debug) -> String {
    format!("{work:?}")
}

#[test]
fn a_trial_is_left_to_the_edge_and_needs_no_out() {
    let outcome = World::new().flowers(&["try", "--etcd", "bin/etcd", "--", "cargo", "test", "-q"]);
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("", ""));
    assert_eq!(outcome.exit, Exit::Done);
    let Some(Work::Try(work)) = &outcome.work else { panic!("{:?}", outcome.work) };
    let work = shown(work);
    // A relative file leads there from anywhere, and is not looked up in PATH.
    assert!(work.contains("\"/home/me/flowers/bin/etcd\""), "{work}");
    assert!(work.contains("[\"cargo\", \"test\", \"-q\"]"), "{work}");
}

#[test]
fn a_command_follows_two_dashes() {
    for (line, meant) in [
        (&["try", "etcdctl", "endpoint", "health"][..], "try -- etcdctl endpoint health"),
        (&["try", "--etcd", "a b", "--log", "make", "-j2"], "try --etcd 'a b' --log -- make -j2"),
    ] {
        let outcome = World::new().flowers(line);
        assert_eq!(outcome.exit, Exit::Misused);
        let tip = format!("the command follows `--`: `bouquet {meant}`");
        assert!(outcome.stderr.contains(&tip), "{}", outcome.stderr);
    }
}

/// Its certificates are its own, and valid for as long as it takes.
#[test]
fn nothing_is_said_of_the_certificates_of_the_build() {
    let world = World::at(crate::common::flowers::ISSUED + 366 * crate::common::DAY);
    assert!(!world.flowers(&["members"]).stderr.is_empty());
    assert_eq!(world.flowers(&["try"]).stderr, "");
}
