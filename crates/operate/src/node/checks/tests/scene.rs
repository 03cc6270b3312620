//! A node of orange of which all is well.

use crate::compiled::Compiled;
use crate::failure::shown;
use crate::live::tests::scene::NOW;
use crate::live::tests::scene::flowers::{CERTIFICATES, CLUSTER};
use crate::node::checks::{Check, Judged, Node};
use crate::node::checks::{StartsWith, checks, obstacles};
use crate::node::machine::facts::*;
use crate::node::machine::{Data, Process, Service, unit_text};
use crate::node::peers::Answer;
use crate::trial::Told;
use crate::unit;
use bouquet_etcd::peer::{Members, PeerMember};
use bouquet_etcd::wal::Identity;
use bouquet_etcd::{Error, Reach};
use bouquet_model::cluster::Setting;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::node_path::NodePath;
use bouquet_model::option::Value;
use bouquet_model::version::{EtcdVersion, Minor};
use bouquet_model::{Cluster, Member};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

pub(crate) const NAME: &str = "orange";

/// The page that shows what is found.
pub(crate) const PAGE: &str = include_str!("../../../../../../docs/commands.md");

/// The process of etcd.
pub(crate) const PID: u32 = 4711;

/// The number of etcd's account.
pub(crate) const ETCD: u32 = 998;

pub(crate) struct Scene {
    pub(crate) cluster: Cluster,
    pub(crate) facts: Facts,
    pub(crate) options: Judged,
    pub(crate) certificates: Seen<Judged>,
}

pub(crate) fn ip(last: u8) -> IpAddr {
    bouquet_model::url::v4(192, 168, 65, last)
}

fn id(name: &str) -> u64 {
    CLUSTER.member(name).and_then(|member| member.id).expect("an ID").0
}

pub(crate) fn identity(name: &str) -> Identity {
    Identity { member_id: id(name), cluster_id: CLUSTER.id.expect("an ID").0 }
}

/// Returns what a member answers: all of them run.
fn answer(name: &str) -> Answer {
    let members = CLUSTER.members.iter().map(|member| PeerMember {
        id: id(member.name.as_str()),
        name: member.name.to_string(),
        peer_urls: vec![member.initial_advertise_peer_urls[0].to_string()],
        client_urls: vec!["https://client".to_owned()],
        is_learner: false,
    });
    let cluster_id = CLUSTER.id.expect("an ID").0;
    let url = CLUSTER.member(name).expect(name).initial_advertise_peer_urls[0].clone();
    let members = Ok(Members { cluster_id, members: members.collect() });
    Answer { name: name.to_owned(), url, members }
}

fn listening(address: &str) -> Listening {
    let holder = Some(Holder { id: PID, name: "etcd".to_owned() });
    Listening { address: address.parse().expect("an address"), holder }
}

pub(crate) fn well() -> Scene {
    let cluster = with_data_dir("/data/etcd");
    let text = unit_text(&cluster, cluster.member(NAME).expect(NAME));
    let arguments = unit::arguments(&text);
    let process = Process { id: PID, arguments, since: NOW };
    let facts = Facts {
        now: NOW,
        etcd: Some(Program {
            file: PathBuf::from("/usr/local/bin/etcd"),
            version: Ok(Some(Told::Known(EtcdVersion::new(Minor::V3_5, Some(33))))),
        }),
        service: Service {
            active: "active".to_owned(),
            is_enabled: true,
            fragment: "/etc/systemd/system/etcd.service".to_owned(),
            is_stale: false,
            is_overridden: false,
            mask: None,
            process: Some(process),
        },
        process: Some(Running {
            is_stopped: false,
            program: Ok("/usr/local/bin/etcd".to_owned()),
            limits: "Max open files            65536  65536  files\n".to_owned(),
            proxies: Ok(Vec::new()),
        }),
        journal: Vec::new(),
        account: Ok(Some(ETCD)),
        sockets: Ok(["192.168.65.101:2380", "192.168.65.101:2379", "127.0.0.1:2379", "0.0.0.0:22"]
            .map(listening)
            .to_vec()),
        here: BTreeSet::from([ip(101), bouquet_model::url::v4(127, 0, 0, 1)]),
        sources: ["daffodil", "pink"].map(|name| (name.to_owned(), ip(101))).to_vec(),
        names: BTreeMap::new(),
        peers: Ok(Peers {
            answers: ["daffodil", "pink"].map(answer).to_vec(),
            clocks: vec![("daffodil".to_owned(), -12), ("pink".to_owned(), 3)],
        }),
        disks: Ok(Disks {
            all: vec![Disk {
                has_data: true,
                has_log: true,
                place: PathBuf::from("/data/etcd"),
                free: 20 << 30,
                writes: Ok(Some(vec![Duration::from_micros(1500); 10])),
            }],
            mounts: vec![mount("/", "ext4"), mount("/data", "xfs")],
            wanted: vec![wanted("/", By::Fstab), wanted("/data", By::Fstab)],
            unfit: None,
        }),
        data: Ok(Stored {
            data: Data::Whole(identity(NAME)),
            folder: Some((ETCD, 0o700)),
            is_empty: false,
            other: None,
            restored: None,
            empty_logs: Vec::new(),
            database: Some(20 << 10),
            is_blank: false,
            has_snapshot: false,
            has_mark: true,
        }),
        proxies: Vec::new(),
        firewall: Ok(Firewall::Unknown),
        has_kubeadm: false,
        is_enforcing: false,
    };
    Scene {
        cluster,
        facts,
        options: Judged { count: 1, problems: Vec::new() },
        certificates: Ok(Judged { count: 5, problems: Vec::new() }),
    }
}

