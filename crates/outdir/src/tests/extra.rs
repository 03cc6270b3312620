//! A file outside `out/` that is part of the same commit.

use super::super::places::{self, temporary};
use super::child::{
    assert_sound, assert_together, child_with_fault, realistic, remove, this_test, unshare,
};
use super::crash::{Scenario, fails_anywhere, killed_anywhere};
use super::limits::{INSIDE, PLACED_NEXT, inside};
use super::*;
use std::fs::{File, FileTimes};
use std::os::unix::fs::symlink;
use std::process::Command;
use std::time::Duration;

const FIRST_BUILD: Scenario = Scenario { before: |_| {}, spec: "m:orange c:root lock" };

/// All certificates are renewed, a member goes, a client comes, and the list tells of all that.
const CHANGE: Scenario = Scenario {
    before: |out| drop(realistic(out, "m:orange m:pink c:root lock").unwrap()),
    spec: "m:orange c:root c:new renew lock",
};

/// Nothing but the list is to be written.
const ALONE: Scenario = Scenario {
    before: |out| drop(realistic(out, "m:orange lock:old").unwrap()),
    spec: "m:orange lock",
};

#[test]
fn a_build_with_a_file_elsewhere_can_be_killed_anywhere() {
    for scenario in [FIRST_BUILD, CHANGE, ALONE] {
        killed_anywhere(&scenario);
    }
}

#[test]
fn a_build_with_a_file_elsewhere_can_run_out_of_space_anywhere() {
    for scenario in [CHANGE, ALONE] {
        fails_anywhere(&scenario);
    }
}

#[test]
fn the_file_may_lie_on_another_file_system() {
    let Some(folder) = inside() else {
        return on_a_disk_beside("the_file_may_lie_on_another_file_system", "1m");
    };
    let out = folder.join("out");
    for at in 1.. {
        remove(&out);
        (CHANGE.before)(&out);
        let status = child_with_fault(&out, CHANGE.spec, "die", at).status().unwrap();
        if status.success() {
            assert!(at > 40, "only {at} operations: nothing was tested");
            break;
        }
        drop(Out::open(&out, &[&beside(&out)], hold(&out)).unwrap());
        assert_together(&out);
        realistic(&out, CHANGE.spec).unwrap();
        assert_sound(&out, CHANGE.spec);
    }
}

#[test]
fn a_full_disk_there_leaves_everything_here_as_it_was() {
    let Some(folder) = inside() else {
        return on_a_disk_beside("a_full_disk_there_leaves_everything_here_as_it_was", "16k");
    };
    let out = folder.join("out");
    build(&out, &listed(&out, "1", "short")).unwrap();
    let before = (contents(&out), text(beside(&out)));
    let failure = build(&out, &listed(&out, "2", &"long ".repeat(10_000))).unwrap_err();
    let expected = "cannot write `beside/out.lock`: the disk is full";
    let help =
        "free some space, then build again; until it can be written, `out/` stays as it is too";
    assert_eq!(said(&failure, &folder), [expected, help]);
    assert_eq!((contents(&out), text(beside(&out))), before);
    build(&out, &listed(&out, "2", "brief")).unwrap();
    assert_eq!(text(beside(&out)), "brief");
}

#[test]
fn a_read_only_folder_there_leaves_everything_here_as_it_was() {
    let Some(folder) = inside() else {
        return on_a_disk_beside(
            "a_read_only_folder_there_leaves_everything_here_as_it_was",
            "16k",
        );
    };
    let out = folder.join("out");
    build(&out, &listed(&out, "1", "list")).unwrap();
    let remount = |how| {
        let mut mount = Command::new("mount");
        mount.args(["-o", &format!("remount,{how}")]).arg(folder.join("beside"));
        assert!(mount.status().unwrap().success());
    };
    remount("ro");
    let before = (contents(&out), text(beside(&out)));
    let failure = build(&out, &listed(&out, "2", "other")).unwrap_err();
    let expected = "cannot write `beside/out.lock`: the file system is read-only";
    assert_eq!(said(&failure, &folder)[0], expected);
    assert_eq!((contents(&out), text(beside(&out))), before);
    // As long as it stays as it is, nothing has to be written there.
    build(&out, &cluster(&["orange"], &[], "2")).unwrap();
    remount("rw");
    build(&out, &listed(&out, "2", "other")).unwrap();
    assert_eq!(text(beside(&out)), "other");
}

