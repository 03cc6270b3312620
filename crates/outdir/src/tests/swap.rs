//! What someone sees who reads certificates and keys while builds replace them, as etcd does.

use super::child::{assert_sound, child_with_fault, realistic, this_test, unshare};
use super::limits::{INSIDE, inside};
use super::*;
use std::os::unix::fs::symlink;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

const SPEC: &str = "m:orange c:root";
const RENEW: &str = "m:orange c:root renew";

/// What a reader saw.
#[derive(Debug, Default)]
struct Seen {
    reads: usize,
    /// Another certificate than before.
    changes: usize,
    /// The key was not the certificate's.
    mismatches: usize,
    /// And the certificate was the same before and after: so it stood there with another key.
    lasting: usize,
}

/// Opens the certificate and then the key, again and again, as etcd at each handshake.
fn watch_pair(place: &Path, stop: &AtomicBool) -> Seen {
    let (certificate, key) = (place.with_extension("crt"), place.with_extension("key"));
    let mut seen = Seen::default();
    let mut last = String::new();
    while !stop.load(Ordering::Relaxed) {
        let first = text(&certificate);
        let belongs = text(&key) == format!("KEY {first}");
        seen.reads += 1;
        seen.changes += usize::from(first != last);
        seen.mismatches += usize::from(!belongs);
        seen.lasting += usize::from(!belongs && text(&certificate) == first);
        last = first;
    }
    seen
}

fn renewed(out: &Path, times: usize) -> Seen {
    realistic(out, SPEC).unwrap();
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(|| watch_pair(&out.join("members/orange/certs/server"), &stop));
        for _ in 0..times {
            realistic(out, RENEW).unwrap();
        }
        stop.store(true, Ordering::Relaxed);
        reader.join().unwrap()
    })
}

#[test]
fn a_certificate_never_stands_beside_another_key_while_it_is_renewed() {
    let place = place();
    let seen = renewed(&place.out, 200);
    assert!(seen.changes > 20, "the reader was not there: {seen:?}");
    assert_eq!(seen.lasting, 0, "{seen:?}");
    // Anyone who opened the old certificate just before the exchange opens the new key after it.
    assert!(seen.mismatches <= seen.changes, "{seen:?}");
}

/// A container that has the folder mounted goes on with it, and so does anyone who put files there.
#[test]
fn the_folder_stays_the_same_with_all_that_is_not_ours() {
    let place = place();
    realistic(&place.out, SPEC).unwrap();
    let certs = place.out.join("members/orange/certs");
    fs::write(certs.join("notes.txt"), "mine").unwrap();
    symlink("nowhere", certs.join("link")).unwrap();
    assert!(Command::new("mkfifo").arg(certs.join("pipe")).status().unwrap().success());
    set_mode(&certs, 0o500);
    let others = ["notes.txt", "link", "pipe", "ca.crt"];
    let held = fs::File::open(&certs).unwrap();
    let before = state(&place.out);
    realistic(&place.out, RENEW).unwrap();
    let after = state(&place.out);
    for path in others.map(|name| format!("members/orange/certs/{name}")) {
        assert_eq!(before[&path], after[&path], "{path}");
    }
    let folder = certs.symlink_metadata().unwrap();
    assert_eq!(folder.ino(), held.metadata().unwrap().ino());
    assert_eq!((mode(&certs), certs.join("notes.txt").metadata().unwrap().nlink()), (0o500, 1));
    assert_ne!(
        text(certs.join("server.key")).as_bytes(),
        before["members/orange/certs/server.key"].3
    );
    assert_sound(&place.out, SPEC);
}

/// A folder inside, and one that is itself a mount point, cannot be had in a stand-in.
#[test]
fn where_there_can_be_no_stand_in_files_are_renamed_one_by_one() {
    let Some(folder) = inside() else {
        let place = place();
        realistic(&place.out, "m:orange m:pink c:root").unwrap();
        let mut again =
            this_test("swap::where_there_can_be_no_stand_in_files_are_renamed_one_by_one");
        again.env(INSIDE, place.folder.path());
        let script = "cd \"$FOLDER\"/out/members; mount --bind pink/certs pink/certs; cd /";
        return unshare(script, place.folder.path(), &again);
    };
    let out = folder.join("out");
    fs::create_dir(out.join("members/orange/certs/more")).unwrap();
    fs::write(out.join("members/orange/certs/more/notes.txt"), "mine").unwrap();
    let before = contents(&out);
    realistic(&out, "m:orange m:pink c:root renew").unwrap();
    assert_sound(&out, "m:orange m:pink c:root");
    let after = contents(&out);
    for name in ["orange", "pink"] {
        let path = format!("members/{name}/certs/server.crt");
        assert_ne!(before[&path], after[&path]);
    }
    assert_eq!(after["members/orange/certs/more/notes.txt"], "mine");
}

/// While a stand-in is in place, or may be, someone adds a file and replaces another.
#[test]
fn what_others_do_after_a_kill_stays() {
    let place = place();
    let mut stood_in = 0;
    for at in 1.. {
        let out = place.folder.path().join(format!("out-{at}"));
        realistic(&out, "m:orange").unwrap();
        let certs = out.join("members/orange/certs");
        fs::write(certs.join("notes.txt"), "before").unwrap();
        let status = child_with_fault(&out, "m:orange renew", "die", at).status().unwrap();
        stood_in += usize::from(certs.join(".bouquet-stand-in").exists());
        fs::write(certs.join("new"), "after").unwrap();
        fs::rename(certs.join("new"), certs.join("notes.txt")).unwrap();
        fs::write(certs.join("more-notes.txt"), "after").unwrap();
        realistic(&out, "m:orange").unwrap();
        assert_sound(&out, "m:orange");
        for name in ["notes.txt", "more-notes.txt"] {
            assert_eq!(text(certs.join(name)), "after", "operation {at}");
        }
        if status.success() {
            break;
        }
    }
    assert!(stood_in > 3, "{stood_in}");
}

#[test]
fn links_under_the_names_of_a_stand_in_are_not_followed() {
    let place = place();
    realistic(&place.out, SPEC).unwrap();
    let outside = place.folder.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("server.key"), "precious").unwrap();
    let certs = place.out.join("members/orange/certs");
    for mark in [None, Some(&outside), Some(&certs.join("server.key"))] {
        symlink(&outside, certs.with_file_name(".bouquet-swap.certs")).unwrap();
        if let Some(target) = mark {
            symlink(target, certs.join(".bouquet-stand-in")).unwrap();
        }
        let before = state(&outside);
        realistic(&place.out, RENEW).unwrap();
        assert_sound(&place.out, SPEC);
        assert_eq!(state(&outside), before);
    }
}

/// A copy of `out/` that was taken after a kill has files of its own instead of links.
#[test]
fn a_copy_without_links_recovers_too() {
    let place = place();
    for at in 1.. {
        let out = place.folder.path().join(format!("out-{at}"));
        realistic(&out, SPEC).unwrap();
        let status = child_with_fault(&out, RENEW, "die", at).status().unwrap();
        let copied = out.with_extension("copy");
        let copy =
            Command::new("cp").args(["-r", "--preserve=mode"]).arg(&out).arg(&copied).status();
        assert!(copy.unwrap().success());
        realistic(&copied, SPEC).unwrap();
        assert_sound(&copied, SPEC);
        if status.success() {
            break;
        }
    }
}
