//! The cluster as it is in a trial.

use super::spec::{FOLDER, cluster, list, plain, ports, with};
use crate::trial::option::Needed;
use crate::trial::there::{Layout, ports as count, there};
use bouquet_model::Cluster;
use bouquet_model::certificate::wanted;
use bouquet_model::cluster::San;
use bouquet_model::node_path::NodePath;
use bouquet_model::option::{GoDuration, Value};

fn moved(cluster: &Cluster) -> Layout {
    there(cluster, &FOLDER, &mut ports())
}

/// Returns an option of the first member, as etcd has it.
fn option(layout: &Layout, name: &str) -> String {
    layout.members[0].option(name).unwrap_or_else(|| panic!("no {name}"))
}

fn path(text: &'static str) -> Value {
    Value::Path(NodePath::from_static(text))
}

#[test]
fn members_are_on_the_loopback_and_below_the_folder() {
    let layout = moved(&cluster());
    for (name, text) in [
        ("initial-advertise-peer-urls", "https://127.0.0.1:1"),
        ("listen-peer-urls", "https://127.0.0.1:1"),
        ("advertise-client-urls", "https://127.0.0.1:2"),
        ("listen-client-urls", "https://127.0.0.1:2"),
        ("initial-cluster", "pink=https://127.0.0.1:1,orange=https://127.0.0.1:3"),
        ("initial-cluster-state", "new"),
        ("initial-cluster-token", "flowers"),
        ("data-dir", "/tmp/trial/members/pink/data"),
        ("cert-file", "/tmp/trial/members/pink/certs/server.crt"),
        ("peer-key-file", "/tmp/trial/members/pink/certs/peer.key"),
        ("log-outputs", "stderr"),
    ] {
        assert_eq!(option(&layout, name), text, "{name}");
    }
    assert_eq!(layout.members[1].option("data-dir").unwrap(), "/tmp/trial/members/orange/data");
    assert_eq!(layout.cluster.clients[1].certs_dir.as_str(), "/tmp/trial/clients/root");
}

#[test]
fn nothing_of_where_the_cluster_is_stays_among_the_options() {
    let options = [
        ("data-dir", path("/data/etcd")),
        ("wal-dir", path("/wal/etcd")),
        ("client-crl-file", path("/opt/etcd/revoked.crl")),
        ("auth-token", Value::text("jwt,sign-method=ES256,priv-key=/opt/a,pub-key=/opt/b")),
        ("listen-metrics-urls", list(&["http://10.0.0.1:2381", "https://10.0.0.1:2382"])),
        ("listen-client-http-urls", list(&["unixs:///run/etcd/http.sock"])),
        ("log-outputs", list(&["/var/log/etcd/a.log", "systemd/journal"])),
        ("experimental-distributed-tracing-address", Value::text("10.0.0.9:4317")),
    ];
    let layout = moved(&with(&options));
    for member in &layout.members {
        for setting in &member.settings {
            let text = setting.value.flag_text();
            let words = text.split(['=', ',', '/']).filter(|word| word.starts_with("10."));
            assert_eq!(words.count(), 0, "{}: {text}", setting.name);
            let elsewhere = ["/data", "/wal/", "/opt", "/run", "/var"];
            let outside = elsewhere.iter().find(|folder| {
                text.split([',', '=', ':'])
                    .any(|part| part.trim_start_matches("//").starts_with(**folder))
            });
            assert_eq!(outside, None, "{}: {text}", setting.name);
        }
    }
    for (name, text) in [
        ("wal-dir", "/tmp/trial/members/pink/wal"),
        ("client-crl-file", "/tmp/trial/members/pink/client-crl-file"),
        ("auth-token", "jwt,sign-method=ES256,priv-key=/tmp/trial/ES256.key"),
        ("listen-metrics-urls", "http://127.0.0.1:3,https://127.0.0.1:4"),
        ("listen-client-http-urls", "unixs:///tmp/trial/1.sock"),
        ("log-outputs", "stderr,/tmp/trial/members/pink/0.log"),
        ("experimental-distributed-tracing-address", "127.0.0.1:4317"),
    ] {
        assert_eq!(option(&layout, name), text, "{name}");
    }
    assert_eq!(
        layout.members[1].option("listen-client-http-urls").unwrap(),
        "unixs:///tmp/trial/2.sock"
    );
    // One list for each member, and one key for all.
    assert_eq!(layout.needed.len(), 3, "{:?}", layout.needed);
    assert!(
        matches!(&layout.needed[1], Needed::Token(path, _) if path.as_str() == "/tmp/trial/ES256.key")
    );
}

#[test]
fn all_other_options_stay() {
    let options = [
        ("heartbeat-interval", Value::Int(250)),
        ("quota-backend-bytes", Value::Int(8 << 30)),
        ("cors", list(&["https://ui.example:443"])),
        ("cipher-suites", list(&["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"])),
        ("grpc-keepalive-min-time", Value::Duration(GoDuration::from_secs(5))),
        ("auth-token", Value::text("simple")),
        ("peer-cert-allowed-hostname", list(&["pink.example"])),
    ];
    let layout = moved(&with(&options));
    for (name, value) in &options {
        assert_eq!(option(&layout, name), value.flag_text(), "{name}");
    }
    assert!(layout.notes.is_empty() && layout.needed.is_empty());
}

#[test]
fn requests_may_be_made_to_where_it_is() {
    let hosts = |hosts: &[&'static str]| {
        option(&moved(&with(&[("host-whitelist", list(hosts))])), "host-whitelist")
    };
    assert_eq!(hosts(&["10.0.0.1"]), "10.0.0.1,127.0.0.1");
    assert_eq!(hosts(&["*"]), "*");
}

#[test]
fn the_old_name_of_where_logs_go_is_not_given_a_second_time() {
    let layout = moved(&with(&[("log-output", list(&["default"]))]));
    assert_eq!(option(&layout, "log-output"), "stderr");
    assert_eq!(layout.members[0].option("log-outputs"), None);
}

#[test]
fn certificates_are_for_here_and_for_where_the_members_are() {
    let layout = moved(&cluster());
    let sans: Vec<String> = wanted(&layout.cluster)[0].sans.iter().map(San::to_string).collect();
    assert_eq!(sans, ["localhost", "pink.example", "127.0.0.1", "::1", "10.0.0.1"]);
}

#[test]
fn without_tls_there_are_neither_certificates_nor_clients() {
    let layout = moved(&plain());
    assert_eq!(option(&layout, "advertise-client-urls"), "http://127.0.0.1:2");
    assert_eq!(layout.members[0].option("cert-file"), None);
    assert!(layout.cluster.clients.is_empty());
}

#[test]
fn somebody_can_ask_where_a_spec_has_no_client() {
    let mut cluster = cluster();
    cluster.clients.to_mut().clear();
    let clients = moved(&cluster).cluster.clients;
    assert_eq!(clients.len(), 1);
    assert_eq!(clients[0].certs_dir.as_str(), "/tmp/trial/clients/root");
}

#[test]
fn the_ports_are_counted_before_they_are_claimed() {
    assert_eq!(count(&cluster()), 4);
    let metrics = list(&["http://10.0.0.1:2381", "http://10.0.0.1:2382"]);
    assert_eq!(count(&with(&[("listen-metrics-urls", metrics)])), 8);
}
