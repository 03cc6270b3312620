//! Where the mark of a member is that has run.

use super::artifacts::CLUSTER;
use bouquet_model::artifact;
use bouquet_model::cluster::Setting;
use bouquet_model::mark::{mark, mark_of};
use bouquet_model::option::Value;
use bouquet_model::prelude::*;
use bouquet_model::running::Running;

/// The same, by what a member is started with.
fn of(cluster: &Cluster) -> String {
    let member = &cluster.members[0];
    let mark = mark(cluster, member);
    let name = member.name.to_string();
    assert_eq!(mark_of(&name, &Running::of(cluster, &[]).members[&name]), mark);
    mark.to_string()
}

#[test]
fn a_mark_is_beside_the_certificates_and_not_among_them() {
    let mut cluster = CLUSTER.clone();
    assert_eq!(of(&cluster), "/opt/etcd/certs.pink.started");
    cluster.tls.as_mut().expect("TLS").certs_dir = NodePath::from_static("/certs");
    assert_eq!(of(&cluster), "/certs.pink.started");
}

#[test]
fn without_tls_a_mark_has_the_port_for_peers() {
    let mut cluster = Cluster { tls: None, ..CLUSTER.clone() };
    assert_eq!(of(&cluster), "/var/lib/etcd-2380.pink.started");
    cluster.members.to_mut()[0].listen_peer_urls.to_mut()[0].port = 12380;
    assert_eq!(of(&cluster), "/var/lib/etcd-12380.pink.started");
}

#[test]
fn a_mark_goes_with_data_that_a_reboot_removes() {
    for (option, path, expected) in [
        ("data-dir", "/tmp/etcd", "/run/etcd-2380.pink.started"),
        ("wal-dir", "/dev/shm/etcd/wal", "/run/etcd-2380.pink.started"),
        ("wal-dir", "/var/tmp/etcd/wal", "/opt/etcd/certs.pink.started"),
    ] {
        let mut cluster = CLUSTER.clone();
        let value = Value::Path(NodePath::from_static(path));
        let options = &mut cluster.members.to_mut()[0].options;
        options.to_mut().retain(|setting| setting.name != option);
        options.to_mut().push(Setting { name: option, value });
        assert_eq!(of(&cluster), expected, "{option} = {path}");
    }
}

/// A file that etcd alone reads cannot look.
#[test]
fn the_mark_is_known_to_the_unit_and_to_the_script_alone() {
    let mark = of(&CLUSTER);
    let knows = artifact::all(&CLUSTER).filter(|file| file.text.contains(&mark));
    let knows: Vec<_> = knows.map(|file| file.path).collect();
    assert_eq!(knows, ["members/pink/etcd.sh", "members/pink/etcd.service"]);
}
