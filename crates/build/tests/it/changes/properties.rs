//! What holds for any two specs.

use super::proven;
use bouquet_build::prove;
use bouquet_model::Cluster;
use bouquet_model::artifact;
use bouquet_model::certificate::{Certificate, wanted};
use bouquet_model::change::{Accepted, Change, Class, Subject, What, changes};
use bouquet_model::option::{EtcdOption, OPTIONS, OnChange};
use bouquet_model::running::Running;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const NAMES: [&str; 9] =
    ["camellia", "daffodil", "iris", "lily", "orange", "pink", "rose", "tulip", "violet"];

const VERSIONS: [&str; 5] = ["3.4.27", "3.5", "3.5.33", "3.6.16", "3.7.1"];

/// Lines of `[etcd]`, of which one or none is taken from each row.
const OPTION_ROWS: [&[&str]; 11] = [
    &["data-dir = '/srv/etcd'", "data-dir = '/data/etcd'"],
    &["wal-dir = '/wal/etcd/wal'"],
    &[
        "quota-backend-bytes = '4GiB'",
        "quota-backend-bytes = '8GiB'",
        "quota-backend-bytes = '2GiB'",
    ],
    &["heartbeat-interval = 100", "heartbeat-interval = 150"],
    &["election-timeout = 2000", "election-timeout = 1000"],
    &["snapshot-count = 5000", "snapshot-count = 10000"],
    &[
        "experimental-corrupt-check-time = '1h'",
        "corrupt-check-time = '1h'",
        "corrupt-check-time = '2h'",
    ],
    &[
        "experimental-initial-corrupt-check = true",
        "feature-gates = ['InitialCorruptCheck=true']",
        "feature-gates = ['InitialCorruptCheck=true', 'CompactHashCheck=true']",
    ],
    &["auto-compaction-mode = 'periodic'\nauto-compaction-retention = '10h'"],
    &["log-level = 'info'", "log-level = 'warn'"],
    &["listen-metrics-urls = ['http://127.0.0.1:2381']", "unsafe-no-fsync = true"],
];

/// Lines of `[tls]` and `[ca]`.
const TLS: [&str; 7] = [
    "",
    "[tls]\nenabled = false\n",
    "[tls]\ncerts-dir = '/srv/certs'\n",
    "[tls]\nlayout = 'combined'\n",
    "[ca]\ntrust = [1, 2]\n",
    "[ca]\nissue = 2\ntrust = [1, 2]\n",
    "[ca]\ncrl = true\npeer-issue = 3\n",
];

/// A spec, part by part.
#[derive(Debug, Clone)]
struct Spec {
    version: &'static str,
    token: &'static str,
    etcd: Vec<&'static str>,
    tls: &'static str,
    /// Name and last number of the address.
    members: Vec<(&'static str, u8)>,
    clients: Vec<&'static str>,
    client_port: u16,
}

impl Spec {
    fn text(&self) -> String {
        let Self { version, token, etcd, tls, members, clients, client_port } = self;
        let mut text = format!("[cluster]\ntoken = '{token}'\netcd = '{version}'\n[etcd]\n");
        for line in etcd {
            let _ = writeln!(text, "{line}");
        }
        text += tls;
        for (name, number) in members {
            let _ = writeln!(
                text,
                "[[member]]\nname = '{name}'\nip = '10.0.0.{number}'\nclient-port = {client_port}"
            );
        }
        for name in clients {
            let _ = writeln!(text, "[[client]]\nname = '{name}'");
        }
        text
    }

    /// Proves it, if it is a spec that a build takes.
    fn cluster(&self) -> Option<Cluster> {
        prove(self.text().as_bytes()).0.map(|proven| proven.cluster)
    }
}

/// Up to seven members with addresses of their own, most of them where one would expect them.
fn members() -> impl Strategy<Value = Vec<(&'static str, u8)>> {
    let names = prop::sample::subsequence(NAMES.to_vec(), 1..8).prop_shuffle();
    let numbers = prop::sample::subsequence((1..10).collect::<Vec<u8>>(), 7).prop_shuffle();
    (names, numbers, any::<bool>()).prop_map(|(names, numbers, is_usual)| {
        let usual =
            |name: &str| (1..).zip(NAMES).find(|(_, other)| *other == name).expect("a name").0;
        let number = |(name, number)| (name, if is_usual { usual(name) } else { number });
        names.into_iter().zip(numbers).map(number).collect()
    })
}

fn options() -> impl Strategy<Value = Vec<&'static str>> {
    let row = |row: &'static [&'static str]| prop::option::weighted(0.3, prop::sample::select(row));
    OPTION_ROWS.map(row).to_vec().prop_map(|lines| lines.into_iter().flatten().collect())
}

