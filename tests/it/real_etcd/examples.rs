//! Every example on every etcd, in every format: the cluster lives, and TLS is what it should be.

use crate::support::build::{Output, example};
use crate::support::live::Live;
use crate::support::log::rejections;
use crate::support::place::Block;
use crate::support::read::probes_of_pod;
use crate::support::releases::{DEFAULT, releases};
use crate::support::scope::is_full;
use crate::support::side_by_side::with_each;
use bouquet_model::Cluster;
use serde_json::Value;

/// A key and a value, as they are and in base64, which the JSON gateway takes and gives.
const PAIR: [&str; 2] = ["bouquet", "of-flowers"];
const PAIR_BASE64: [&str; 2] = ["Ym91cXVldA==", "b2YtZmxvd2Vycw=="];

#[test]
fn behind_nat_lives_on_every_etcd() {
    lives("behind-nat", "command");
}

#[test]
fn kubernetes_lives_on_every_etcd() {
    lives("kubernetes", "static-pod");
}

#[test]
fn one_machine_lives_on_every_etcd() {
    lives("one-machine", "env");
}

#[test]
fn plain_lives_on_every_etcd() {
    lives("plain", "yaml");
}

#[test]
fn shared_lives_on_every_etcd() {
    lives("shared", "command");
}

#[test]
fn stateful_set_lives_on_every_etcd() {
    lives("stateful-set", "env");
}

#[test]
fn two_networks_live_on_every_etcd() {
    lives("two-networks", "yaml");
}

/// A default run starts it by one format, `own`; that of a static Pod by its command, on the machines that have a kubelet.
fn lives(name: &str, own: &str) {
    let pod = (name == "kubernetes").then_some("static-pod");
    let formats = ["command", "env", "yaml"].into_iter().chain(pod);
    let is_tried = |format: &&str| is_full() || releases() != [DEFAULT] || *format == own;
    let formats: Vec<_> = formats.filter(is_tried).collect();
    let clusters: Vec<_> = releases()
        .into_iter()
        .flat_map(|r| formats.iter().map(move |format| (r.clone(), *format)))
        .collect();
    with_each(&clusters, |(release, format)| {
        let block = Block::claim();
        let written = format!("[cluster]\nformats = [\"{format}\"]");
        let spec = block.relocate(&example(name), release).replacen("[cluster]", &written, 1);
        let output = Output::of(&spec);
        let mut live = Live::start(&output, release, format);
        all_members_are_healthy(&live, &output.cluster);
        if *format == "static-pod" {
            probes_are_answered(&live, &output);
        }
        etcdctl_puts_and_gets(&live);
        the_json_gateway_answers(&live, &output.cluster);
        ids_are_those_of_the_constants(&live, &output);
        no_log_tells_of_a_rejection(&live);
        // Last, because the logs tell of these.
        if output.cluster.tls.is_some() {
            nobody_comes_in_without_a_certificate(&mut live, &output.cluster);
        }
    });
}

fn all_members_are_healthy(live: &Live<'_>, cluster: &Cluster) {
    let said = live.client("exec etcdctl endpoint health");
    let text = format!("{}{}", said.stdout, said.stderr);
    assert!(said.ok, "{text}");
    let healthy = text.lines().filter(|line| line.contains(" is healthy: ")).count();
    assert_eq!(healthy, cluster.members.len(), "{text}");
}

/// As the kubelet asks, of the member that listens for it.
fn probes_are_answered(live: &Live<'_>, output: &Output) {
    let probes = probes_of_pod(&output.path("members/etcd-0/etcd.yaml"));
    assert!(!probes.is_empty());
    for url in probes {
        let said =
            live.client(&format!("exec curl --silent --show-error --fail --max-time 20 '{url}'"));
        assert!(said.ok, "{url}: {}", said.stderr);
    }
}

fn etcdctl_puts_and_gets(live: &Live<'_>) {
    let [key, value] = PAIR;
    let said = live
        .client(&format!("etcdctl put {key} {value}; exec etcdctl get {key} --print-value-only"));
    assert_eq!(said.stdout, format!("OK\n{value}\n"), "{}", said.stderr);
}

/// The gateway dials its own member with the server certificate, so that an answer proves more
/// than a connection does.
fn the_json_gateway_answers(live: &Live<'_>, cluster: &Cluster) {
    let [key, value] = PAIR_BASE64;
    let tls = cluster.tls.is_some();
    for url in cluster.endpoints() {
        let said = live.client(&curl(&url.to_string(), key, tls, tls));
        assert!(said.ok, "{}", said.stderr);
        let answer: Value = serde_json::from_str(&said.stdout).expect(&said.stdout);
        assert_eq!(answer["kvs"][0]["value"], value, "{answer}");
    }
}

fn ids_are_those_of_the_constants(live: &Live<'_>, output: &Output) {
    let said = live.client("exec etcdctl member list --write-out=json");
    let list: Value = serde_json::from_str(&said.stdout).expect(&said.stdout);
    let constants = output.constants.replace('_', "");
    let constant = |kind: &str, id: &Value| format!("{kind}({:#x})", number(id));
    let cluster = constant("ClusterId", &list["header"]["cluster_id"]);
    assert!(constants.contains(&cluster), "{cluster} in\n{constants}");
    let members = list["members"].as_array().expect("members");
    assert_eq!(members.len(), output.cluster.members.len());
    for member in members {
        let id = constant("MemberId", &member["ID"]);
        let name = member["name"].as_str().expect("a name");
        let described = output.cluster.member(name).and_then(|member| member.id);
        assert_eq!(described.map(|id| id.0), Some(number(&member["ID"])), "{name}");
        assert!(constants.contains(&id), "{id} in\n{constants}");
    }
}

/// etcdctl 3.6 began to write IDs as text.
fn number(id: &Value) -> u64 {
    let from_text = || id.as_str().and_then(|text| text.parse().ok());
    id.as_u64().or_else(from_text).unwrap_or_else(|| panic!("an ID: {id}"))
}

fn no_log_tells_of_a_rejection(live: &Live<'_>) {
    for (member, log) in live.logs() {
        assert_eq!(rejections(&log), Vec::<&str>::new(), "{member}");
    }
}

fn nobody_comes_in_without_a_certificate(live: &mut Live<'_>, cluster: &Cluster) {
    let [key, _] = PAIR_BASE64;
    for url in cluster.endpoints() {
        let said = live.client(&curl(&url.to_string(), key, true, false));
        assert!(!said.ok, "{url} answers anybody: {}", said.stdout);
    }
    // What curl says depends on how far TLS 1.3 got before the server hung up; the server says why.
    live.wait_for(&["client didn't provide a certificate"]);
}

/// Asks the gateway for a key, with or without the client's certificate.
fn curl(url: &str, key: &str, tls: bool, certificate: bool) -> String {
    let trust = if tls { "--cacert \"$ETCDCTL_CACERT\"" } else { "" };
    let identity = if certificate { "--cert \"$ETCDCTL_CERT\" --key \"$ETCDCTL_KEY\"" } else { "" };
    format!(
        "exec curl --silent --show-error --fail --globoff --max-time 20 {trust} {identity} \
         --data '{{\"key\": \"{key}\"}}' '{url}/v3/kv/range'"
    )
}
