//! What clients are configured by, read by what reads it: YAML, promtool, Patroni's own validation.

use crate::support::build::Output;
use crate::support::run::{run, stdout, tools};
use data_encoding::BASE64;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// Endpoints that are addresses and names, and a folder whose name means something else to nearly everyone.
const HEAD: &str = r#"
[cluster]
token = "tulips \"{{ 1 }}\" $a 'b'"
etcd = "3.5"

[etcd]
metrics = "extensive"

[[member]]
name = "a"
ip = "fd00::1"
etcd = { data-dir = "/data/a" }

[[member]]
name = "b"
ip = "fd00::2"
hostname = "b.example"
advertise = "hostname"
etcd = { data-dir = "/data/b" }

[[member]]
name = "c"
ip = "fd00::3"
etcd = { data-dir = "/data/c" }
"#;

const ODD: &str = r#"/srv/é "b" \c #d 'e': ${f} {g}, 100%"#;

/// A folder that nginx.conf, where APISIX writes it without quotes, leaves as it is.
const WITHOUT_QUOTES: &str = r#"/srv/é"b"d#'e':$f,100%"#;

/// The folder that a client of this program gets.
fn client(program: &str, more: &str) -> (Output, String) {
    let folder = if program == "apisix" { WITHOUT_QUOTES } else { ODD };
    let folder = folder.replace('\\', "\\\\").replace('"', "\\\"");
    let spec = format!(
        "{HEAD}{more}\n[[client]]\nname = \"it\"\nfor = \"{program}\"\ncerts-dir = \"{folder}\"\n"
    );
    (Output::of(&spec), "clients/it".to_owned())
}

fn yaml(program: &str, file: &str) -> Value {
    let (output, folder) = client(program, "");
    serde_saphyr::from_str(&output.read(&format!("{folder}/{file}"))).expect("YAML")
}

fn file(name: &str) -> String {
    format!("{ODD}/{name}")
}

const URLS: [&str; 3] =
    ["https://[fd00::1]:2379", "https://b.example:2379", "https://[fd00::3]:2379"];
const HOSTS: [&str; 3] = ["[fd00::1]:2379", "b.example:2379", "[fd00::3]:2379"];

#[test]
fn yaml_has_the_endpoints_and_the_paths_as_they_are() {
    let (ca, certificate, key) = (file("ca.crt"), file("client.crt"), file("client.key"));
    let external = json!({
        "endpoints": URLS, "caFile": ca, "certFile": certificate, "keyFile": key,
    });
    assert_eq!(yaml("kubeadm", "kubeadm.yaml")["etcd"]["external"], external);
    let datastore = json!({
        "datastore-endpoint": URLS.join(","), "datastore-cafile": ca,
        "datastore-certfile": certificate, "datastore-keyfile": key,
    });
    assert_eq!(yaml("k3s", "k3s-datastore.yaml"), datastore);
    assert_eq!(yaml("rke2", "rke2-datastore.yaml"), datastore);
    let etcd3 = json!({
        "hosts": HOSTS, "protocol": "https", "cacert": ca, "cert": certificate, "key": key,
    });
    assert_eq!(yaml("patroni", "patroni.yaml"), json!({ "etcd3": etcd3 }));
    let cilium = yaml("cilium", "cilium-values.yaml");
    assert_eq!(cilium["etcd"], json!({ "enabled": true, "ssl": true, "endpoints": URLS }));
    let calico = json!({
        "datastoreType": "etcdv3", "etcdEndpoints": URLS.join(","), "etcdCACertFile": ca,
        "etcdCertFile": certificate, "etcdKeyFile": key,
    });
    assert_eq!(yaml("calico", "calicoctl.cfg")["spec"], calico);
    let traefik = json!({
        "endpoints": HOSTS, "rootKey": "traefik",
        "tls": { "ca": ca, "cert": certificate, "key": key },
    });
    assert_eq!(yaml("traefik", "traefik.yaml")["providers"]["etcd"], traefik);
    let milvus = json!({
        "endpoints": HOSTS, "rootPath": "by-dev",
        "ssl": {
            "enabled": true, "tlsCert": certificate, "tlsKey": key, "tlsCACert": ca,
            "tlsMinVersion": "1.3",
        },
    });
    assert_eq!(yaml("milvus", "milvus.yaml")["etcd"], milvus);
    let apisix = yaml("apisix", "apisix.yaml");
    let [ca, certificate, key] =
        ["ca.crt", "client.crt", "client.key"].map(|name| format!("{WITHOUT_QUOTES}/{name}"));
    assert_eq!(apisix["apisix"]["ssl"]["ssl_trusted_certificate"], json!(ca));
    let tls = json!({ "cert": certificate, "key": key, "verify": true, "sni": "localhost" });
    assert_eq!(
        apisix["deployment"]["etcd"],
        json!({ "host": URLS, "prefix": "/apisix", "timeout": 30, "tls": tls })
    );
}