fn spec() -> impl Strategy<Value = Spec> {
    let version = prop::sample::select(VERSIONS.to_vec());
    let token = prop::sample::select(vec!["flowers", "flowers", "flowers", "garden"]);
    let clients = prop::sample::subsequence(vec!["alice", "kube-apiserver", "root"], 0..4);
    let port = prop::sample::select(vec![2379, 2379, 4001]);
    let tls = prop::sample::select(TLS.to_vec());
    (version, token, options(), tls, members(), clients, port).prop_map(
        |(version, token, etcd, tls, members, clients, client_port)| Spec {
            version,
            token,
            etcd,
            tls,
            members,
            clients,
            client_port,
        },
    )
}

/// A spec, and one that is not far from it.
fn pair() -> impl Strategy<Value = (Spec, Spec)> {
    let parts = vec(prop::bool::weighted(0.3), 7);
    (spec(), spec(), parts).prop_map(|(one, other, parts)| {
        let mut next = one.clone();
        let changes: [fn(&mut Spec, &Spec); 7] = [
            |next, other| next.version = other.version,
            |next, other| next.token = other.token,
            |next, other| next.etcd.clone_from(&other.etcd),
            |next, other| next.tls = other.tls,
            |next, other| next.members.clone_from(&other.members),
            |next, other| next.clients.clone_from(&other.clients),
            |next, other| next.client_port = other.client_port,
        ];
        for (change, _) in changes.iter().zip(parts).filter(|(_, is_made)| *is_made) {
            change(&mut next, &other);
        }
        (one, next)
    })
}

/// Certificates as a build issues them, with a serial number for what each is issued for.
fn certificates(cluster: &Cluster) -> Vec<Certificate> {
    let issued = wanted(cluster).into_iter().map(|wanted| {
        let serial = format!(
            "{:x}",
            format!("{wanted:?}")
                .bytes()
                .fold(5381_u64, |sum, byte| { sum.wrapping_mul(33) ^ u64::from(byte) })
        );
        Certificate {
            kind: wanted.kind,
            owner: wanted.owner.clone().map(Into::into),
            common_name: wanted.subject.to_string().into(),
            sans: wanted.sans.into(),
            serial: serial.into(),
            limits_addresses: false,
            fingerprint: [0; 32],
            not_before: 0,
            not_after: 0,
        }
    });
    issued.collect()
}

fn running(cluster: &Cluster) -> Running {
    super::running(cluster.clone(), &certificates(cluster))
}

/// The files of members and clients without their heads, and without what counts on an empty data folder
/// alone, by their paths.
fn bodies(cluster: &Cluster) -> BTreeMap<String, String> {
    let first: Vec<[String; 2]> = OPTIONS
        .iter()
        .filter(|option| option.on_change() == OnChange::Bootstrap)
        .map(|option: &EtcdOption| [option.name().to_owned(), option.env_name()])
        .collect();
    let is_first = |line: &str| {
        let named = line.trim_start().trim_start_matches("--").trim_start_matches("export ");
        first.iter().flatten().any(|name| {
            named.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with(['=', ':']))
        })
    };
    let body = |text: &str| -> String {
        artifact::body(text).lines().filter(|line| !is_first(line)).collect::<Vec<_>>().join("\n")
    };
    artifact::all(cluster).map(|file| (file.path, body(&file.text))).collect()
}

/// Tells whether it is the change of those whose file that is.
fn is_of(change: &Change, path: &str) -> bool {
    let folder = match &change.subject {
        Subject::Cluster => return false,
        Subject::Member(name) => format!("members/{name}/"),
        Subject::Client(name) => format!("clients/{name}/"),
    };
    let other = match &change.what {
        What::Swapped { with: other } | What::Renamed { to: other } => format!("members/{other}/"),
        _ => String::new(),
    };
    path.starts_with(&folder) || (!other.is_empty() && path.starts_with(&other))
}

