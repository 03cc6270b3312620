//! Whose files and folders are, where root builds in those of others. An account that is not root gives nothing away:
//! to it, all of this is its own.

use super::super::places;
use super::child::child_with_fault;
use super::*;
use std::os::unix::fs::chown;

/// Gives folders below `out/` to others, and returns whose `out/` is, whose a member's is, and whose the rest.
fn given_away(out: &Path) -> [u32; 3] {
    build(out, &cluster(&["orange"], &[], "1")).unwrap();
    let account = owner(out);
    let [first, second] = if account == 0 { [1001, 1002] } else { [account; 2] };
    for (folder, to) in [("", first), ("members", first), ("members/orange/certs", second)] {
        chown(out.join(folder), Some(to), Some(to)).unwrap();
    }
    [first, second, account]
}

fn owner(path: &Path) -> u32 {
    path.symlink_metadata().unwrap().uid()
}

#[test]
fn what_is_new_belongs_to_the_owner_of_the_folder_that_it_is_in() {
    let place = place();
    let [first, second, account] = given_away(&place.out);
    build(&place.out, &cluster(&["orange", "pink"], &["root"], "2")).unwrap();
    for (path, expected) in [
        ("manifest", first),
        ("clients", first),
        ("clients/root/client.key", first),
        ("members/pink", first),
        ("members/pink/certs/peer.key", first),
        ("members/orange/certs/peer.key", second),
        ("members/orange/certs/ca.crt", second),
        ("pki/ca.key", account),
    ] {
        assert_eq!(owner(&place.out.join(path)), expected, "{path}");
    }
}

/// The owner may build next, and has to remove it.
#[test]
fn what_a_killed_build_has_staged_belongs_to_the_owner_of_out() {
    let place = place();
    let [first, ..] = given_away(&place.out);
    let staged = places::staged(&place.out);
    let is_left = |at: &u64| {
        let killed = child_with_fault(&place.out, "m:orange renew", "die", *at).status().unwrap();
        assert!(!killed.success(), "operation {at}: nothing was staged");
        staged.is_dir()
    };
    (1..100).find(is_left).expect("a build stages");
    assert_eq!(owner(&staged), first);
}