/// The one kind of failure that comes after the decision.
#[test]
fn a_file_there_that_cannot_be_replaced_is_completed_by_the_next_build() {
    let Some(folder) = inside() else {
        let name = "a_file_there_that_cannot_be_replaced_is_completed_by_the_next_build";
        return on_a_disk_beside(name, "16k");
    };
    let out = folder.join("out");
    build(&out, &listed(&out, "1", "list")).unwrap();
    fs::write(folder.join("other"), "").unwrap();
    let mut mount = Command::new("mount");
    let mount = mount.arg("--bind").arg(folder.join("other")).arg(beside(&out));
    assert!(mount.status().unwrap().success());
    for _ in 0..2 {
        let failure = build(&out, &listed(&out, "2", "second")).unwrap_err();
        let expected = "cannot write `beside/out.lock`: it is in use, as a mount point is";
        let help = format!("unmount it, then build again; {PLACED_NEXT}");
        assert_eq!(said(&failure, &folder), [expected, &help]);
    }
    assert!(Command::new("umount").arg(beside(&out)).status().unwrap().success());
    drop(Out::open(&out, &[&beside(&out)], hold(&out)).unwrap());
    assert_eq!(text(beside(&out)), "second");
    assert_eq!(text(out.join("pki/ca.crt")), "pki/ca 2");
}

/// A build that did not know of the file has left it there, say.
#[test]
fn what_another_build_has_staged_there_is_never_put_into_place() {
    const SPEC: &str = "m:orange renew lock:list";
    let place = place();
    for at in 1.. {
        remove(&place.out);
        realistic(&place.out, SPEC).unwrap();
        fs::write(temporary(&beside(&place.out)), "of another build").unwrap();
        let status = child_with_fault(&place.out, SPEC, "die", at).status().unwrap();
        if status.success() {
            assert!(at > 20, "only {at} operations: nothing was tested");
            break;
        }
        drop(Out::open(&place.out, &[&beside(&place.out)], hold(&place.out)).unwrap());
        assert_eq!(text(beside(&place.out)), "list", "operation {at}");
    }
}

/// As by `git pull`, before the build that completes it.
#[test]
fn what_was_changed_there_after_a_build_was_killed_stays() {
    changed_after_a_kill(|lock| fs::write(lock, "of a colleague").unwrap());
}

/// A backup has the times of what it is of.
#[test]
fn what_was_put_back_there_with_its_own_times_after_a_build_was_killed_stays() {
    let old = FileTimes::new().set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 30));
    let backup = |lock: &Path| {
        let backup = lock.with_file_name("backup");
        fs::write(&backup, "of a colleague").unwrap();
        File::options().write(true).open(&backup).unwrap().set_times(old).unwrap();
        backup
    };
    changed_after_a_kill(|lock| fs::rename(backup(lock), lock).unwrap());
    changed_after_a_kill(|lock| {
        let mut copy = Command::new("cp");
        assert!(copy.arg("-p").arg(backup(lock)).arg(lock).status().unwrap().success());
    });
}

/// Kills a build at each of its operations, and asserts that the file stays as `put` makes it in
/// between, as an operator does.
fn changed_after_a_kill(put: impl Fn(&Path)) {
    let place = place();
    let (lock, mut decided) = (beside(&place.out), 0);
    for at in 1.. {
        remove(&place.out);
        (ALONE.before)(&place.out);
        let status = child_with_fault(&place.out, ALONE.spec, "die", at).status().unwrap();
        if status.success() {
            break;
        }
        let is_decided = places::decided(&place.out).exists();
        decided += u32::from(is_decided && temporary(&lock).exists());
        // Files are dated by the ticks of a slow clock.
        std::thread::sleep(Duration::from_millis(12));
        put(&lock);
        drop(Out::open(&place.out, &[&lock], hold(&place.out)).unwrap());
        assert_eq!(text(&lock), "of a colleague", "operation {at}");
        assert!(!temporary(&lock).exists(), "operation {at}");
        realistic(&place.out, ALONE.spec).unwrap();
        assert_sound(&place.out, ALONE.spec);
    }
    assert!(decided > 1, "{decided}: nothing was tested");
}

