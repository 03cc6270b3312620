//! Builds at the same time.

use super::child::{assert_sound, child, realistic};
use super::*;
use std::sync::Barrier;
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
    let folder = place.out.parent().unwrap();
    let held = hold(&place.out);
    // Both begin at once, on a busy machine too.
    let both = Barrier::new(2);
    let mut started = Instant::now();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let mut said = Vec::new();
            both.wait();
            drop(Hold::take(folder, |text| said.push(text.to_owned())).unwrap());
            said
        });
        both.wait();
        started = Instant::now();
        thread::sleep(Duration::from_millis(1600));
        drop(held);
        let said = waiting.join().unwrap();
        let message = format!("waiting for another build that holds `{}`", folder.display());
        assert_eq!(said, [message]);
    });
    assert!(started.elapsed() >= Duration::from_millis(1600));
    drop(Hold::take(folder, |text| panic!("{text}")).unwrap());
}

#[test]
fn the_lock_leaves_no_file_and_follows_a_link_to_the_folder() {
    let place = place();
    let folder = place.out.parent().unwrap();
    let link = folder.join("link");
    std::os::unix::fs::symlink(folder, &link).unwrap();
    let held = Hold::take(&link, |text| panic!("{text}")).unwrap();
    let same = fs::File::open(folder).unwrap();
    assert!(matches!(same.try_lock(), Err(fs::TryLockError::WouldBlock)));
    drop(held);
    same.try_lock().unwrap();
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["beside", "link"]);
}
