//! No space: in the database, and on a disk.

use super::BOTH;
use crate::real_etcd::on_fire::scene::{Scene, spec};
use crate::real_etcd::site::Site;
use crate::support::side_by_side::with_each;
use std::thread::sleep;
use std::time::Duration;

/// One key was written again and again.
#[test]
fn a_full_database_takes_writes_again() {
    with_each(&BOTH, |release| {
        let small = spec(release).option("quota-backend-bytes = \"4MiB\"");
        let mut scene = Scene::of(Site::start(&small));
        let value = "x".repeat(100 * 1024);
        let is_full = (0..100).any(|_| !scene.site.client_says("root", &["put", "same", &value]).0);
        assert!(is_full, "the quota never was reached");
        scene.shows("text status nospace");
        scene.types("sh nospace");
        scene.is_over();
    });
}

#[test]
fn a_member_whose_disk_was_full_goes_on_where_it_was() {
    with_each(&BOTH, |release| {
        let mut scene = Scene::start(release);
        let node = scene.site.address(103);
        scene.site.types(&format!("ssh -n root@{node} systemctl stop etcd"));
        scene.site.on_small_disk("daffodil", "180m");
        let full = "dd if=/dev/zero of=/data/full bs=64K 2>&1 || true";
        scene.site.types(&format!(
            "ssh -n root@{node} 'systemctl start etcd'\nssh -n root@{node} '{full}'"
        ));
        let value = "x".repeat(100 * 1024);
        for number in 0..400 {
            if !scene.site.is_running("daffodil") {
                break;
            }
            let key = format!("large/{}", number % 50);
            scene.site.client_says("root", &["put", &key, &value]);
        }
        sleep(Duration::from_secs(1));
        assert!(!scene.site.is_running("daffodil"), "its disk was never full");
        scene.shows("text status member");
        let said = scene.types("sh member-look");
        assert!(said.contains("no space left on device"), "{said}");
        scene.site.types(&format!("ssh -n root@{node} rm /data/full"));
        scene.types("sh disk");
        scene.is_over();
    });
}
