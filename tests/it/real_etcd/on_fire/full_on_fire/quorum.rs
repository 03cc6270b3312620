//! Two of three members are gone, and one comes back, or none but the last one's disk is left.

use super::BOTH;
use crate::real_etcd::on_fire::quorum::{are_new, restored_from};
use crate::real_etcd::on_fire::scene::{MEMBERS, Scene};
use crate::support::side_by_side::with_each;

#[test]
fn members_that_come_back_go_on_where_they_were() {
    with_each(&BOTH, |release| {
        let mut scene = Scene::start(release);
        scene.site.kill("daffodil");
        scene.site.kill("pink");
        scene.shows("text status quorum");
        scene.types("sh quorum-start");
        scene.is_over();
    });
}

/// All lost their power, and one of them comes back: it waits for the others, and answers nobody.
#[test]
fn the_database_of_one_that_waits_for_the_others_has_all_that_was_agreed_on() {
    with_each(&BOTH, |release| {
        let mut scene = Scene::start(release);
        for (name, _) in MEMBERS {
            scene.site.kill(name);
        }
        let orange = scene.site.address(101);
        let started = format!("ssh -n root@{orange} systemctl start --no-block etcd; sleep 3");
        scene.site.types(&started);
        let said = scene.site.types("bouquet snapshot left.db --force 2>&1 || true");
        assert!(said.contains("no member that answers can give a snapshot"), "{said}");
        scene.types("sh quorum-database");
        are_new(&mut scene, &["daffodil", "pink"]);
        restored_from(&mut scene, "orange.db");
    });
}
