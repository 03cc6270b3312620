//! Builds at the same time, where the file system knows no locks for folders.

use super::super::claim::{Claim, NAME, Patience};
use super::child::{assert_sound, child_with_fault, realistic};
use super::*;
use std::os::unix::fs::symlink;
use std::process::{Child, Command};
use std::thread;
use std::time::Duration;

const SPECS: [&str; 3] =
    ["m:orange c:root lock", "m:orange m:pink c:root lock", "m:orange c:root c:other renew lock"];

const SHORT: Patience = Patience { silent: Duration::ZERO, whole: Duration::from_millis(100) };

fn unlocked(out: &Path, spec: &str) -> Child {
    child_with_fault(out, spec, "unlocked", 0).spawn().unwrap()
}

/// Without it, one removes or decides what another has staged.
#[test]
fn builds_at_once_without_locks_take_turns() {
    let place = place();
    let children: Vec<_> = (0..12).map(|n| unlocked(&place.out, SPECS[n % 3])).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert!(place.folder.path().join(NAME).symlink_metadata().is_err());
    let ca = text(place.out.join("pki/ca.crt"));
    realistic(&place.out, SPECS[0]).unwrap();
    assert_eq!(assert_sound(&place.out, SPECS[0]), ca);
}

#[test]
fn builds_without_locks_that_are_killed_leave_the_folder_to_the_next() {
    let place = place();
    for round in 0..8_u64 {
        let mut children = [SPECS[1], SPECS[2]].map(|spec| unlocked(&place.out, spec));
        thread::sleep(Duration::from_millis(2 + 3 * round));
        for child in &mut children {
            child.kill().unwrap();
        }
        for child in &mut children {
            child.wait().unwrap();
        }
        assert!(unlocked(&place.out, SPECS[0]).wait().unwrap().success());
        assert_sound(&place.out, SPECS[0]);
        assert!(place.folder.path().join(NAME).symlink_metadata().is_err(), "round {round}");
    }
}

#[test]
fn a_claim_of_a_process_that_is_there_is_waited_for() {
    let place = place();
    let folder = place.folder.path();
    let first = Claim::take(folder, SHORT, &mut || panic!("nobody has it")).unwrap().unwrap();
    let ended = thread::spawn(move || {
        thread::sleep(Duration::from_millis(400));
        drop(first);
    });
    let mut said = 0;
    let second = Claim::take(folder, SHORT, &mut || said += 1).unwrap().unwrap();
    ended.join().unwrap();
    assert!(said > 0);
    drop(second);
    assert!(folder.join(NAME).symlink_metadata().is_err());
}

/// This machine cannot tell whether they are there.
#[test]
fn a_claim_of_another_machine_is_refused_with_its_owner() {
    let place = place();
    let folder = place.folder.path();
    for (owner, who) in [("12 345 blue pid:[1]", "process 12 on blue"), ("notes", "someone")] {
        symlink(owner, folder.join(NAME)).unwrap();
        let error = Claim::take(folder, SHORT, &mut || {}).unwrap_err();
        let message = format!("cannot lock `{}`: {who} holds it", folder.display());
        assert_eq!(error.message, message);
        assert!(error.help[0].contains(&format!("`rm '{}'`", folder.join(NAME).display())));
        fs::remove_file(folder.join(NAME)).unwrap();
    }
}

#[test]
fn a_claim_of_a_process_that_is_gone_is_ended() {
    let place = place();
    let link = place.folder.path().join(NAME);
    let held = Claim::take(place.folder.path(), SHORT, &mut || {}).unwrap();
    let here = fs::read_link(&link).unwrap().to_str().unwrap().to_owned();
    drop(held);
    let mut child = Command::new("true").spawn().unwrap();
    child.wait().unwrap();
    let [id, began, machine] = here.splitn(3, ' ').collect::<Vec<_>>().try_into().unwrap();
    // One that ended, and one whose number another process has by now.
    for owner in [format!("{} {began} {machine}", child.id()), format!("{id} 1 {machine}")] {
        symlink(&owner, &link).unwrap();
        let taken = Claim::take(place.folder.path(), SHORT, &mut || {}).unwrap();
        assert!(taken.is_some(), "{owner}");
    }
    assert!(!link.exists());
}