/// It finds the members by names that are in no certificate of an address.
#[test]
fn apisix_is_told_no_name_where_all_endpoints_have_one() {
    let spec = "[cluster]\ntoken = \"t\"\netcd = \"3.5\"\n[[member]]\nname = \"a\"\nip = \"10.0.0.1\"\n\
                hostname = \"a.example\"\nadvertise = \"hostname\"\n[[client]]\nname = \"it\"\nfor = \"apisix\"\n";
    assert!(!Output::of(spec).read("clients/it/apisix.yaml").contains("sni"));
}

/// As the cluster of Kubernetes gets it: the values have the names that each program looks for, and hold the files.
#[test]
fn kubectl_makes_a_secret_of_the_folder() {
    let cilium = ["etcd-client-ca.crt", "etcd-client.crt", "etcd-client.key"];
    let calico = ["etcd-ca", "etcd-cert", "etcd-key"];
    for (program, name, keys) in
        [("cilium", "cilium-etcd-secrets", cilium), ("calico", "calico-etcd-secrets", calico)]
    {
        let (output, folder) = client(program, "");
        let folder = output.path(&folder);
        let said = run(Command::new("kubectl").arg("kustomize").arg(&folder));
        assert!(said.ok, "{} (`cargo xtask tools` installs kubectl)", said.stderr);
        let made: Value = serde_saphyr::from_str(&said.stdout).expect("YAML");
        assert_eq!(made["kind"], json!("Secret"));
        assert_eq!(made["metadata"], json!({ "name": name, "namespace": "kube-system" }));
        assert_eq!(made["data"].as_object().map(serde_json::Map::len), Some(3));
        for (key, file) in keys.into_iter().zip(["ca.crt", "client.crt", "client.key"]) {
            let held = made["data"][key].as_str().expect("a value").replace(['\n', ' '], "");
            let held = BASE64.decode(held.as_bytes()).expect("base64");
            assert_eq!(held, fs::read(folder.join(file)).expect("a file"), "{key}");
        }
    }
    let (plain, folder) = client("cilium", "[tls]\nenabled = false");
    assert!(!plain.path(&format!("{folder}/kustomization.yaml")).exists());
}

#[test]
fn promtool_finds_nothing_wrong() {
    for (more, is_secure) in [("", true), ("[tls]\nenabled = false", false)] {
        let (output, folder) = client("prometheus", more);
        let folder = output.path(&folder);
        let rules = folder.join("etcd.rules.yml");
        let whole = format!("rule_files: [{}]\n", json!(rules));
        let scrape = fs::read_to_string(folder.join("prometheus.yml")).expect("a file");
        let file = output.beside("prometheus.yml");
        // promtool looks for the files that are named.
        fs::write(&file, whole + &scrape.replace("/srv/é", "/srv/e")).expect("a file");
        let said = stdout(promtool(&["check", "config", "--syntax-only"]).arg(&file));
        assert!(said.contains("is valid prometheus config file syntax"), "{said}");
        let said = stdout(promtool(&["check", "rules", "--lint=all", "--lint-fatal"]).arg(&rules));
        assert!(said.contains("rules found"), "{said}");
        let text = fs::read_to_string(&rules).expect("a file");
        assert_eq!(text.contains("EtcdCertificateExpires"), is_secure);
        assert!(text.contains("etcdGRPCRequestsSlow"), "all members have extensive metrics");
    }
}

/// Series that a member, `node_exporter` and Prometheus itself have, and what is raised of them, and when.
#[test]
fn alerts_are_raised_when_they_should_be_and_by_no_other_cluster() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let spec = "[cluster]\ntoken = \"tulips\"\netcd = \"3.5\"\n[tls]\nvalid-for = \"90d\"\nrenew-before = \"30d\"\n\
                [[member]]\nname = \"a\"\nip = \"10.0.0.1\"\n[[member]]\nname = \"b\"\nip = \"10.0.0.2\"\n\
                [[member]]\nname = \"c\"\nip = \"10.0.0.3\"\n[[client]]\nname = \"it\"\nfor = \"prometheus\"\n";
    let rules = Output::of(spec).read("clients/it/etcd.rules.yml");
    assert!(!rules.contains("etcdGRPCRequestsSlow"), "there are no metrics for it");
    fs::write(folder.path().join("etcd.rules.yml"), &rules).expect("a file");
    let tests =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/artifacts/etcd.rules.test.yml");
    fs::copy(tests, folder.path().join("tests.yml")).expect("a file");
    let said = run(promtool(&["test", "rules", "tests.yml"]).current_dir(folder.path()));
    assert!(said.ok, "{}{}", said.stdout, said.stderr);
    would_fail(&folder, &rules);
}

/// Each alert has a test, which fails where it is not raised.
fn would_fail(folder: &TempDir, rules: &str) {
    let other = rules.replace("- alert: ", "- alert: not_");
    fs::write(folder.path().join("etcd.rules.yml"), other).expect("a file");
    let said = run(promtool(&["test", "rules", "tests.yml"]).current_dir(folder.path()));
    let said = said.stdout + &said.stderr;
    for name in rules.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")) {
        assert!(said.contains(&format!("alertname: {name}, ")), "{name}: {said}");
    }
}

fn promtool(arguments: &[&str]) -> Command {
    let mut command = Command::new(tools().join("bin/promtool"));
    command.args(arguments);
    command
}
