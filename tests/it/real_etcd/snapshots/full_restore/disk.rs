//! A node's disk that is full in the middle of a restore.

use super::{Site, Spec, fails, have_the_same, json, on_each, script, status};
use crate::support::node::is_root;
use std::fs;

/// What was set aside is still there, nothing was started there, and the lines for its node go on once there is space.
#[test]
fn a_disk_that_is_full_while_a_member_is_restored_loses_nothing() {
    on_each(full);
}

/// All of it happens in one shell, which alone has the small disk.
fn full(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.types(
        "bouquet etcdctl -- put kept 1; bouquet snapshot kept.db; bouquet etcdctl -- put lost 1",
    );
    let printed = json(&mut site, "bouquet restore kept.db");
    for action in ["bring", "stop-all", "restore-all", "record"] {
        fs::write(site.path(action), script(&printed, action, &[])).expect("a file");
    }
    let (address, data) = (site.address(3), "machines/of-pink/data");
    // A log is made with 64 MB at once: there is no room for that of the restore beside the one that was set aside.
    let within = format!(
        "ssh -n root@{address} systemctl stop etcd\n\
         mkdir disk; cp -a {data}/. disk\n\
         mount -t tmpfs -o size=400m tmpfs {data}; cp -a disk/. {data}\n\
         ssh -n root@{address} systemctl start etcd\n\
         sh -u bring; sh -u stop-all\n\
         used=$(df --output=used -m {data} | tail -n 1); mount -o remount,size=$((used + 30))m {data}\n\
         code=0; sh -u restore-all || code=$?; echo \"ended with $code\"\n\
         ls {data}/etcd/pink machines/of-pink/root machines/of-pink/state\n\
         mount -o remount,size=400m {data}\n\
         echo again; sh -u restore-all; sh -u record; ls {data}/etcd/pink machines/of-pink/root\n"
    );
    fs::write(site.path("within"), within).expect("a file");
    let root = if is_root() { "" } else { "--map-root-user" };
    let said = site.types(&format!("unshare {root} --mount sh -eu within"));
    let (full, after) = said.split_once("ended with 1\n").expect("it fails");
    assert!(full.contains("no space left on device"), "{said}");
    // What was set aside, and the file: it can go on. Nothing was started.
    let (after, again) = after.split_once("again\n").expect("it goes on");
    assert!(after.contains("member.2") && after.contains("restore-pink.db\n"), "{said}");
    assert!(!after.lines().any(|line| line == "pid"), "{said}");
    // Once more, all of the step: the others were restored already.
    assert_eq!(again.matches("it is restored, and runs").count(), 2, "{said}");
    assert!(!again.contains("restore-pink.db\n") && !again.contains("restoring\n"), "{said}");
    let said = site.types("bouquet etcdctl -- get kept; bouquet etcdctl -- get lost");
    assert_eq!(said, "kept\n1\n");
    have_the_same(&site);
    site.build(&spec);
    assert_eq!(status(&mut site)["exit"], 0);
}

/// That is seen before the first member is stopped.
#[test]
fn a_disk_with_too_little_space_is_told_before_anything_is_stopped() {
    on_each(small);
}

fn small(release: &str) {
    let mut site = Site::start(&Spec::of(release));
    site.types("bouquet etcdctl -- put kept 1; bouquet snapshot kept.db");
    let address = site.address(3);
    site.types(&format!("ssh -n root@{address} systemctl stop etcd"));
    // A log has 64 MB, and the next one is made beside it.
    site.on_small_disk("pink", "190m");
    site.types(&format!(
        "ssh -n root@{address} systemctl start etcd; until bouquet etcdctl -- endpoint health; do sleep 0.3; done"
    ));
    let printed = json(&mut site, "bouquet restore kept.db");
    fs::write(site.path("bring"), script(&printed, "bring", &[])).expect("a file");
    let takes = fs::metadata(site.path("kept.db")).expect("a file").len() + (128 << 20);
    fails(&mut site, "sh -u bring", &format!(" bytes of space, and a restore takes {takes}"));
    site.types("bouquet etcdctl -- endpoint health");
}
