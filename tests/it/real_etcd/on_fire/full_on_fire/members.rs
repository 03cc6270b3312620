//! One member of three is broken.

use super::BOTH;
use crate::real_etcd::on_fire::scene::{MEMBERS, Scene, spec};
use crate::support::side_by_side::with_each;
use bouquet_model::Member;

/// What is done to its data, and what its log says then.
const DAMAGES: [(&str, &[&str]); 2] = [
    (
        "dd if=/dev/zero of=member/snap/db bs=16K count=1 conv=notrunc 2>/dev/null",
        &["failed to open database", "cannot open database"],
    ),
    ("rm -r member", &["etcd does not start: there is no log in", "there is no log in"]),
];

#[test]
fn a_member_whose_data_is_damaged_or_gone_is_replaced_on_its_own_machine() {
    let all: Vec<_> = BOTH.into_iter().flat_map(|it| DAMAGES.map(|damage| (it, damage))).collect();
    with_each(&all, |(release, (damage, says))| {
        let mut scene = Scene::start(release);
        scene.site.kill("daffodil");
        let node = scene.site.address(103);
        scene.site.types(&format!(
            "ssh -n root@{node} 'cd /data/etcd/daffodil; {damage}'\n\
             ssh -n root@{node} systemctl start etcd 2>&1 | tee guard || true"
        ));
        scene.shows("text status member");
        let said = scene.types("sh member-look");
        let guard = std::fs::read_to_string(scene.site.path("guard")).expect("what it said");
        assert!(
            says.iter().any(|words| said.contains(words) || guard.contains(words)),
            "{said}{guard}"
        );
        replaced(&mut scene, release);
    });
}

fn replaced(scene: &mut Scene, release: &str) {
    scene.types("sh replace-aside");
    scene.types("sh replace-remove");
    scene.site.write_spec(&spec(release).members(&MEMBERS[1..]));
    scene.types("sh replace-record");
    scene.site.is_recorded();
    scene.site.build(&spec(release));
    scene.site.carry_out_as_seen();
    scene.is_over();
}

/// It was restored from another file than the two others: etcd tells nobody.
#[test]
fn a_member_whose_data_differs_from_that_of_most_is_replaced() {
    with_each(&BOTH, |release| {
        let mut scene = Scene::start(release);
        for (file, keys) in [("daffodil", 20), ("pink", 10)] {
            let puts = "do bouquet etcdctl -- put more/$i x; done";
            scene
                .site
                .types(&format!("for i in $(seq {keys}); {puts}; bouquet snapshot {file}.db"));
        }
        scene.site.types("cp pink.db orange.db");
        for (name, _) in MEMBERS {
            scene.site.kill(name);
        }
        let members = scene.site.cluster().members.to_vec();
        let url = |name: &str| {
            let is_it = |it: &&Member| it.name.as_str() == name;
            members.iter().find(is_it).expect(name).initial_advertise_peer_urls[0].to_string()
        };
        let list = MEMBERS.map(|(name, _)| format!("{name}={}", url(name))).join(",");
        let tool = if release.starts_with("3.4") { "ETCDCTL_API=3 etcdctl" } else { "etcdutl" };
        for (name, last) in MEMBERS {
            let node = scene.site.address(last);
            let (data, url) = (format!("/data/etcd/{name}"), url(name));
            scene.site.types(&format!(
                "scp {name}.db root@{node}:/root/own.db\n\
                 ssh -n root@{node} 'rm -r {data} && {tool} snapshot restore /root/own.db --name={name} \
                 --data-dir={data} --initial-cluster={list} --initial-cluster-token=etcd-cluster-1 \
                 --initial-advertise-peer-urls={url} && systemctl start --no-block etcd'"
            ));
        }
        let told = "bouquet status >last || grep DIVERGED last && exit 0";
        scene
            .site
            .types(&format!("(for i in $(seq 20); do {told}; sleep 1; done; cat last; exit 1)"));
        let said = scene.types("sh differs");
        assert_eq!(said.matches("saved ").count(), 3, "{said}");
        replaced(&mut scene, release);
    });
}

#[test]
fn a_unit_that_was_edited_is_told_and_put_back() {
    with_each(&BOTH, |release| {
        let mut scene = Scene::start(release);
        let node = scene.site.address(103);
        let unit = "/etc/systemd/system/etcd.service";
        scene.site.types(&format!(
            "ssh -n root@{node} sed -i s/--data-dir=/--date-dir=/ {unit}\n\
             ssh -n root@{node} systemctl restart etcd || true"
        ));
        assert!(!scene.site.is_running("daffodil"), "it runs with an option that there is not");
        scene.shows("text status member");
        let said = scene.types("sh unit-look");
        assert!(said.contains("flag provided but not defined"), "{said}");
        scene.shows("text check unit");
        scene.types("sh unit");
        scene.is_over();
    });
}
