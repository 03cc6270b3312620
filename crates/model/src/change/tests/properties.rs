//! What holds for any two records, however odd.

use super::{
    Accepted, Change, Class, Names, Running, RunningClient, RunningMember, Subject, What, changes,
};
use crate::certificate::Kind;
use crate::digest::Digest;
use crate::option::{EtcdOption, OPTIONS};
use crate::trust::Trust;
use crate::version::{EtcdVersion, Minor};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

fn version() -> impl Strategy<Value = EtcdVersion> {
    (prop::sample::select(Minor::ALL.to_vec()), prop::option::of(0..40_u16))
        .prop_map(|(minor, patch)| EtcdVersion::new(minor, patch))
}

/// Returns options of etcd, and one that it does not have, with values of any kind.
fn options() -> impl Strategy<Value = Vec<(String, String)>> {
    let names: Vec<&'static str> =
        OPTIONS.iter().map(EtcdOption::name).chain(["of-tomorrow"]).collect();
    let value = prop::sample::select(vec![
        "",
        "0",
        "1",
        "-1",
        "100",
        "true",
        "false",
        "/data",
        "/srv/etcd",
        "TLS1.2",
        "TLS1.3",
        "x,y",
        "https://10.0.0.1:1",
        "http://10.0.0.1:1,http://",
        "InitialCorruptCheck=true",
        "é\n",
    ]);
    vec((prop::sample::select(names), value), 0..8).prop_map(|options| {
        options.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    })
}

fn trust() -> impl Strategy<Value = Option<Trust>> {
    prop::option::of((1..4_u32, vec(1..4_u32, 0..3)))
        .prop_map(|trust| trust.map(|(issue, trust)| Trust { issue, trust: trust.into() }))
}

/// Makes mostly one of a few addresses, so that members meet.
fn peer_urls() -> impl Strategy<Value = Option<String>> {
    let url = (prop::bool::ANY, 1..9_u16).prop_map(|(tls, port)| {
        format!("{}://10.0.0.1:{port}", if tls { "https" } else { "http" })
    });
    prop_oneof![
        8 => url.prop_map(Some),
        1 => Just(None),
        1 => Just(Some(String::new())),
        1 => Just(Some("no URL, ,".to_owned())),
    ]
}

fn member() -> impl Strategy<Value = RunningMember> {
    let certificates = btree_map(prop::sample::select(Kind::ALL.to_vec()), "0[1-3]", 0..3);
    let unit = btree_map("user|group|environment\\.A", "[a-b]", 0..2);
    let crl = prop::option::of(0..3_u64);
    (version(), options(), peer_urls(), trust(), trust(), certificates, crl, unit).prop_map(
        |(version, options, urls, clients, peers, certificates, crl, unit)| {
            let urls = urls.map(|urls| ("initial-advertise-peer-urls".to_owned(), urls));
            RunningMember {
                version,
                options: options.into_iter().chain(urls).collect(),
                clients,
                peers,
                certificates,
                crl,
                unit,
                digest: Digest([0; 32]),
            }
        },
    )
}

fn client() -> impl Strategy<Value = RunningClient> {
    let certs_dir = prop::sample::select(vec!["", "/certs"]);
    (vec("[a-c]", 0..3), any::<bool>(), certs_dir, trust(), prop::option::of("0[1-3]")).prop_map(
        |(endpoints, common_name, certs_dir, trust, certificate)| RunningClient {
            endpoints,
            common_name,
            certs_dir: certs_dir.to_owned(),
            trust,
            certificate,
        },
    )
}

fn running() -> impl Strategy<Value = Running> {
    (btree_map("[a-h]", member(), 0..8), btree_map("[a-d]", client(), 0..4))
        .prop_map(|(members, clients)| Running { members, clients })
}

