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
    // Nothing is recorded of a file that is damaged, or that the members were not restored from.
    site.types("head -c 9000 one.db >cut.db");
    fails(&mut site, "bouquet done --restored cut.db", "has no checksum at its end");
    fails(&mut site, "bouquet done --restored two.db", "restore every member from this file first");
    assert_eq!(lock, self::lock(&site));

    // By force it is; then all is told to be of another cluster, now and after a build, and the right file puts it right.
    for is_built in [false, true] {
        site.types("bouquet done --restored two.db --offline");
        assert_ne!(lock, self::lock(&site));
        if is_built {
            site.build(&spec);
        }
        let told = status(&mut site);
        let is_other = |it: &&str| it.contains("is a member of cluster");
        assert_eq!(findings(&told).into_iter().filter(is_other).count(), 3, "{told:#}");
        site.types("bouquet done --restored one.db");
        assert_eq!(lock, self::lock(&site));
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
