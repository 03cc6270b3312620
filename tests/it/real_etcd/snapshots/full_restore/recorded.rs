//! What is recorded of a restore.

use super::{Site, Spec, ends, fails, findings, on_each, restore, status};

/// Another file than that which was restored, a second time, and after a build.
#[test]
fn a_restore_that_is_recorded_wrongly_is_told_and_can_be_put_right() {
    on_each(wrongly);
}

fn wrongly(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.types("bouquet etcdctl -- put one 1; bouquet snapshot one.db; bouquet etcdctl -- put two 1; bouquet snapshot two.db");
    restore(&mut site, "one.db");
    let (ids, lock) = (site.cluster_ids(), lock(&site));
    for _ in 0..2 {
        let said = ends(&mut site, "bouquet done --restored one.db", 0);
        assert!(said.contains("nothing to record"), "{said}");
    }
    assert_eq!(lock, self::lock(&site));
    // Of another cluster's file, or one that is damaged, nothing is recorded.
    site.types("head -c 9000 one.db >cut.db");
    fails(&mut site, "bouquet done --restored cut.db", "has no checksum at its end");
    assert_eq!(lock, self::lock(&site));

    // Whatever is said of the other file, members and data stay, and the right one puts it right, now and after a build.
    for is_built in [false, true] {
        site.types("bouquet done --restored two.db || true");
        if is_built {
            site.build(&spec);
        }
        if self::lock(&site) != lock {
            let told = status(&mut site);
            assert!(
                told["exit"] != 0
                    && findings(&told).iter().any(|it| it.contains("is a member of cluster")),
                "{told:#}"
            );
            site.types("bouquet done --restored one.db");
        }
        site.build(&spec);
        assert_eq!(status(&mut site)["exit"], 0);
        assert_eq!(site.cluster_ids(), ids);
    }
    site.has_its_members();
}

/// What `cluster.lock` says of who the cluster is.
fn lock(site: &Site) -> String {
    let lock = std::fs::read_to_string(site.path("cluster.lock")).expect("a lock");
    let (_, identity) = lock.split_once("[identity]").expect("an identity");
    identity.split_once("[[identity.authority]]").expect("its CAs").0.to_owned()
}
