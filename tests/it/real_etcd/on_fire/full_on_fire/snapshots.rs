//! A snapshot is brought back, and one cannot be taken.

use super::BOTH;
use crate::real_etcd::on_fire::scene::Scene;
use crate::support::side_by_side::with_each;

#[test]
fn keys_that_were_deleted_come_back_from_the_last_snapshot() {
    with_each(&BOTH, |release| {
        let mut scene = Scene::start(release);
        scene.site.types("bouquet snapshot night.db; bouquet etcdctl -- del written/ --prefix");
        assert!(scene.site.there().is_empty());
        scene.types("sh restore-now");
        scene.restores("night.db");
        scene.types("sh restore-over");
        scene.is_over();
        let aside = scene.site.types("find machines/of-*/data -maxdepth 3 -name 'member.2[0-9]*'");
        assert_eq!(aside.lines().count(), 3, "what was there is kept: {aside}");
    });
}

#[test]
fn a_snapshot_that_was_refused_is_taken_when_the_others_are_back() {
    with_each(&BOTH, |release| {
        let mut scene = Scene::start(release);
        scene.site.types("mkdir backups");
        scene.site.kill("daffodil");
        scene.site.kill("pink");
        scene.shows("text refused snapshot");
        scene.types("sh quorum-start");
        scene.site.types("until bouquet etcdctl -- endpoint health; do sleep 0.5; done");
        let said = scene.types("sh snapshot");
        assert!(said.contains("saved "), "{said}");
        scene.is_over();
    });
}
