//! Plans between clusters that nobody wrote.

use super::cluster::{all_accepted, cluster, known, planned_by_ids as planned, settle};
use super::followed::{Followed, follow, is_restart};
use crate::certificate::Kind;
use crate::change::{Accepted, Class, Subject, What};
use crate::plan::{Action, Plan, Word, offline};
use crate::running::{Running, RunningMember};
use crate::trust::Trust;
use crate::version::EtcdVersion;
use proptest::prelude::*;
use std::collections::BTreeMap;

const NAMES: [&str; 9] =
    ["aster", "begonia", "camellia", "daffodil", "elder", "freesia", "gentian", "heather", "iris"];

/// What all members of a cluster have.
#[derive(Debug, Clone)]
struct Common {
    version: &'static str,
    options: Vec<(&'static str, &'static str)>,
    certs: &'static str,
    trust: Trust,
    is_plain: bool,
    clients: Vec<&'static str>,
    serial: u8,
}

fn common() -> impl Strategy<Value = Common> {
    let texts = |choices: &'static [&'static str]| prop::sample::select(choices);
    // Most edits are of one thing.
    let seldom = |choices: &'static [&'static str]| prop_oneof![4 => Just(choices[0]), 1 => prop::sample::select(choices)];
    let trusts: [(u32, &[u32]); 4] = [(1, &[1]), (1, &[1, 2]), (2, &[1, 2]), (2, &[2])];
    let trust = prop_oneof![4 => Just(trusts[0]), 1 => prop::sample::select(trusts.to_vec())];
    let options = (
        texts(&["", "8589934592", "4294967296"]),
        texts(&["", "100", "500"]),
        texts(&["", "1000", "5000"]),
        seldom(&["/data/etcd", "/data", "/srv/etcd", ""]),
        seldom(&["", "TLS1.2", "TLS1.3"]),
        seldom(&["", "TLS1.2", "TLS1.3"]),
    );
    let rest = (
        prop_oneof![4 => texts(&["3.5.33", "3.6.16"]), 1 => texts(&["3.4.23", "3.7.3"])],
        texts(&["/opt/etcd/certs", "/etc/etcd"]),
        prop::sample::subsequence(&["root", "alice", "bob"][..], 0..=3),
        0..3_u8,
        prop::bool::weighted(0.2),
    );
    (options, trust, rest).prop_map(|(options, (issue, trusted), rest)| {
        let (quota, beat, wait, data, least, most) = options;
        let (version, certs, clients, serial, is_plain) = rest;
        let mut options = vec![
            ("quota-backend-bytes", quota),
            ("heartbeat-interval", beat),
            ("election-timeout", wait),
            ("data-dir", data),
        ];
        if !is_plain {
            options.extend([("tls-min-version", least), ("tls-max-version", most)]);
        }
        let trust = Trust { issue, trust: trusted.to_vec().into() };
        Common { version, options, certs, trust, is_plain, clients, serial }
    })
}

/// Makes clusters of members with the ends of their addresses and with ports of their own. `renames` has members change
/// their names and the ports for peers as well.
fn clusters_with(renames: bool) -> impl Strategy<Value = Running> {
    let address =
        |at: usize| (0..4_usize).prop_map(move |moved| if moved == 3 { at + 20 } else { at });
    let named = prop::sample::subsequence(&NAMES[..], 1..=7);
    let members = named.prop_flat_map(move |names| {
        let at = |name: &str| NAMES.iter().position(|other| *other == name).unwrap_or(0) + 1;
        let addresses: Vec<_> = names.iter().map(|name| address(at(name))).collect();
        let turned = if renames { 0..names.len() } else { 0..1 };
        (Just(names), addresses, turned)
    });
    let ports = prop::collection::vec(prop::sample::select(&["2379", "3379"][..]), 9);
    let peers =
        prop::sample::select(if renames { &["2380", "2380", "2390"][..] } else { &["2380"] });
    (members, common(), ports, prop::collection::vec(peers, 9)).prop_map(
        move |((mut names, addresses, turned), common, ports, peers)| {
            // Each name is at the address of another one then.
            names.rotate_left(usize::from(turned == 1));
            let named: Vec<(&str, u8)> = names
                .iter()
                .zip(addresses)
                .map(|(name, last)| (*name, u8::try_from(last).expect("small")))
                .collect();
            let mut running = cluster(&named, &common.clients);
            let ports = ports.into_iter().zip(peers);
            for (member, (port, peer)) in running.members.values_mut().zip(ports) {
                make(member, &common, port, peer);
            }
            for client in running.clients.values_mut() {
                client.certificate = Some(common.serial.to_string());
                client.trust = (!common.is_plain).then(|| common.trust.clone());
            }
            settle(&mut running);
            running
        },
    )
}

