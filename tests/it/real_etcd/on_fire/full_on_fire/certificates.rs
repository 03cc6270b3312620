//! Nobody has built for a year.

use super::BOTH;
use crate::real_etcd::on_fire::scene::{MEMBERS, Scene, spec};
use crate::real_etcd::site::Site;
use crate::support::side_by_side::with_each;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

/// How long the certificates are valid in truth, while the cluster starts.
const LEFT: Duration = Duration::from_secs(90);

/// They are valid for a day that is nearly over.
#[test]
fn expired_certificates_of_all_are_reissued_and_all_goes_on() {
    with_each(&BOTH, |release| {
        let short = spec(release).with("[tls]\nvalid-for = \"1d\"\n");
        let site = Site::begun(&short, DAY.checked_sub(LEFT).expect("less than a day"));
        let mut scene = Scene::of(site);
        let valid = "openssl x509 -noout -checkend 0 -in out/members/orange/certs/peer.crt";
        scene.site.types(&format!("while {valid}; do sleep 1; done; sleep 2"));
        for (name, last) in MEMBERS {
            scene.site.kill(name);
            let node = scene.site.address(last);
            scene.site.types(&format!("ssh -n root@{node} systemctl start --no-block etcd"));
        }
        scene.shows("text status expired");
        scene.types("sh expired");
        for client in ["root", "kube-apiserver"] {
            scene.site.hands_out(client);
        }
        scene.types("sh expired-over");
        scene.site.is_recorded();
        scene.is_over();
    });
}