#[test]
fn a_file_elsewhere_is_written_only_when_it_changes() {
    let place = place();
    let started = SystemTime::now();
    build(&place.out, &listed(&place.out, "1", "list")).unwrap();
    let lock = beside(&place.out);
    let before = (state(&place.out), state(&place.folder.path().join("beside")));
    assert!(lock.metadata().unwrap().modified().unwrap() < started);
    assert_eq!(mode(&lock), 0o644);
    build(&place.out, &listed(&place.out, "1", "list")).unwrap();
    assert_eq!((state(&place.out), state(&place.folder.path().join("beside"))), before);
    // It is someone's own file: what they made of its permissions stays.
    set_mode(&lock, 0o664);
    build(&place.out, &listed(&place.out, "1", "list")).unwrap();
    assert_eq!((text(&lock).as_str(), mode(&lock)), ("list", 0o664));
    // And a build that wants nothing of it leaves it there.
    build(&place.out, &cluster(&["orange"], &[], "1")).unwrap();
    assert_eq!(text(&lock), "list");
}

#[test]
fn a_link_there_is_replaced_and_a_folder_is_in_the_way() {
    let place = place();
    let (lock, precious) = (beside(&place.out), place.folder.path().join("precious"));
    fs::write(&precious, "text").unwrap();
    symlink(&precious, &lock).unwrap();
    build(&place.out, &listed(&place.out, "1", "list")).unwrap();
    assert_eq!((text(&lock).as_str(), text(&precious).as_str()), ("list", "text"));
    assert!(lock.symlink_metadata().unwrap().is_file());

    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    let before = state(&place.out);
    let failure = build(&place.out, &listed(&place.out, "2", "list")).unwrap_err();
    let expected = "cannot write `beside/out.lock`: a folder is in its place";
    assert_eq!(said(&failure, place.folder.path())[0], expected);
    assert_eq!(state(&place.out), before);
}

/// As cargo starts a build: in the folder of the package.
#[test]
fn a_relative_path_is_one_in_the_working_folder() {
    let Some(folder) = inside() else {
        let place = place();
        let mut again = this_test("extra::a_relative_path_is_one_in_the_working_folder");
        again.env(INSIDE, place.folder.path()).current_dir(place.folder.path());
        assert!(again.status().unwrap().success());
        assert_eq!(text(place.folder.path().join("cluster.lock")), "list");
        return;
    };
    assert_eq!(std::env::current_dir().unwrap(), folder.canonicalize().unwrap());
    let lock = Path::new("cluster.lock");
    let mut output = cluster(&["orange"], &[], "1");
    output.extra(lock, "list");
    let out = Out::open(Path::new("out"), &[lock], hold(Path::new("out"))).unwrap();
    out.commit(&output, SystemTime::now()).unwrap();
}

#[test]
#[should_panic(expected = "nobody would recover")]
fn a_file_that_was_not_named_when_out_was_opened_is_a_bug() {
    let place = place();
    let out = Out::open(&place.out, &[], hold(&place.out)).unwrap();
    let _ = out.commit(&listed(&place.out, "1", "list"), SystemTime::now());
}

/// Returns a cluster, and a list of something beside it.
fn listed(out: &Path, issue: &str, list: &str) -> Output {
    let mut output = cluster(&["orange"], &[], issue);
    output.extra(&beside(out), list);
    output
}

/// Runs a test again with a file system of its own mounted beside `out`.
fn on_a_disk_beside(test: &str, size: &str) {
    let place = place();
    let mut again = this_test(&format!("extra::{test}"));
    again.env(INSIDE, place.folder.path());
    let script = format!("mount -t tmpfs -o size={size} tmpfs \"$FOLDER\"/beside");
    unshare(&script, place.folder.path(), &again);
}
