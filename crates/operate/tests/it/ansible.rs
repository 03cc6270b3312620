//! `bouquet ansible`.

use crate::common::{World, flowers};
use bouquet_model::Cluster;
use bouquet_model::url::Scheme;
use bouquet_operate::Exit;
use serde_json::Value;

fn list(world: &World, cluster: &Cluster) -> Value {
    let outcome = world.ask(cluster, flowers::CERTIFICATES, &["ansible", "--list"]);
    assert_eq!((outcome.stderr.as_str(), outcome.exit), ("", Exit::Done));
    serde_json::from_str(&outcome.stdout).unwrap()
}

#[test]
fn members_are_a_group_with_all_that_is_known_of_each() {
    let outcome = World::built().flowers(&["ansible", "--list"]);
    insta::assert_snapshot!("members_are_a_group", outcome.stdout);
    assert_eq!((outcome.stderr.as_str(), outcome.exit), ("", Exit::Done));
}

#[test]
fn a_member_alone_is_what_the_list_says_of_it() {
    let outcome = World::built().flowers(&["ansible", "--host", "pink"]);
    let alone: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(alone, list(&World::built(), &flowers::CLUSTER)["_meta"]["hostvars"]["pink"]);
}

#[test]
fn a_login_of_ssh_is_what_ansible_takes() {
    let mut cluster = flowers::CLUSTER.clone();
    for (destination, user, host) in [
        ("admin@192.168.65.103", Some("admin"), "192.168.65.103"),
        ("corp\\me@daffodil.zyxasr.io", Some("corp\\me"), "daffodil.zyxasr.io"),
        ("me@home@daffodil", Some("me@home"), "daffodil"),
        ("daffodil", None, "daffodil"),
        ("fd00::12", None, "fd00::12"),
        ("root@[fe80::1%eth0]", Some("root"), "fe80::1%eth0"),
    ] {
        cluster.members.to_mut()[0].ssh = Some(destination.into());
        let variables = &list(&World::new(), &cluster)["_meta"]["hostvars"]["daffodil"];
        assert_eq!(variables["ansible_host"], host);
        assert_eq!(variables.get("ansible_user").and_then(Value::as_str), user);
    }
}

#[test]
fn what_does_not_apply_is_left_out() {
    let mut cluster = Cluster { tls: None, ..flowers::CLUSTER.clone() };
    cluster.members.to_mut()[0].initial_advertise_peer_urls.to_mut()[0].scheme = Scheme::Http;
    let variables = &list(&World::new(), &cluster)["_meta"]["hostvars"]["daffodil"];
    for name in ["ansible_user", "etcd_folder", "etcd_certs_dir"] {
        assert_eq!(variables.get(name), None, "{name}");
    }
    assert_eq!(variables["etcd_peer_urls"][0], "http://192.168.65.103:2380");
}

#[test]
fn one_of_both_is_asked_for_and_a_member_that_is_none_is_told() {
    for line in
        [&["ansible"][..], &["ansible", "--list", "--host", "pink"], &["ansible", "--host", "rose"]]
    {
        let outcome = World::new().flowers(line);
        assert_eq!((outcome.stdout.as_str(), outcome.exit), ("", Exit::Misused), "{line:?}");
    }
}
