//! Every artifact, as it is written for a small cluster: a file beside this one for each row of the
//! tables.

use bouquet_model::artifact::{self, CLIENT_FILES, ClientFile, FORMATS, Format, Whom};
use bouquet_model::cluster::Setting;
use bouquet_model::option::OPTIONS;
use bouquet_model::prelude::*;
use bouquet_model::program::{Need, PROGRAMS};
use std::collections::BTreeSet;

#[test]
fn a_member_with_tls() {
    for format in FORMATS {
        // What is any release has no image.
        let version = EtcdVersion::new(Minor::V3_5, format.names_release.then_some(33));
        let cluster = Cluster { version, ..CLUSTER.clone() };
        golden("a_member_with_tls", format.file, &(format.render)(&cluster, member(&cluster)));
    }
}

#[test]
fn a_static_pod_that_the_kubelet_asks_after() {
    let mut cluster =
        Cluster { version: EtcdVersion::new(Minor::V3_6, Some(16)), ..CLUSTER.clone() };
    let urls = Value::list(&[Borrowed("http://127.0.0.1:2381")]);
    let metrics = Setting { name: "listen-metrics-urls", value: urls };
    cluster.members.to_mut()[0].options.to_mut().push(metrics);
    let format = artifact::format("static-pod").expect("a format");
    golden("a_member_with_metrics", format.file, &(format.render)(&cluster, member(&cluster)));
}

#[test]
fn a_client_with_tls() {
    for row in CLIENT_FILES {
        for (name, client) in clients_of(row) {
            golden("a_client_with_tls", &name, &(row.render)(&CLUSTER, &client));
        }
    }
}

#[test]
fn a_client_in_plain_text() {
    let mut cluster = Cluster { tls: None, ..CLUSTER.clone() };
    cluster.members.to_mut()[0].advertise_client_urls.to_mut()[0].scheme = Scheme::Http;
    for row in CLIENT_FILES.iter().filter(|row| !row.secures) {
        for (name, client) in clients_of(row) {
            golden("a_client_in_plain_text", &name, &(row.render)(&cluster, &client));
        }
    }
}

#[test]
fn a_cluster_has_the_files_of_its_formats_and_of_each_client() {
    let formats = Borrowed(["systemd", "command"].as_slice());
    let cluster = Cluster { formats, ..CLUSTER.clone() };
    let all: Vec<_> = artifact::all(&cluster).map(|file| (file.path, file.executable)).collect();
    let all: Vec<_> = all.iter().map(|(path, runs)| (path.as_str(), *runs)).collect();
    assert_eq!(
        all,
        [
            ("members/pink/etcd.sh", true),
            ("members/pink/etcd.service", false),
            ("clients/kube-apiserver/etcdctl.env", false),
            ("clients/kube-apiserver/kube-apiserver.flags", false),
            ("clients/root/etcdctl.env", false),
            ("clients/root/etcd-snapshot.service", false),
            ("clients/root/etcd-snapshot.timer", false),
        ]
    );
}

#[test]
fn names_and_files_are_told_apart() {
    let names: BTreeSet<_> = FORMATS.iter().map(|format| format.name).collect();
    let files: BTreeSet<_> = FORMATS.iter().map(|format| format.file).collect();
    assert_eq!((names.len(), files.len()), (FORMATS.len(), FORMATS.len()));
    let files: BTreeSet<_> = CLIENT_FILES.iter().map(|row| row.file).collect();
    assert_eq!(files.len(), CLIENT_FILES.len());
}

#[test]
fn one_format_carries_every_option() {
    for version in Minor::ALL.map(|minor| EtcdVersion::new(minor, None)) {
        let carries_all = |format: &Format| OPTIONS.iter().all(|o| (format.carries)(o, version));
        assert!(FORMATS.iter().any(|format| carries_all(format)), "{version}");
    }
}

/// Compares a text with the file `artifacts/BEHAVIOUR@FILE.snap`.
fn golden(behaviour: &str, file: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => "artifacts", prepend_module_to_snapshot => false, omit_expression => true,
        snapshot_suffix => file,
    }, {
        insta::assert_snapshot!(behaviour, text);
    });
}

fn member(cluster: &Cluster) -> &Member {
    &cluster.members[0]
}

/// A client of each kind that gets a file, with a name for what it gets.
fn clients_of(row: &ClientFile) -> Vec<(String, Client)> {
    let Whom::Programs(names) = row.whom else {
        return vec![(row.file.to_owned(), CLUSTER.clients[0].clone())];
    };
    let of = |name: &&'static str| {
        let program = Program::find(name).expect("a program");
        let folder = program.certs_dir.unwrap_or("/opt/etcd/certs/it");
        let client = Client {
            name: ClientName::from_static("it"),
            program: Some(program),
            common_name: !program.needs(Need::Gateway),
            certs_dir: NodePath::from_static(folder),
            generation: 1,
        };
        assert!(row.is_for(&CLUSTER, &client), "{name}");
        (
            if names.len() == 1 { row.file.to_owned() } else { format!("{name}.{}", row.file) },
            client,
        )
    };
    names.iter().map(of).collect()
}

#[test]
fn every_program_is_led_to_the_cluster_or_has_needs_that_are_proven() {
    for program in PROGRAMS {
        let is_for = |row: &&&ClientFile| matches!(row.whom, Whom::Programs(names) if names.contains(&program.name));
        let led = CLIENT_FILES.iter().filter(is_for).any(|row| row.leads);
        assert!(led || !program.needs.is_empty(), "{}", program.name);
    }
}

const fn url(port: u16) -> Url {
    Url { scheme: Scheme::Https, host: Host::v4(10, 0, 0, 1), port }
}

pub(super) static CLUSTER: Cluster = Cluster {
    token: Borrowed("flowers $1"),
    version: EtcdVersion::new(Minor::V3_5, None),
    id: None,
    digest: Digest([0xc1; 32]),
    revision: None,
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
    members: Borrowed(&[Member {
        name: MemberName::from_static("pink"),
        id: None,
        digest: Digest([0x4f; 32]),
        state: State::New,
        ip: Some(v4(10, 0, 0, 1)),
        listen_ip: v4(10, 0, 0, 1),
        hostname: None,
        client_ip: None,
        client_hostname: None,
        ssh: None,
        initial_advertise_peer_urls: Borrowed(&[url(2380)]),
        listen_peer_urls: Borrowed(&[url(2380)]),
        advertise_client_urls: Borrowed(&[url(2379)]),
        listen_client_urls: Borrowed(&[url(2379)]),
        generation: 1,
        extra_sans: Borrowed(&[]),
        options: Borrowed(&[Setting {
            name: "data-dir",
            value: Value::Path(NodePath::from_static("/data/etcd")),
        }]),
    }]),
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
            certs_dir: NodePath::from_static("/root/certs"),
            generation: 1,
        },
    ]),
};
