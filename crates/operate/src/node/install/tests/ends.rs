//! What comes of a start.

use crate::node::install::ends::{Started, State};
use crate::node::joining::Way;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

/// Returns what is said of one of so many that has been one process for so many seconds, and of whose others so many answer.
fn said(
    way: &Way,
    (all, heard): (usize, usize),
    (active, seconds): (&str, u32),
) -> Result<Option<String>, &'static str> {
    let waited = SECOND * seconds;
    let state = State { active, is_failing: false, was_other: false, runs_for: waited, waited };
    Started { way, all, heard }.comes_to(&state)
}

fn text(said: Result<Option<String>, &'static str>) -> String {
    match said {
        Ok(words) => words.unwrap_or_else(|| "is waited for".to_owned()),
        Err(why) => format!("error: {why}"),
    }
}

fn join() -> Way {
    Way::Join("orange=https://10.0.0.2:2380".to_owned())
}

/// A database of some gigabytes takes minutes.
#[test]
fn one_that_joins_and_still_gets_its_data_has_not_failed() {
    let of = |at: (&str, u32)| text(said(&join(), (4, 3), at));
    assert_eq!(of(("activating", 59)), "is waited for");
    assert_eq!(
        of(("activating", 60)),
        "was started, and is not ready yet: it gets the data of the others first"
    );
    assert_eq!(of(("active", 3)), "runs, and is ready");
    assert_eq!(of(("failed", 3)), "error: etcd does not come up");
    assert_eq!(of(("inactive", 60)), "error: etcd does not come up");
}

#[test]
fn one_that_joins_and_ends_again_and_again_has_failed() {
    let way = join();
    let started = Started { way: &way, all: 4, heard: 3 };
    let state = |is_failing: bool, seconds: u32| State {
        active: "activating",
        is_failing,
        was_other: true,
        runs_for: SECOND * seconds,
        waited: 60 * SECOND,
    };
    assert_eq!(started.comes_to(&state(true, 0)), Err("etcd does not come up"));
    assert_eq!(started.comes_to(&state(false, 5)), Err("etcd does not come up"));
    // It came before the others knew of it, and was started again.
    assert!(started.comes_to(&state(false, 50)).unwrap().is_some());
}

#[test]
fn a_founder_waits_for_a_quorum_and_one_that_is_alone_for_nobody() {
    let of = |running: usize, all: usize, at: (&str, u32)| {
        text(said(&Way::Found { running }, (all, running), at))
    };
    assert_eq!(of(0, 3, ("activating", 4)), "is waited for");
    assert_eq!(of(0, 3, ("activating", 5)), "was started: 1 of 3, waits for one more");
    assert_eq!(of(0, 5, ("activating", 5)), "was started: 1 of 5, waits for 2 more");
    assert_eq!(of(1, 3, ("activating", 5)), "was started: 2 of 3, is about to be ready");
    assert_eq!(of(0, 3, ("inactive", 5)), "is waited for");
    assert_eq!(of(0, 1, ("activating", 5)), "is waited for");
    assert_eq!(of(0, 1, ("active", 6)), "runs, and is ready");
    assert_eq!(of(0, 1, ("activating", 60)), "was started: 1 of 1, is about to be ready");
}

#[test]
fn one_that_goes_on_waits_for_others_that_are_down_and_for_nothing_else() {
    let of = |heard: usize, at: (&str, u32)| text(said(&Way::Start, (3, heard), at));
    let words = "was started, and is not ready: 0 of the others answer, and it waits until 1 do";
    assert_eq!(of(0, ("activating", 60)), words);
    assert_eq!(of(2, ("activating", 59)), "is waited for");
    assert_eq!(of(2, ("activating", 60)), "error: etcd runs, and is not ready after a minute");
}
