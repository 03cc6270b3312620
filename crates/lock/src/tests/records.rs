//! Records of members and clients, of each kind that there is.

use crate::{ChangedId, Record, Recorded};
use bouquet_model::certificate::Kind;
use bouquet_model::cluster::MemberId;
use bouquet_model::digest::Digest;
use bouquet_model::running::{RunningClient, RunningMember};
use bouquet_model::trust::Trust;
use bouquet_model::version::EtcdVersion;

pub(super) const NOON: i64 = 1_800_000_000;

pub(super) fn example() -> Recorded {
    let before = RunningMember { crl: None, ..member("/var/lib/etcd") };
    let orange = Record {
        since: NOON,
        what: Some(member("/srv/etcd")),
        before: Some((NOON - 60, Some(before))),
        id: Some(ChangedId { from: Some(MemberId(0xa1)), to: None }),
    };
    let plain = RunningMember { clients: None, peers: None, ..member("/var/lib/etcd") };
    let daffodil = Record { since: NOON, what: Some(plain), before: None, id: None };
    let gone = Record {
        since: NOON,
        what: None,
        before: Some((NOON - 60, Some(member("/d")))),
        id: Some(ChangedId { from: None, to: Some(MemberId(0xa2)) }),
    };
    let root = Record {
        since: NOON,
        what: Some(client(&["https://10.0.0.1:2379", "https://10.0.0.2:2379"])),
        before: Some((NOON - 60, Some(client(&["https://10.0.0.1:2379"])))),
        id: None,
    };
    let http = RunningClient { trust: None, certificate: None, ..client(&[]) };
    let alice = Record { since: NOON, what: Some(http), before: Some((NOON - 60, None)), id: None };
    let left = Record { since: NOON, what: None, before: None, id: None };
    Recorded {
        members: [
            ("daffodil".into(), daffodil),
            ("orange".into(), orange),
            ("rose.et.cie".into(), gone),
        ]
        .into(),
        clients: [("alice".into(), alice), ("root".into(), root), ("zoe".into(), left)].into(),
    }
}

pub(super) fn member(data_dir: &str) -> RunningMember {
    let both = Trust { issue: 2, trust: vec![1, 2].into() };
    let first = Trust { issue: 1, trust: vec![1].into() };
    RunningMember {
        version: EtcdVersion::parse("3.5.33").unwrap(),
        options: [
            ("data-dir".into(), data_dir.into()),
            ("initial-cluster-state".into(), "new".into()),
            ("an option\nof a later release".into(), "<<<<<<<\n\"\\\u{7}".into()),
        ]
        .into(),
        clients: Some(both),
        peers: Some(first),
        certificates: [(Kind::Server, "0a".into()), (Kind::ServerAndPeer, "0b".into())].into(),
        crl: Some(3),
        unit: [("user".into(), "kube".into()), ("environment.A".into(), "b c".into())].into(),
        digest: Digest([0xab; 32]),
    }
}

pub(super) fn client(endpoints: &[&str]) -> RunningClient {
    RunningClient {
        endpoints: endpoints.iter().map(ToString::to_string).collect(),
        common_name: true,
        certs_dir: "/etc/etcd".into(),
        trust: Some(Trust { issue: 1, trust: vec![1].into() }),
        certificate: Some("0102".into()),
    }
}
