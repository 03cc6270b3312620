//! A cluster to move.

use bouquet_model::cluster::{
    Client, Cluster, KeyKind, Layout, Member, Renew, Setting, State, Tls,
};
use bouquet_model::digest::Digest;
use bouquet_model::name::{ClientName, HostName, MemberName};
use bouquet_model::node_path::NodePath;
use bouquet_model::option::{Value, find};
use bouquet_model::systemd::Systemd;
use bouquet_model::trust::Trust;
use bouquet_model::url::{Host, Scheme, Url};
use bouquet_model::version::EtcdVersion;
use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

/// Where a trial is.
pub(super) const FOLDER: NodePath = NodePath::from_static("/tmp/trial");

/// Returns two members with TLS, and a client.
pub(super) fn cluster() -> Cluster {
    Cluster {
        token: "flowers".into(),
        version: EtcdVersion::parse("3.5").unwrap(),
        id: None,
        digest: Digest([0; 32]),
        revision: None,
        source: None,
        accept: "".into(),
        program: Cluster::PROGRAM.into(),
        crl: None,
        tls: Some(Tls {
            layout: Layout::Separate,
            certs_dir: NodePath::from_static("/opt/etcd/certs"),
            file_names: Cow::Borrowed(&[]),
            key: KeyKind::EcdsaP256,
            valid_for: Duration::from_secs(86_400),
            ca_valid_for: Duration::from_secs(86_400),
            renew_before: Duration::ZERO,
            renew: Renew::NewKey,
            generation: 1,
            clients: Trust { issue: 1, trust: vec![1].into() },
            peers: Trust { issue: 1, trust: vec![1].into() },
            client_auth: true,
            crl: false,
            common_name: None,
            extra_sans: Cow::Borrowed(&[]),
        }),
        formats: Cow::Borrowed(&["command"]),
        systemd: Systemd::DEFAULT,
        members: vec![member("pink", 1), member("orange", 2)].into(),
        clients: vec![client("kube-apiserver"), client("root")].into(),
    }
}

/// Returns the same cluster with an option of all members.
pub(super) fn with(options: &[(&'static str, Value)]) -> Cluster {
    let mut cluster = cluster();
    for member in cluster.members.to_mut() {
        member.options = options.iter().map(|(name, value)| setting(name, value)).collect();
    }
    cluster
}

/// Returns the same cluster without TLS, and so without clients.
pub(super) fn plain() -> Cluster {
    let mut cluster = Cluster { tls: None, clients: Cow::Borrowed(&[]), ..cluster() };
    for member in cluster.members.to_mut() {
        let urls = [&mut member.initial_advertise_peer_urls, &mut member.advertise_client_urls];
        for urls in urls {
            urls.to_mut()[0].scheme = Scheme::Http;
        }
    }
    cluster
}

pub(super) fn setting(name: &'static str, value: &Value) -> Setting {
    assert!(find(name).is_some(), "{name}");
    Setting { name, value: value.clone() }
}

pub(super) fn list(entries: &[&'static str]) -> Value {
    Value::List(entries.iter().map(|entry| Cow::Borrowed(*entry)).collect())
}

/// Returns ports from 1 on.
pub(super) fn ports() -> impl FnMut() -> u16 {
    let mut last = 0;
    move || {
        last += 1;
        last
    }
}

fn member(name: &'static str, at: u8) -> Member {
    let url = |port| {
        let name = HostName::parse(&format!("{name}.example")).unwrap();
        vec![Url { scheme: Scheme::Https, host: Host::Name(name), port }].into()
    };
    Member {
        name: MemberName::from_static(name),
        id: None,
        digest: Digest([0; 32]),
        state: State::Existing,
        ip: Some(IpAddr::V4(Ipv4Addr::new(10, 0, 0, at))),
        listen_ip: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        hostname: Some(HostName::parse(&format!("{name}.example")).unwrap()),
        client_ip: None,
        client_hostname: None,
        ssh: None,
        initial_advertise_peer_urls: url(2380),
        listen_peer_urls: url(2380),
        advertise_client_urls: url(2379),
        listen_client_urls: url(2379),
        generation: 1,
        extra_sans: Cow::Borrowed(&[]),
        options: Cow::Borrowed(&[]),
    }
}

fn client(name: &'static str) -> Client {
    Client {
        name: ClientName::from_static(name),
        program: None,
        common_name: true,
        certs_dir: NodePath::from_static("/root/etcd/certs"),
        generation: 1,
    }
}
