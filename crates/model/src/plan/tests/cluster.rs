//! Clusters to plan for.

use crate::change::{Accepted, Change, changes};
use crate::cluster::MemberId;
use crate::digest::Digest;
use crate::plan::{Known, Plan, Step, offline};
use crate::running::{Running, RunningClient, RunningMember};
use crate::trust::Trust;
use crate::version::EtcdVersion;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Returns a member whose address ends with that number.
pub(super) fn member(name: &str, last: u8) -> RunningMember {
    let ip = format!("192.168.65.{last}");
    let certs = "/opt/etcd/certs";
    let options = [
        ("name", name.to_owned()),
        ("data-dir", "/data/etcd".to_owned()),
        ("initial-advertise-peer-urls", format!("https://{ip}:2380")),
        ("listen-peer-urls", format!("https://{ip}:2380")),
        ("listen-client-urls", format!("https://{ip}:2379,https://127.0.0.1:2379")),
        ("advertise-client-urls", format!("https://{ip}:2379")),
        ("initial-cluster-token", "etcd-cluster-1".to_owned()),
        ("initial-cluster-state", "existing".to_owned()),
        ("client-cert-auth", "true".to_owned()),
        ("trusted-ca-file", format!("{certs}/ca.crt")),
        ("cert-file", format!("{certs}/server.crt")),
        ("key-file", format!("{certs}/server.key")),
        ("peer-cert-file", format!("{certs}/peer.crt")),
        ("peer-key-file", format!("{certs}/peer.key")),
        ("peer-trusted-ca-file", format!("{certs}/ca.crt")),
    ];
    let trust = Trust { issue: 1, trust: vec![1].into() };
    RunningMember {
        version: EtcdVersion::parse("3.5.33").expect("a version"),
        options: options.into_iter().map(|(name, text)| (name.to_owned(), text)).collect(),
        clients: Some(trust.clone()),
        peers: Some(trust),
        certificates: BTreeMap::new(),
        crl: None,
        unit: [].into(),
        digest: Digest([0; 32]),
    }
}

/// Returns a cluster of these members with a client of each of these names.
pub(super) fn cluster(members: &[(&str, u8)], clients: &[&str]) -> Running {
    let members = members.iter().map(|(name, last)| ((*name).to_owned(), member(name, *last)));
    let client = |name: &&str| {
        let client = RunningClient {
            endpoints: Vec::new(),
            common_name: true,
            certs_dir: format!("/etc/{name}"),
            trust: Some(Trust { issue: 1, trust: vec![1].into() }),
            certificate: None,
        };
        ((*name).to_owned(), client)
    };
    let mut running =
        Running { members: members.collect(), clients: clients.iter().map(client).collect() };
    settle(&mut running);
    running
}

pub(super) fn flowers() -> Running {
    cluster(&[("daffodil", 103), ("orange", 101), ("pink", 102)], &["root"])
}

/// Writes what follows from who the members are.
pub(super) fn settle(running: &mut Running) {
    let text = |member: &RunningMember, option: &str| member.options[option].clone();
    let list: Vec<String> = running
        .members
        .iter()
        .flat_map(|(name, member)| {
            let urls = text(member, "initial-advertise-peer-urls");
            urls.split(',').map(|url| format!("{name}={url}")).collect::<Vec<_>>()
        })
        .collect();
    let endpoints: Vec<String> =
        running.members.values().map(|m| text(m, "advertise-client-urls")).collect();
    for member in running.members.values_mut() {
        member.options.insert("initial-cluster".to_owned(), list.join(","));
    }
    for client in running.clients.values_mut() {
        client.endpoints.clone_from(&endpoints);
    }
}

/// Returns the same cluster with an option of each member.
pub(super) fn with(mut running: Running, option: &str, text: &str) -> Running {
    for member in running.members.values_mut() {
        member.options.insert(option.to_owned(), text.to_owned());
    }
    running
}

pub(super) fn of_version(mut running: Running, version: &str) -> Running {
    for member in running.members.values_mut() {
        member.version = EtcdVersion::parse(version).expect("a version");
    }
    running
}

/// Returns the same cluster with a member at another address.
pub(super) fn readdressed(mut running: Running, name: &str, last: u8) -> Running {
    let moved = member(name, last);
    let member = running.members.get_mut(name).expect("a member");
    for option in [
        "initial-advertise-peer-urls",
        "listen-peer-urls",
        "listen-client-urls",
        "advertise-client-urls",
    ] {
        member.options.insert(option.to_owned(), moved.options[option].clone());
    }
    settle(&mut running);
    running
}

/// Returns an ID for each member.
pub(super) fn ids(before: &Running) -> BTreeMap<String, MemberId> {
    before.members.keys().cloned().zip((0xa0..).map(MemberId)).collect()
}

pub(super) fn planned(before: &Running, after: &Running) -> Plan {
    let ids = BTreeMap::from([
        ("daffodil".to_owned(), MemberId(0x8e9e_05c5_2164_694d)),
        ("orange".to_owned(), MemberId(0xfd42_2379_fda5_0e48)),
    ]);
    offline(before, after, &known(&ids, &["etcd.service"], &all_accepted(before, after)))
}

/// Plans where everything is accepted, and all IDs are known.
pub(super) fn planned_by_ids(before: &Running, after: &Running, has_unit: bool) -> Plan {
    let files: &[&str] = if has_unit { &["etcd.service"] } else { &["etcd.env"] };
    let ids = ids(before);
    let accepted = &all_accepted(before, after);
    offline(before, after, &known(&ids, files, accepted))
}

/// Accepts whatever has words.
pub(super) fn all_accepted(before: &Running, after: &Running) -> Accepted {
    changes(before, after).iter().filter_map(Change::accept).collect()
}

/// Returns what a plan knows besides, of members with these IDs that are started by one of these files.
pub(super) fn known<'a>(
    ids: &'a BTreeMap<String, MemberId>,
    files: &'a [&'a str],
    accepted: &'a Accepted,
) -> Known<'a> {
    Known {
        program: "bouquet",
        on_node: "bouquet",
        ids,
        token: None,
        files,
        secrets: &[],
        accepted,
    }
}

/// Returns a line for each step: what, and who is up.
pub(super) fn lines(steps: &[Step]) -> String {
    let mut text = String::new();
    for step in steps {
        let counts = step.counts;
        let tolerates = counts.tolerates().map_or("stops".to_owned(), |n| n.to_string());
        let _ =
            writeln!(text, "{}: {} {} {tolerates}", step.action, counts.voters, counts.quorum());
    }
    text
}

/// Returns the commands of all steps.
pub(super) fn commands(steps: &[Step]) -> String {
    let mut text = String::new();
    for step in steps {
        let _ = writeln!(text, "== {}", step.action);
        for command in &step.commands {
            let _ = writeln!(text, "{command}");
        }
    }
    text
}

/// Returns the commands of all steps, but for those that lay files on nodes.
pub(super) fn told(steps: &[Step]) -> String {
    let is_told =
        |line: &&str| ["== ", "etcdctl", "systemctl", "sed"].iter().any(|word| line.contains(word));
    commands(steps).lines().filter(is_told).map(|line| line.trim().to_owned() + "\n").collect()
}

/// Returns the same cluster with these CAs on both sides.
pub(super) fn of_cas(mut running: Running, issue: u32, trust: &[u32]) -> Running {
    let trust = Some(Trust { issue, trust: trust.to_vec().into() });
    for member in running.members.values_mut() {
        (member.clients, member.peers) = (trust.clone(), trust.clone());
    }
    for client in running.clients.values_mut() {
        client.trust.clone_from(&trust);
    }
    running
}