/// Returns the compiled cluster, with the folder of its data as a build has it.
fn with_data_dir(folder: &'static str) -> Cluster {
    with_folders(&[("data-dir", folder)])
}

/// Returns the same cluster with folders of its data and of its log.
fn with_folders(folders: &[(&'static str, &'static str)]) -> Cluster {
    let setting = |(name, folder): &(&'static str, &'static str)| Setting {
        name,
        value: Value::Path(NodePath::from_static(folder)),
    };
    let options: Vec<Setting> = folders.iter().map(setting).collect();
    let members = CLUSTER.members.iter();
    let members = members.map(|it| Member { options: options.clone().into(), ..it.clone() });
    Cluster { members: members.collect::<Vec<_>>().into(), ..CLUSTER.clone() }
}

pub(crate) fn mount(folder: &str, kind: &str) -> Mount {
    Mount { folder: PathBuf::from(folder), kind: kind.to_owned() }
}

pub(crate) fn wanted(folder: &str, by: By) -> Wanted {
    Wanted { folder: PathBuf::from(folder), by, is_automatic: true }
}

/// Returns a node that is well but for this change.
pub(crate) fn but(change: impl FnOnce(&mut Facts)) -> Scene {
    let mut scene = well();
    change(&mut scene.facts);
    scene
}

/// Returns a node whose data can be looked at, with this change.
pub(crate) fn stored(change: impl FnOnce(&mut Stored)) -> Scene {
    but(|facts| change(facts.data.as_mut().expect("data")))
}

/// Returns a node on whose disk a thing is otherwise.
pub(crate) fn disk(change: impl FnOnce(&mut Disk)) -> Scene {
    disks(|disks| change(&mut disks.all[0]))
}

/// Returns a node on which something else is mounted, or to be.
pub(crate) fn disks(change: impl FnOnce(&mut Disks)) -> Scene {
    but(|facts| change(facts.disks.as_mut().expect("disks")))
}

/// Returns a node from which pink cannot be reached.
pub(crate) fn unreached(reach: Reach) -> Scene {
    but(|facts| {
        let peers = facts.peers.as_mut().expect("peers");
        peers.answers[1].members = Err(Error::Unreachable(reach));
    })
}

impl Scene {
    pub(crate) fn checks(&self) -> Vec<Check> {
        self.with(checks)
    }

    /// Returns what would keep etcd from running with the data that is there, in one line each.
    pub(crate) fn obstacles(&self) -> Vec<String> {
        self.obstacles_to(StartsWith::ItsData)
    }

    /// Returns the same for a start with other data.
    pub(crate) fn obstacles_to(&self, with: StartsWith) -> Vec<String> {
        let message = |finding: Diagnostic| {
            assert!(!finding.help.is_empty(), "no help: {finding}");
            finding.message
        };
        self.all_obstacles_to(with).into_iter().map(message).collect()
    }

    pub(crate) fn all_obstacles_to(&self, with: StartsWith) -> Vec<Diagnostic> {
        self.with(|node| obstacles(node, with))
    }

    pub(crate) fn with<T>(&self, ask: impl FnOnce(&Node<'_>) -> T) -> T {
        let compiled = Compiled { cluster: &self.cluster, certificates: CERTIFICATES };
        ask(&Node {
            compiled: &compiled,
            member: self.cluster.member(NAME).expect(NAME),
            facts: &self.facts,
            options: &self.options,
            certificates: &self.certificates,
            unit: "etcd",
            program: "bouquet",
            install: &|option| {
                format!("`{}`", ["bouquet install orange", option].join(" ").trim_end())
            },
        })
    }

    /// Returns what is found, as it is shown. All of it is found by one check, and each says what
    /// to do.
    #[track_caller]
    pub(crate) fn found(&self, name: &str) -> String {
        let mut text = String::new();
        for check in self.checks() {
            for finding in &check.findings {
                assert_eq!(check.name, name, "{finding}");
                assert!(!finding.help.is_empty(), "no help: {finding}");
                text += &anstream::adapter::strip_str(&shown(finding)).to_string();
            }
        }
        text
    }

    /// Puts the member's data into another folder.
    pub(crate) fn has_data_in(&mut self, folder: &'static str) {
        self.has_folders(&[("data-dir", folder)]);
    }

    /// Puts the member's data into the usual folder, and its log into another.
    pub(crate) fn has_log_in(&mut self, folder: &'static str) {
        self.has_folders(&[("data-dir", "/data/etcd"), ("wal-dir", folder)]);
    }

    fn has_folders(&mut self, folders: &[(&'static str, &'static str)]) {
        self.cluster = with_folders(folders);
        let text = unit_text(&self.cluster, self.cluster.member(NAME).expect(NAME));
        self.facts.service.process.as_mut().expect("it runs").arguments = unit::arguments(&text);
    }

    /// Returns what is seen, or why it could not be.
    pub(crate) fn seen(&self, name: &str) -> String {
        let check = self.checks().into_iter().find(|check| check.name == name).expect(name);
        check.seen.unwrap_or_else(|why| why)
    }
}
