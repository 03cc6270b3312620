//! Builds at the same time.

use super::child::{assert_sound, child, realistic};
use super::*;
use std::thread;
use std::time::{Duration, Instant};

#[test]
fn builds_at_once_take_turns() {
    let place = place();
    let specs = ["m:orange c:root", "m:orange m:pink c:root", "m:orange c:root c:other renew"];
    let children: Vec<_> =
        (0..12).map(|n| child(&place.out, specs[n % 3]).spawn().unwrap()).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let ca = text(place.out.join("pki/ca.crt"));
    realistic(&place.out, specs[0]).unwrap();
    assert_eq!(assert_sound(&place.out, specs[0]), ca);
}

#[test]
fn builds_at_once_that_are_killed_with_force_recover() {
    let place = place();
    let mut ca = None;
    for round in 0..12_u64 {
        let specs = ["m:orange c:root renew", "m:orange m:pink c:root c:other renew"];
        let mut children = specs.map(|spec| child(&place.out, spec).spawn().unwrap());
        thread::sleep(Duration::from_millis(2 + 3 * round));
        for child in &mut children {
            child.kill().unwrap();
        }
        for child in &mut children {
            child.wait().unwrap();
        }
        realistic(&place.out, "m:orange c:root").unwrap();
        let now = assert_sound(&place.out, "m:orange c:root");
        assert_eq!(*ca.get_or_insert(now.clone()), now, "round {round}");
    }
}

#[test]
fn a_long_wait_is_announced_once_and_a_short_one_is_not() {
    let place = place();
    let held = Out::open(&place.out, &[], |_| {}).unwrap();
    let started = Instant::now();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let mut said = Vec::new();
            let out = Out::open(&place.out, &[], |text| said.push(text.to_owned())).unwrap();
            drop(out);
            said
        });
        thread::sleep(Duration::from_millis(1600));
        drop(held);
        let said = waiting.join().unwrap();
        let lock = place.out.join(".lock");
        let message = format!("waiting for another build that holds `{}`", lock.display());
        assert_eq!(said, [message]);
    });
    assert!(started.elapsed() >= Duration::from_millis(1600));
    Out::open(&place.out, &[], |text| panic!("{text}")).unwrap();
}

#[test]
fn a_lock_that_was_removed_under_us_keeps_nobody_away_and_is_made_anew() {
    let place = place();
    let held = Out::open(&place.out, &[], |_| {}).unwrap();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| Out::open(&place.out, &[], |_| {}).unwrap());
        thread::sleep(Duration::from_millis(100));
        fs::remove_dir_all(&place.out).unwrap();
        fs::create_dir(&place.out).unwrap();
        drop(held);
        let second = waiting.join().unwrap();
        assert!(place.out.join(".lock").exists());
        drop(second);
    });
}
