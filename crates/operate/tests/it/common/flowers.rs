//! Three members with TLS, in the form in which the compiler writes a cluster.

use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::cluster::*;
use bouquet_model::digest::Digest;
use bouquet_model::name::{ClientName, HostName, MemberName};
use bouquet_model::node_path::NodePath;
use bouquet_model::option::Value;
use bouquet_model::program::Program;
use bouquet_model::systemd::Systemd;
use bouquet_model::trust::Trust;
use bouquet_model::url::{Host, Scheme, Url, v4, v6};
use bouquet_model::version::{EtcdVersion, Minor};
use std::borrow::Cow::Borrowed;
use std::time::Duration;

const DAY: i64 = 86_400;

/// 2026-07-31.
pub const ISSUED: i64 = 1_785_456_000;

/// A member of the flowers: its ID, and the last number of its address.
macro_rules! member {
    ($name:literal, $id:literal, $host:literal, $hostname:literal) => {
        Member {
            name: MemberName::from_static($name),
            id: Some(MemberId($id)),
            digest: Digest([$host; 32]),
            state: State::New,
            ip: Some(v4(192, 168, 65, $host)),
            listen_ip: v4(192, 168, 65, $host),
            hostname: Some(HostName::from_static($hostname)),
            client_ip: None,
            client_hostname: None,
            ssh: None,
            initial_advertise_peer_urls: Borrowed(&[Url {
                scheme: Scheme::Https,
                host: Host::v4(192, 168, 65, $host),
                port: 2380,
            }]),
            listen_peer_urls: Borrowed(&[Url {
                scheme: Scheme::Https,
                host: Host::v4(192, 168, 65, $host),
                port: 2380,
            }]),
            advertise_client_urls: Borrowed(&[Url {
                scheme: Scheme::Https,
                host: Host::v4(192, 168, 65, $host),
                port: 2379,
            }]),
            listen_client_urls: Borrowed(&[
                Url { scheme: Scheme::Https, host: Host::v4(192, 168, 65, $host), port: 2379 },
                Url { scheme: Scheme::Https, host: Host::v4(127, 0, 0, 1), port: 2379 },
            ]),
            generation: 1,
            extra_sans: Borrowed(&[]),
            options: Borrowed(&[
                Setting { name: "data-dir", value: Value::text("/data/etcd") },
                Setting { name: "heartbeat-interval", value: Value::Int(250) },
            ]),
        }
    };
}

pub static CLUSTER: Cluster = Cluster {
    token: Borrowed("etcd-cluster-1"),
    version: EtcdVersion::new(Minor::V3_5, None),
    id: Some(ClusterId(0xcdf8_1819_4e3a_8c32)),
    digest: Digest::from_static("4f1c0b2ad0e1f23391b0773e5c8d6a4f2b1e0c9d8a7f6e5d4c3b2a1908f7e6d5"),
    revision: Some(Borrowed("8d0a7b1c2d3e")),
    source: None,
    accept: Borrowed(""),
    program: Borrowed(Cluster::PROGRAM),
    crl: None,
    tls: Some(Tls {
        layout: Layout::Separate,
        certs_dir: NodePath::from_static("/opt/etcd/certs"),
        file_names: Borrowed(&[]),
        key: KeyKind::EcdsaP256,
        valid_for: Duration::from_secs(365 * 86_400),
        ca_valid_for: Duration::from_secs(3_650 * 86_400),
        renew_before: Duration::from_secs(121 * 86_400),
        renew: Renew::NewKey,
        generation: 1,
        clients: Trust { issue: 1, trust: Borrowed(&[1]) },
        peers: Trust { issue: 1, trust: Borrowed(&[1]) },
        client_auth: true,
        crl: false,
        common_name: None,
        extra_sans: Borrowed(&[]),
    }),
    formats: Borrowed(&["command", "env", "yaml", "systemd"]),
    systemd: Systemd::DEFAULT,
    members: Borrowed(&[
        member!("daffodil", 0x8e9e_05c5_2164_694d, 103, "daffodil.zyxasr.io"),
        member!("pink", 0x91bc_3c39_8fb3_c146, 102, "pink.zyxasr.io"),
        member!("orange", 0xfd42_2379_fda5_0e48, 101, "orange.zyxasr.io"),
    ]),
    clients: Borrowed(&[
        Client {
            name: ClientName::from_static("kube-apiserver"),
            program: Some(Program::from_static("kubernetes")),
            common_name: true,
            certs_dir: NodePath::from_static("/etc/kubernetes/pki/etcd"),
            generation: 1,
        },
        Client {
            name: ClientName::from_static("root"),
            program: None,
            common_name: true,
            certs_dir: NodePath::from_static("/root/etcd/certs"),
            generation: 1,
        },
    ]),
};

/// SHA-256 of `the CA of the flowers`.
const CA_SHA256: [u8; 32] = [
    0x0d, 0x36, 0x3b, 0x46, 0xb4, 0x76, 0x4e, 0x6e, 0xe2, 0x76, 0x09, 0x7b, 0x8f, 0x9f, 0x8f, 0x85,
    0xde, 0xa9, 0x1c, 0xd9, 0x85, 0xcb, 0x04, 0xbd, 0x17, 0x45, 0x1e, 0x3b, 0xc4, 0x1f, 0xe2, 0xa0,
];

pub static CERTIFICATES: &[Certificate] = &[
    certificate(Kind::Ca, None, "etcd-cluster-1", &[], CA_SHA256, 3_650),
    certificate(Kind::Server, Some("daffodil"), "daffodil", DAFFODIL, [0x22; 32], 365),
    certificate(Kind::Peer, Some("daffodil"), "daffodil", DAFFODIL, [0x33; 32], 365),
    certificate(Kind::Server, Some("pink"), "pink", PINK, [0x44; 32], 365),
    certificate(Kind::Peer, Some("pink"), "pink", PINK, [0x55; 32], 365),
    certificate(Kind::Server, Some("orange"), "orange", ORANGE, [0x66; 32], 365),
    certificate(Kind::Peer, Some("orange"), "orange", ORANGE, [0x77; 32], 365),
    certificate(Kind::Client, Some("kube-apiserver"), "kube-apiserver", &[], [0x88; 32], 200),
    certificate(Kind::Client, Some("root"), "root", &[], [0x99; 32], 365),
];

static DAFFODIL: &[San] = &sans("daffodil.zyxasr.io", 103);
static PINK: &[San] = &sans("pink.zyxasr.io", 102);
static ORANGE: &[San] = &sans("orange.zyxasr.io", 101);

const fn sans(hostname: &'static str, host: u8) -> [San; 5] {
    [
        San::Dns(Borrowed("localhost")),
        San::Dns(Borrowed(hostname)),
        San::Ip(v4(127, 0, 0, 1)),
        San::Ip(v6(0x1)),
        San::Ip(v4(192, 168, 65, host)),
    ]
}

const fn certificate(
    kind: Kind,
    owner: Option<&'static str>,
    common_name: &'static str,
    sans: &'static [San],
    fingerprint: [u8; 32],
    days: i64,
) -> Certificate {
    Certificate {
        kind,
        owner: match owner {
            Some(owner) => Some(Borrowed(owner)),
            None => None,
        },
        common_name: Borrowed(common_name),
        sans: Borrowed(sans),
        serial: Borrowed("4a6f5c1de20b99d3c1f7a0e68b24d035"),
        limits_addresses: false,
        fingerprint,
        not_before: ISSUED - 300,
        not_after: ISSUED + days * DAY,
    }
}
