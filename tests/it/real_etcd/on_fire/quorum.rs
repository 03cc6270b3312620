//! Two of three members are gone.

use super::scene::{MEMBERS, Scene};
use crate::support::releases::releases;
use crate::support::side_by_side::with_each;

/// Two machines are lost with their disks; the third one runs on, and nobody could write since then.
#[test]
fn what_the_last_member_has_is_saved_while_it_runs_and_restored_on_all() {
    with_each(&releases(), |release| {
        let mut scene = Scene::start(release);
        scene.site.kill("daffodil");
        scene.site.kill("pink");
        scene.shows("text status quorum");
        scene.types("sh quorum-save");
        are_new(&mut scene, &["daffodil", "pink"]);
        restored_from(&mut scene, "left.db");
    });
}

/// As the guide installs a machine: files, and nothing of etcd's.
pub(super) fn are_new(scene: &mut Scene, members: &[&str]) {
    for (name, last) in MEMBERS.into_iter().filter(|(name, _)| members.contains(name)) {
        let node = scene.site.address(last);
        let gone = format!("rm -rf /data/etcd/{name} /opt/etcd/certs.{name}.started");
        scene.site.types(&format!("ssh -n root@{node} '{gone}'"));
    }
}

pub(super) fn restored_from(scene: &mut Scene, file: &str) {
    let before = scene.site.cluster().id;
    scene.restores(file);
    scene.types("sh restore-over");
    assert_ne!(scene.site.cluster().id, before, "the restored cluster is another one");
    scene.is_over();
}