fn make(member: &mut RunningMember, common: &Common, port: &str, peer: &str) {
    let Common { version, options, certs, trust, is_plain, clients: _, serial } = common;
    member.version = EtcdVersion::parse(version).expect("a version");
    for (option, text) in options {
        if text.is_empty() {
            member.options.remove(*option);
        } else {
            member.options.insert((*option).into(), (*text).into());
        }
    }
    for text in member.options.values_mut() {
        *text = text.replace(":2379", &format!(":{port}")).replace(":2380", &format!(":{peer}"));
        *text = text.replace("/opt/etcd/certs", certs);
    }
    let trust = (!is_plain).then(|| trust.clone());
    if *is_plain {
        member.options.retain(|name, _| !name.ends_with("-file") && !name.ends_with("-auth"));
        for text in member.options.values_mut() {
            *text = text.replace("https:", "http:");
        }
    } else {
        member.certificates.insert(Kind::Server, serial.to_string());
    }
    (member.clients, member.peers) = (trust.clone(), trust);
}

pub(super) fn clusters() -> impl Strategy<Value = Running> {
    prop_oneof![clusters_with(false), clusters_with(true)]
}

fn is_at_once(action: &Action) -> bool {
    matches!(action.word(), Word::RestartAll | Word::Restore)
}

