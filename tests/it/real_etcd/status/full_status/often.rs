//! A healthy cluster under load, looked at again and again.

use crate::real_etcd::status::fleet::{Fleet, THREE};
use crate::support::side_by_side::with_each;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// How often it is looked.
const READINGS: usize = 1000;

/// Of single readings, one in a few hundred has two members at one applied index and at different revisions.
#[test]
fn a_thousand_readings_under_load_raise_no_false_alarm() {
    with_each(&super::BOTH, |release| {
        let fleet = Fleet::run(release, &[THREE]);
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            for writer in 0..4 {
                let (fleet, stop) = (&fleet, &stop);
                scope.spawn(move || fleet.writes(writer, stop));
            }
            let mut wrong = Vec::new();
            for _ in 0..READINGS {
                let told = fleet.says(0, &["status", "--json"]);
                if told.code != 0 || !told.messages().is_empty() {
                    wrong.push(told.stdout);
                }
            }
            stop.store(true, Ordering::Relaxed);
            assert!(wrong.is_empty(), "{} of {READINGS}: {}", wrong.len(), wrong[0]);
        });
    });
}
