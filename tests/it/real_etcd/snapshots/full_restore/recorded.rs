//! What is recorded of a restore.

use super::{Site, Spec, ends, fails, findings, json, on_each, restore, status};

/// Another file than that which was restored, a second time, and after a build.
#[test]
fn a_restore_that_is_recorded_wrongly_is_told_and_can_be_put_right() {
    on_each(wrongly);
}

fn wrongly(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.types("bouquet etcdctl -- put one 1; bouquet snapshot one.db; bouquet etcdctl -- put two 1; bouquet snapshot two.db");
    let token = restore(&mut site, "one.db");
    let right = format!("bouquet done --restored one.db --token {token}");
    let (ids, lock) = (site.cluster_ids(), lock(&site));
    for _ in 0..2 {
        let said = ends(&mut site, &right, 0);
        assert!(said.contains("nothing to record"), "{said}");
    }
    // Nothing is recorded of a file that is damaged, that the token is not of, or that the members were not restored
    // from; nor of another restore from the same file, which was printed and not done.
    site.types("head -c 9000 one.db >cut.db");
    let damaged = format!("bouquet done --restored cut.db --token {token}");
    fails(&mut site, &damaged, "has no checksum at its end");
    fails(&mut site, &format!("bouquet done --restored two.db --token {token}"), "token");
    let mut other = |file: &str| {
        site.types("sleep 1");
        let printed = json(&mut site, &format!("bouquet restore {file}"));
        let token = printed["token"].as_str().expect("a token");
        let line = format!("bouquet done --restored {file} --token {token}");
        fails(&mut site, &line, "restore every member from this file first");
        line
    };
    let wrong = [other("one.db"), other("two.db")];
    assert_eq!(lock, self::lock(&site));

    // By force it is; then all is told to be of another cluster, now and after a build, and the right one puts it right.
    for (line, is_built) in wrong.iter().zip([false, true]) {
        site.types(&format!("{line} --offline"));
        assert_ne!(lock, self::lock(&site));
        if is_built {
            site.build(&spec);
        }
        let told = status(&mut site);
        let all = "camellia, orange, pink are members of cluster ";
        assert!(findings(&told).iter().any(|it| it.starts_with(all)), "{told:#}");
        site.types(&right);
        assert_eq!(lock, self::lock(&site));
        site.build(&spec);
        assert_eq!(status(&mut site)["exit"], 0);
        assert_eq!(site.cluster_ids(), ids);
    }
    site.has_its_members();
}

/// One snapshot goes to all there, and they have the IDs that are recorded of the restore.
#[test]
fn a_minor_that_is_skipped_after_a_restore_ends_in_the_cluster_that_is_recorded() {
    let spec = Spec::of("3.5.33");
    let mut site = Site::start(&spec);
    site.types("bouquet etcdctl -- put kept 1; bouquet snapshot kept.db");
    restore(&mut site, "kept.db");
    site.build(&spec);
    let ids = site.cluster_ids();
    let later = spec.on("3.7.3");
    site.build(&later.clone().accepting(&["etcd = 3.7.3"]));
    assert_eq!(site.carry_out(), ["restore", "record"]);
    assert_eq!(site.types("bouquet etcdctl -- get kept"), "kept\n1\n");
    assert_eq!(site.cluster_ids(), ids);
    site.build(&later);
    assert_eq!(status(&mut site)["exit"], 0);
}

/// What `cluster.lock` says of who the cluster is.
fn lock(site: &Site) -> String {
    let lock = std::fs::read_to_string(site.path("cluster.lock")).expect("a lock");
    let (_, identity) = lock.split_once("[identity]").expect("an identity");
    identity.split_once("[[identity.authority]]").expect("its CAs").0.to_owned()
}
