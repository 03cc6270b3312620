//! Which etcd may run a cluster.

use super::spec::{list, with};
use crate::trial::version::{Told, lacks, told};
use bouquet_model::option::Value;
use bouquet_model::version::EtcdVersion;

fn version(text: &str) -> EtcdVersion {
    EtcdVersion::parse(text).unwrap()
}

#[test]
fn etcd_tells_its_version() {
    let said =
        |version: &str| format!("etcd Version: {version}\nGit SHA: 4a0a7ce\nGo Version: go1.23\n");
    for (text, known) in [("3.5.33", "3.5.33"), ("3.6.0-rc.3", "3.6.0"), ("3.4.30+dfsg", "3.4.30")]
    {
        assert_eq!(told(&said(text)), Some(Told::Known(version(known))));
    }
    assert_eq!(told(&said("3.9.0")), Some(Told::Unknown("3.9.0".to_owned())));
    for other in ["", "etcdctl version: 3.5.33\n", "hello"] {
        assert_eq!(told(other), None);
    }
}

#[test]
fn what_a_release_lacks_is_told_once_for_all_members() {
    let cluster = with(&[
        ("data-dir", Value::Path(bouquet_model::node_path::NodePath::from_static("/data"))),
        ("enable-v2", Value::Bool(false)),
        ("max-learners", Value::Int(2)),
        ("heartbeat-interval", Value::Int(100)),
    ]);
    let names = |text| -> Vec<String> {
        lacks(&cluster, version(text)).iter().map(|lack| lack.message.clone()).collect()
    };
    assert_eq!(
        names("3.5.33"),
        ["etcd 3.5.33 does not have `max-learners`, which came with 3.6.0"]
    );
    assert_eq!(names("3.6.16"), ["`enable-v2` was removed in etcd 3.6"]);
}

#[test]
fn a_value_that_a_release_does_not_know_is_told_too() {
    let capnslog = with(&[("logger", Value::text("capnslog"))]);
    assert!(lacks(&capnslog, version("3.4.23")).is_empty());
    assert_eq!(lacks(&capnslog, version("3.5.1")).len(), 1);
    let token = with(&[("auth-token", Value::text("jwt,sign-method=EdDSA,priv-key=/a"))]);
    assert_eq!(lacks(&token, version("3.5.33")).len(), 1);
    let names = with(&[("peer-cert-allowed-cn", list(&["a", "b"]))]);
    assert_eq!(lacks(&names, version("3.5.1")).len(), 1);
    assert!(lacks(&names, version("3.5.15")).is_empty());
}