/// Counts by hand how many of what runs are found again where their peers look for them.
fn stay(before: &Running, after: &Running) -> usize {
    let hosts = |urls: Option<&str>| -> Vec<String> {
        let urls = urls.unwrap_or_default().split(',').filter(|url| !url.is_empty());
        urls.map(|url| url.rsplit("//").next().expect("a part").to_owned()).collect()
    };
    let stays = |(name, was): &(&String, &RunningMember)| {
        after.members.get(*name).is_some_and(|is| {
            let of = |option| (hosts(was.option(option)), hosts(is.option(option)));
            let (was, is) = of("initial-advertise-peer-urls");
            let (listened, listens) = of("listen-peer-urls");
            let is_there = |host| listened.contains(host) && listens.contains(host);
            was.is_empty()
                || is.is_empty()
                || was.iter().any(|host| is.contains(host))
                || was.iter().chain(&is).any(is_there)
        })
    };
    before.members.iter().filter(stays).count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_changes_from_something_to_itself(one in running()) {
        prop_assert_eq!(changes(&one, &one), []);
    }

    #[test]
    fn changes_are_total_and_in_order(before in running(), after in running()) {
        let all = changes(&before, &after);
        let subjects: Vec<&Subject> = all.iter().map(|change| &change.subject).collect();
        prop_assert!(subjects.is_sorted());
        for change in &all {
            prop_assert!(!change.consequence().is_empty() && !change.way().is_empty());
            prop_assert_eq!(
                change.accept().is_some(),
                matches!(change.class, Class::Refused | Class::Pending)
            );
        }
        let refused: Vec<&Change> =
            all.iter().filter(|change| change.class == Class::Refused).collect();
        let words: Vec<String> = refused.iter().filter_map(|change| change.accept()).collect();
        let names = Names::of([&before, &after]);
        for words in all.iter().filter_map(Change::accept) {
            prop_assert_eq!(names.slip(&words), None, "{}", words);
        }
        for (change, own) in refused.iter().zip(&words) {
            let others: Accepted = words.iter().filter(|words| *words != own).collect();
            prop_assert!(!change.is_accepted(&others), "{change:?} {others:?}");
            prop_assert!(change.is_accepted(&words.iter().collect()));
        }
    }

    #[test]
    fn each_member_is_told_of_once(before in running(), after in running()) {
        let all = changes(&before, &after);
        let count = |is: fn(&What) -> bool| {
            let is_of_members = |change: &&Change| !matches!(change.subject, Subject::Client(_));
            all.iter().filter(is_of_members).filter(|change| is(&change.what)).count()
        };
        let (added, removed) =
            (count(|what| *what == What::Added), count(|what| *what == What::Removed));
        prop_assert_eq!(before.members.len() + added, after.members.len() + removed);
    }

    #[test]
    fn no_quorum_is_lost_without_a_word(before in running(), after in running()) {
        let refused = changes(&before, &after).into_iter().any(|change| {
            change.class == Class::Refused
                && matches!(
                    change.what,
                    What::Quorum { .. } | What::Renamed { .. } | What::Swapped { .. }
                )
        });
        let running = before.members.len();
        prop_assert!(refused || running == 0 || stay(&before, &after) > running / 2);
    }

    #[test]
    fn each_option_that_differs_is_told(before in member(), after in member()) {
        let pair = |member: &RunningMember| Running {
            members: [("a".to_owned(), member.clone())].into(),
            clients: [].into(),
        };
        let all = changes(&pair(&before), &pair(&after));
        prop_assert_eq!(before.options == after.options, !all.iter().any(explains_options));
    }
}

/// Tells whether the options of a member differ where there is such a change.
fn explains_options(change: &Change) -> bool {
    match change.what {
        What::Option { .. }
        | What::Spelling { .. }
        | What::Scheme { .. }
        | What::Moved { .. }
        | What::CertsDir { .. }
        | What::Renamed { .. }
        | What::Swapped { .. } => true,
        What::Version { .. }
        | What::Trust { .. }
        | What::Certificate(_)
        | What::Revocations
        | What::Added
        | What::Removed
        | What::Several { .. }
        | What::Quorum { .. }
        | What::Endpoints { .. }
        | What::Unit { .. }
        | What::CommonName { .. } => false,
    }
}
