//! Restores, as they are printed.

use super::{fails, json, restore, status};
use crate::real_etcd::site::{Site, Spec};
use crate::support::releases::releases;
use crate::support::side_by_side::with_each;

/// All of what the snapshot has comes back, nothing of what came after it, and the cluster is another one.
#[test]
fn a_snapshot_is_restored_as_it_is_printed() {
    with_each(&releases(), |release| restored(release));
}

fn restored(release: &str) {
    let mut site = Site::start(&Spec::of(release));
    site.types(
        "bouquet etcdctl -- put kept 1\nbouquet snapshot kept.db\nbouquet etcdctl -- put lost 1\n",
    );
    let before = site.cluster_ids();
    let unknown = "bouquet done --restored kept.db --token plans.0.1";
    fails(&mut site, unknown, "is no token of a restore of this file");
    // Members that were not restored are not recorded.
    let printed = json(&mut site, "bouquet restore kept.db");
    let token = printed["token"].as_str().expect("a token");
    let early = format!("bouquet done --restored kept.db --token {token}");
    fails(&mut site, &early, "is a member of another cluster, ");
    let token = restore(&mut site, "kept.db");
    let said = site.types("bouquet etcdctl -- get kept; bouquet etcdctl -- get lost");
    assert_eq!(said.trim(), "kept\n1", "{said}");
    let after = site.cluster_ids();
    assert!(after.iter().all(|id| *id == after[0] && !before.contains(id)), "{before:?} {after:?}");
    site.has_its_members();
    let again = site.types(&format!("bouquet done --restored kept.db --token {token}"));
    assert!(again.contains("nothing to record: cluster.lock has that restore"), "{again}");
    // The next build has the new IDs, and keeps them.
    for _ in 0..2 {
        site.build(&Spec::of(release));
        let status = status(&mut site);
        let id = status["cluster_id"].as_str().and_then(|id| u64::from_str_radix(id, 16).ok());
        assert_eq!((id, status["exit"].as_u64()), (Some(after[0]), Some(0)), "{status:#}");
    }
    let left = site.types("find machines -name 'restore-*.db'");
    assert_eq!(left, "", "no copy of the file stays on a node");
    let aside = site.types("find machines/of-*/data -maxdepth 3 -name 'member.2[0-9]*'");
    assert_eq!(aside.lines().count(), 3, "what was there is kept: {aside}");
}