/// Tells whether files may be other ones after such a change.
fn changes_files(change: &Change) -> bool {
    match change.what {
        // The form of a file may depend on it, and the order of endpoints is in a client's files.
        What::Version { .. } | What::Endpoints { .. } => true,
        _ => change.class != Class::Free,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_edit_that_is_taken_back_is_nothing((one, other) in pair()) {
        let cluster = one.cluster();
        prop_assume!(cluster.is_some());
        let Some(cluster) = cluster else { unreachable!() };
        let before = running(&cluster);
        prop_assert_eq!(changes(&before, &running(&proven(&one.text()))), []);
        if let Some(between) = other.cluster() {
            // What an edit makes, taking it back makes undone: there is none that has no way back.
            let between = running(&between);
            let [there, back] = [changes(&before, &between), changes(&between, &before)];
            prop_assert_eq!(there.is_empty(), back.is_empty(), "{:?} {:?}", there, back);
        }
        let mut turned = one.clone();
        turned.members.reverse();
        turned.clients.reverse();
        if let Some(turned) = turned.cluster() {
            let all = changes(&before, &running(&turned));
            prop_assert!(all.iter().all(|change| change.class == Class::Free), "{all:?}");
        }
    }

    #[test]
    fn each_file_that_differs_is_explained((one, other) in pair()) {
        let pair = one.cluster().zip(other.cluster());
        prop_assume!(pair.is_some());
        let Some((before, after)) = pair else { unreachable!() };
        let all = changes(&running(&before), &running(&after));
        let after_bodies = bodies(&after);
        for (path, body) in bodies(&before) {
            let Some(now) = after_bodies.get(&path).filter(|now| **now != body) else { continue };
            let explained = all.iter().any(|change| is_of(change, &path) && changes_files(change));
            prop_assert!(explained, "{path}\n{body}\n\n{now}\n\n{all:?}");
        }
    }

    #[test]
    fn each_certificate_that_differs_is_explained((one, other) in pair()) {
        let pair = one.cluster().zip(other.cluster());
        prop_assume!(pair.is_some());
        let Some((before, after)) = pair else { unreachable!() };
        let all = changes(&running(&before), &running(&after));
        let was = certificates(&before);
        for certificate in certificates(&after) {
            let Some(owner) = certificate.owner.as_deref() else { continue };
            let is_there = was.iter().any(|other| {
                (other.kind, &other.owner, &other.serial)
                    == (certificate.kind, &certificate.owner, &certificate.serial)
            });
            let is_told = |change: &&Change| {
                let whose = [Subject::Member(owner.into()), Subject::Client(owner.into())];
                whose.contains(&change.subject)
                    && matches!(
                        change.what,
                        What::Certificate(_) | What::Added | What::Scheme { .. }
                    )
            };
            // One that comes under another name is told by the former one.
            let is_renamed = |change: &&Change| {
                let is_subject = change.subject == Subject::Member(owner.into());
                match &change.what {
                    What::Renamed { to } => to == owner,
                    What::Swapped { with } => with == owner || is_subject,
                    _ => false,
                }
            };
            let told = all.iter().any(|change| is_told(&change) || is_renamed(&change));
            prop_assert!(is_there || told, "{owner} {all:?}");
        }
    }

    #[test]
    fn what_is_accepted_for_one_edit_is_not_for_another(
        (one, other) in pair(),
        third in spec(),
    ) {
        let clusters = [one.cluster(), other.cluster(), third.cluster()];
        prop_assume!(clusters.iter().all(Option::is_some));
        let [Some(before), Some(after), Some(third)] = clusters else { unreachable!() };
        let before = running(&before);
        let refused = |after: &Cluster| -> Vec<Change> {
            let all = changes(&before, &running(after)).into_iter();
            all.filter(|change| change.class == Class::Refused).collect()
        };
        let accepted = refused(&after);
        let words: Accepted = accepted.iter().filter_map(Change::accept).collect();
        prop_assert!(accepted.iter().all(|change| change.is_accepted(&words)));
        for change in refused(&third).iter().filter(|change| change.is_accepted(&words)) {
            // The same new value: of the same one, or of several by one key of the spec.
            let is_same = |other: &Change| match (&change.what, &other.what) {
                (What::Version { to, .. }, What::Version { to: other, .. }) => to == other,
                (
                    What::Trust { side, to, .. },
                    What::Trust { side: other_side, to: other, .. },
                ) => side == other_side && to == other,
                (
                    What::Scheme { side, to, .. },
                    What::Scheme { side: other_side, to: other, .. },
                ) => side == other_side && to == other,
                // Members that are renamed or have exchanged their addresses are refused by themselves.
                (
                    What::Quorum { removed, moved, .. },
                    What::Quorum { removed: other_removed, moved: other_moved, .. },
                ) => (removed, moved) == (other_removed, other_moved),
                (what, other_what) => what == other_what && change.subject == other.subject,
            };
            prop_assert!(accepted.iter().any(is_same), "{change:?} {words:?}");
        }
    }
}