/// Asserts that every change that needs hands is in a step of its member or client.
fn nothing_is_forgotten(plan: &Plan) {
    let renamed = |name: &str| {
        plan.changes.iter().find_map(|change| match (&change.subject, &change.what) {
            (Subject::Member(old), What::Renamed { to }) if old == name => Some(to.clone()),
            _ => None,
        })
    };
    for change in plan.changes.iter().filter(|change| change.class != Class::Free) {
        let is_in = |action: &Action| match &change.subject {
            Subject::Cluster => true,
            Subject::Member(name) => {
                action.member() == Some(name) || action.member() == renamed(name).as_deref()
            }
            Subject::Client(name) => action.clients().contains(name),
        };
        let of_all = matches!(change.subject, Subject::Member(_))
            && plan
                .steps
                .iter()
                .any(|step| step.action == Action::Disarm || is_at_once(&step.action));
        assert!(
            of_all
                || plan.steps.iter().any(|step| is_in(&step.action) && !step.commands.is_empty()),
            "{change:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn no_step_costs_the_quorum_unless_it_says_so(
        before in clusters(),
        after in clusters(),
        has_unit in any::<bool>(),
    ) {
        let plan = planned(&before, &after, has_unit);
        let stops = plan.steps.iter().any(|step| is_at_once(&step.action));
        let mut followed = Followed::new(&before, &after, &plan);
        for step in &plan.steps {
            let said = step.notes.iter().any(|note| {
                note.contains("no write succeeds")
                    || note.contains("nothing answers")
                    || note.contains("nobody is served")
                    || note.contains("both members are needed")
            });
            // Counted by what the steps do, and not by what they say.
            let (voters, up) = followed.take(step);
            prop_assert_eq!(step.counts.voters, voters, "{:?}", step);
            prop_assert_eq!(step.counts.up, up, "{:?}", step);
            prop_assert!(voters <= 2 || stops || !said, "{:?}", step);
            prop_assert!(up > voters / 2 || said, "{:?}", step);
        }
    }

    #[test]
    fn one_that_follows_the_steps_arrives_and_no_client_is_without_an_endpoint(
        before in clusters(),
        after in clusters(),
        has_unit in any::<bool>(),
    ) {
        let plan = planned(&before, &after, has_unit);
        prop_assert!(plan.withheld.is_empty() || plan.steps.is_empty());
        if plan.steps.is_empty() {
            return Ok(());
        }
        let cuts_off = plan.changes.iter().any(|change| matches!(change.what, What::Scheme { .. }))
            || plan.steps.iter().any(|step| is_at_once(&step.action));
        follow(&before, &after, &plan, cuts_off);
        nothing_is_forgotten(&plan);
    }

    #[test]
    fn certificates_come_before_the_first_restart_and_the_record_comes_last(
        before in clusters(),
        after in clusters(),
    ) {
        let plan = planned(&before, &after, true);
        let at = |is: &dyn Fn(&Action) -> bool| plan.steps.iter().position(|step| is(&step.action));
        let copy = plan.steps.iter().rposition(|step| matches!(step.action, Action::Copy(_)));
        if let (Some(copy), Some(restart)) = (copy, at(&is_restart)) {
            prop_assert!(copy < restart);
        }
        prop_assert_eq!(at(&|action| *action == Action::Record), plan.steps.len().checked_sub(1));
    }

    #[test]
    fn nothing_is_planned_where_nothing_changed(running in clusters()) {
        let plan = planned(&running, &running, true);
        prop_assert_eq!((plan.steps, plan.withheld), (vec![], vec![]));
    }

    /// No rule withholds more than it is there for.
    #[test]
    fn one_thing_alone_always_has_steps(running in clusters(), which in 0..4_u8) {
        let mut after = running.clone();
        for member in after.members.values_mut() {
            match which {
                0 => drop(member.options.insert("snapshot-count".into(), "7".into())),
                1 => drop(member.options.insert("heartbeat-interval".into(), "77".into())),
                2 => drop(member.certificates.insert(Kind::Peer, "9".into())),
                _ => drop(member.options.insert("max-txn-ops".into(), "9".into())),
            }
        }
        let plan = planned(&running, &after, true);
        prop_assert_eq!(&plan.withheld, &vec![]);
        prop_assert!(!plan.steps.is_empty());
    }

    /// Records may be odd, as files that people merge are.
    #[test]
    fn odd_records_do_not_panic(
        before in odd(),
        after in odd(),
        is_accepted in any::<bool>(),
        has_unit in any::<bool>(),
    ) {
        let ids = BTreeMap::new();
        let files: &[&str] = if has_unit { &["etcd.service"] } else { &["etcd.env"] };
        let accepted =
            if is_accepted { all_accepted(&before, &after) } else { Accepted::default() };
        let known = known(&ids, files, &accepted);
        for step in offline(&before, &after, &known).steps {
            prop_assert!(!step.commands.is_empty(), "{:?}", step);
            step.counts.tolerates();
        }
    }
}

/// Makes clusters in which options are missing or are no URLs, and which may be empty.
fn odd() -> impl Strategy<Value = Running> {
    let texts = ["", ",", "https://", "x", "https://192.168.65.1:2380,,y", "https://[::1]:1"];
    let options = [
        "initial-advertise-peer-urls",
        "advertise-client-urls",
        "initial-cluster",
        "data-dir",
        "initial-cluster-state",
        "cert-file",
        "heartbeat-interval",
        "quota-backend-bytes",
    ];
    let edit = (
        prop::sample::select(options.to_vec()),
        prop::option::of(prop::sample::select(texts.to_vec())),
    );
    let edits = prop::collection::vec(edit, 0..6);
    (clusters(), edits, any::<bool>(), any::<bool>()).prop_map(|(mut running, edits, few, none)| {
        for (option, text) in edits {
            for member in running.members.values_mut().skip(usize::from(few)) {
                match text {
                    Some(text) => member.options.insert(option.into(), text.into()),
                    None => member.options.remove(option),
                };
            }
        }
        if none {
            running.members.clear();
        }
        running
    })
}
