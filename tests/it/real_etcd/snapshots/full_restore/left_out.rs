//! A node that cannot be reached for a while.

use super::apart::blocks;
use super::{Site, Spec, fails, findings, have_the_same, json, on_each, script, status};
use std::fs;

/// Its lines are left out, and the others are a cluster. With its former data it is not taken for restored; by the
/// lines for it, with the same token, it joins.
#[test]
fn a_node_that_is_left_out_is_not_taken_for_restored_and_joins_later() {
    on_each(left_out);
}

fn left_out(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.types(
        "bouquet etcdctl -- put kept 1; bouquet snapshot kept.db; bouquet etcdctl -- put lost 1",
    );
    let printed = json(&mut site, "bouquet restore kept.db");
    let address = site.address(3);
    let its = [format!("root@{address}"), "etcdctl pink ".to_owned()];
    let without = its.each_ref().map(String::as_str);
    for action in ["bring", "stop-all", "restore-all", "record"] {
        fs::write(site.path(action), script(&printed, action, &without)).expect("a file");
    }
    fs::write(site.path("with-pink"), script(&printed, "restore-all", &[])).expect("a file");
    site.types("sh -u bring; sh -u stop-all");
    // It runs with what it had, and is back before all is done: nothing says that it is restored.
    let words = "nothing was changed: etcd runs, and is to be stopped first";
    fails(&mut site, "sh -u with-pink", words);
    site.types(&format!("ssh -n root@{address} systemctl stop etcd; sh -u restore-all"));
    let said = site.types("bouquet etcdctl orange -- get kept; bouquet etcdctl orange -- get lost");
    assert_eq!(said, "kept\n1\n");
    site.types("sh -u record");

    let token = printed["token"].as_str().expect("a token").to_owned();
    let blocks = blocks(&mut site, "pink", "kept.db", &format!("--token {token}"));
    site.types(&format!("scp kept.db root@{address}:/root/restore-pink.db"));
    for block in &blocks {
        fs::write(site.path("block"), block).expect("a file");
        site.types(&format!("ssh -n root@{address} \"$(cat block)\""));
    }
    site.types("until bouquet etcdctl -- endpoint health; do sleep 0.3; done");
    site.types(&format!("bouquet done --restored kept.db --token {token}"));
    have_the_same(&site);
    site.build(&spec);
    let told = status(&mut site);
    assert_eq!(told["exit"], 0, "{:?}", findings(&told));
}
