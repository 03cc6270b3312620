//! The two clusters of the how-to that this project began with: exactly its options, no more and
//! no less, and its certificate.

use crate::support::build::{Output, example};
use crate::support::read::{self, Options};
use crate::support::run::stdout;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// Its command without TLS. `daffodil=` is missing in its `--initial-cluster`; etcd would refuse
/// that.
const PLAIN: &str = "
    --name daffodil
    --initial-cluster-token etcd-cluster-1
    --initial-advertise-peer-urls http://192.168.65.103:2380
    --listen-peer-urls http://192.168.65.103:2380
    --initial-cluster daffodil=http://192.168.65.103:2380,pink=http://192.168.65.102:2380,orange=http://192.168.65.101:2380
    --listen-client-urls http://192.168.65.103:2379,http://127.0.0.1:2379
    --advertise-client-urls http://192.168.65.103:2379
    --initial-cluster-state new
";

/// Its two environment variables.
const PLAIN_ENVIRONMENT: [(&str, &str); 2] = [
    (
        "initial-cluster",
        "daffodil=http://192.168.65.103:2380,pink=http://192.168.65.102:2380,orange=http://192.168.65.101:2380",
    ),
    ("initial-cluster-state", "new"),
];

/// Its command with TLS, one certificate for everything.
const SHARED: &str = "
    --name camellia
    --data-dir /data/etcd/
    --initial-advertise-peer-urls https://192.168.65.100:2380
    --listen-peer-urls https://192.168.65.100:2380
    --listen-client-urls https://192.168.65.100:2379,https://127.0.0.1:2379
    --advertise-client-urls https://192.168.65.100:2379
    --initial-cluster-token etcd-cluster-1
    --initial-cluster camellia=https://192.168.65.100:2380,orange=https://192.168.65.101:2380,pink=https://192.168.65.102:2380
    --initial-cluster-state new
    --client-cert-auth
    --trusted-ca-file /opt/etcd/certs/ca.crt
    --cert-file=/opt/etcd/certs/server.crt --key-file=/opt/etcd/certs/server.key
    --peer-client-cert-auth --peer-trusted-ca-file=/opt/etcd/certs/ca.crt
    --peer-cert-file=/opt/etcd/certs/server.crt --peer-key-file=/opt/etcd/certs/server.key
";

/// The names of its certificate, as openssl prints them, and `::1`: a member that dials its own
/// node may come from there.
const SANS: [&str; 11] = [
    "DNS:localhost",
    "DNS:orange.zyxasr.io",
    "DNS:pink.zyxasr.io",
    "DNS:daffodil.zyxasr.io",
    "DNS:camellia.zyxasr.io",
    "IP Address:127.0.0.1",
    "IP Address:192.168.65.101",
    "IP Address:192.168.65.102",
    "IP Address:192.168.65.103",
    "IP Address:192.168.65.100",
    "IP Address:0:0:0:0:0:0:0:1",
];

#[test]
fn the_plain_cluster_has_exactly_the_options_of_the_seed() {
    let members =
        [("daffodil", "192.168.65.103"), ("pink", "192.168.65.102"), ("orange", "192.168.65.101")];
    every_format_has("plain", PLAIN, &members);
    let output = Output::of(&example("plain"));
    for (member, _) in members {
        let env = read::env(&output.path(&format!("members/{member}/etcd.env")), "sh");
        for (name, value) in PLAIN_ENVIRONMENT {
            assert_eq!(env[name], value);
        }
    }
}

#[test]
fn the_shared_cluster_has_exactly_the_options_of_the_seed() {
    let members =
        [("camellia", "192.168.65.100"), ("orange", "192.168.65.101"), ("pink", "192.168.65.102")];
    every_format_has("shared", SHARED, &members);
}

#[test]
fn the_shared_certificate_is_that_of_the_seed() {
    let output = Output::of(&example("shared"));
    let mut texts = BTreeSet::new();
    for member in ["camellia", "orange", "pink"] {
        texts.insert(output.read(&format!("members/{member}/certs/server.crt")));
        assert!(!output.path(&format!("members/{member}/certs/peer.crt")).exists());
    }
    assert_eq!(texts.len(), 1, "all members have the same one");
    let certificate = output.path("members/pink/certs/server.crt");
    assert_eq!(openssl(&certificate, &["-subject"]), "subject=CN = *.zyxasr.io");
    let printed = openssl(&certificate, &["-ext", "subjectAltName"]);
    let sans: BTreeSet<&str> =
        printed.lines().nth(1).expect("names").split(',').map(str::trim).collect();
    assert_eq!(sans, BTreeSet::from(SANS));
}

/// The API server's certificate is issued by the same CA, which the etcd members trust.
#[test]
fn the_api_servers_certificate_is_from_the_same_ca() {
    let output = Output::of(&example("shared"));
    let ca = output.read("members/pink/certs/ca.crt");
    assert_eq!(output.read("clients/kube-apiserver/ca.crt"), ca);
    let client = output.path("clients/kube-apiserver/client.crt");
    let mut verify = Command::new("openssl");
    verify.args(["verify", "-x509_strict", "-purpose", "sslclient", "-CAfile"]);
    stdout(verify.arg(output.path("members/pink/certs/ca.crt")).arg(&client));
    assert_eq!(openssl(&client, &["-subject"]), "subject=CN = kube-apiserver");
}

/// The first of the members is the one whose command the seed shows; the others' differ by their
/// names and addresses.
fn every_format_has(name: &str, seed: &str, members: &[(&str, &str)]) {
    let output = Output::of(&example(name));
    let (first, its_ip) = members[0];
    for (member, ip) in members {
        let mut expected = options(seed);
        for (option, value) in &mut expected {
            if option == "name" {
                *value = value.replace(first, member);
            } else if option != "initial-cluster" {
                *value = value.replace(its_ip, ip);
            }
        }
        let file = |file: &str| output.path(&format!("members/{member}/{file}"));
        assert_eq!(read::command(&file("etcd.sh"), "sh"), expected);
        assert_eq!(read::env(&file("etcd.env"), "sh"), expected);
        assert_eq!(read::unit(&file("etcd.service")), expected);
        assert_eq!(read::yaml(&file("etcd.conf.yml"), output.cluster.version), expected);
    }
}

/// Flags as a person writes them: with `=` or a space, and a boolean alone for true.
fn options(command: &str) -> Options {
    let mut options = Options::new();
    let mut words = command.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let flag = word.strip_prefix("--").expect(word);
        let (name, value) = match flag.split_once('=') {
            Some((name, value)) => (name, value),
            None => match words.next_if(|next| !next.starts_with("--")) {
                Some(value) => (flag, value),
                None => (flag, "true"),
            },
        };
        // A slash at the end says nothing, and is left out.
        options.insert(name.to_owned(), value.trim_end_matches('/').to_owned());
    }
    options
}

fn openssl(certificate: &Path, what: &[&str]) -> String {
    let mut command = Command::new("openssl");
    command.args(["x509", "-noout", "-in"]).arg(certificate).args(what);
    stdout(&mut command).trim().to_owned()
}
