//! Plans between clusters that nobody wrote.

use super::cluster::{cluster, planned, settle};
use crate::change::{Class, Subject};
use crate::plan::{Action, Known, Plan, Word, offline};
use crate::running::Running;
use crate::version::EtcdVersion;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const NAMES: [&str; 9] =
    ["aster", "begonia", "camellia", "daffodil", "elder", "freesia", "gentian", "heather", "iris"];

/// What a cluster is made of: the members with the ends of their addresses, and what all have.
fn clusters() -> impl Strategy<Value = Running> {
    let address =
        |at: usize| (0..4_usize).prop_map(move |moved| if moved == 3 { at + 20 } else { at });
    let members = prop::sample::subsequence(&NAMES[..], 1..=7).prop_flat_map(move |names| {
        let at = |name: &str| NAMES.iter().position(|other| *other == name).unwrap_or(0) + 1;
        let addresses: Vec<_> = names.iter().map(|name| address(at(name))).collect();
        (Just(names), addresses)
    });
    let texts = |choices: &'static [&'static str]| prop::sample::select(choices);
    let rest = (
        texts(&["3.5.33", "3.6.16"]),
        texts(&["", "8589934592", "4294967296"]),
        texts(&["", "100", "500"]),
        texts(&["", "1000", "5000"]),
        prop::collection::vec(texts(&["2379", "3379"]), 9),
        texts(&["/opt/etcd/certs", "/etc/etcd"]),
        prop::sample::subsequence(&["root", "alice", "bob"][..], 0..=3),
        0..3_u8,
    );
    (members, rest).prop_map(|((names, addresses), rest)| {
        let (version, quota, beat, wait, ports, certs, clients, serial) = rest;
        let named: Vec<(&str, u8)> = names
            .iter()
            .zip(addresses)
            .map(|(name, last)| (*name, u8::try_from(last).expect("small")))
            .collect();
        let mut running = cluster(&named, &clients);
        for (member, port) in running.members.values_mut().zip(ports) {
            member.version = EtcdVersion::parse(version).expect("a version");
            for (option, text) in [
                ("quota-backend-bytes", quota),
                ("heartbeat-interval", beat),
                ("election-timeout", wait),
            ] {
                if !text.is_empty() {
                    member.options.insert(option.into(), text.into());
                }
            }
            for text in member.options.values_mut() {
                *text =
                    text.replace(":2379", &format!(":{port}")).replace("/opt/etcd/certs", certs);
            }
            member.certificates.insert(crate::certificate::Kind::Server, serial.to_string());
        }
        for client in running.clients.values_mut() {
            client.certificate = Some(serial.to_string());
        }
        settle(&mut running);
        running
    })
}

/// The cluster as a reader of the plan would follow it, by the steps' names alone.
struct Followed<'a> {
    after: &'a Running,
    /// The client URLs of those that vote, by their names.
    voters: BTreeMap<String, Vec<String>>,
    learner: Option<String>,
    endpoints: BTreeMap<String, Vec<String>>,
}

impl<'a> Followed<'a> {
    fn new(before: &Running, after: &'a Running) -> Self {
        let voters = before.members.iter().map(|(name, member)| (name.clone(), urls(member)));
        let endpoints = before.clients.iter().map(|(name, c)| (name.clone(), c.endpoints.clone()));
        Self { after, voters: voters.collect(), learner: None, endpoints: endpoints.collect() }
    }

    fn take(&mut self, action: &Action) {
        let urls_of = |name: &String| urls(&self.after.members[name]);
        match action {
            Action::Add(name) => {
                assert_eq!(self.learner, None, "one at a time");
                assert!(!self.voters.contains_key(name), "{name} is there");
                self.learner = Some(name.clone());
            }
            Action::Promote(name) => {
                assert_eq!(self.learner.as_ref(), Some(name), "it is a learner");
                self.learner = None;
                self.voters.insert(name.clone(), urls_of(name));
            }
            Action::Remove(name) => {
                assert!(self.voters.remove(name).is_some(), "{name} is there");
            }
            Action::Restart(name) | Action::Upgrade(name, _) | Action::Readdress(name) => {
                assert!(self.voters.contains_key(name), "{name} is there");
                self.voters.insert(name.clone(), urls_of(name));
            }
            Action::Clients { names, .. } => {
                for name in names {
                    self.endpoints.insert(name.clone(), self.after.clients[name].endpoints.clone());
                }
            }
            Action::Start(name) => assert_eq!(self.learner.as_ref(), Some(name), "it is a learner"),
            Action::Look(_)
            | Action::Snapshot(_)
            | Action::Copy(_)
            | Action::Retire(_)
            | Action::RestartAll
            | Action::Downgrade(_)
            | Action::Restore(_)
            | Action::Disarm
            | Action::Decide(_)
            | Action::Record => {}
        }
    }

    /// Every client dials a member that has a vote and is up, besides the one that is restarted.
    fn reaches(&self, but: Option<&str>) {
        let up = self.voters.iter().filter(|(name, _)| but != Some(name.as_str()));
        let up: BTreeSet<&String> = up.flat_map(|(_, urls)| urls).collect();
        // One that is gone was left to a person.
        let stay = |client: &&String| self.after.clients.contains_key(*client);
        for client in self.endpoints.keys().filter(stay) {
            let endpoints = &self.endpoints[client];
            assert!(
                endpoints.iter().any(|url| up.contains(url)),
                "{client}: {endpoints:?}, {up:?}"
            );
        }
    }
}

fn urls(member: &crate::running::RunningMember) -> Vec<String> {
    vec![member.options["advertise-client-urls"].clone()]
}

fn is_restart(action: &Action) -> bool {
    matches!(action.word(), Word::Restart | Word::Upgrade | Word::Readdress)
}

/// Every change that needs hands is in a step of its member or client.
fn nothing_is_forgotten(plan: &Plan) {
    for change in plan.changes.iter().filter(|change| change.class != Class::Free) {
        let is_in = |action: &Action| match &change.subject {
            Subject::Cluster => true,
            Subject::Member(name) => action.member() == Some(name),
            Subject::Client(name) => action.clients().contains(name),
        };
        let of_all = matches!(change.subject, Subject::Member(_))
            && plan.steps.iter().any(|step| step.action == Action::Disarm);
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
    fn no_step_costs_the_quorum_unless_it_says_so(before in clusters(), after in clusters()) {
        let plan = planned(&before, &after);
        for step in &plan.steps {
            let said = step.notes.iter().any(|note| {
                note.contains("no write succeeds")
                    || note.contains("nothing answers")
                    || note.contains("both members are needed")
            });
            prop_assert!(step.counts.voters <= 2 || !said, "{:?}", step);
            prop_assert!(step.counts.up >= step.counts.quorum() || said, "{:?}", step);
        }
    }

    #[test]
    fn one_that_follows_the_steps_arrives_and_no_client_is_without_an_endpoint(
        before in clusters(),
        after in clusters(),
    ) {
        let plan = planned(&before, &after);
        let mut followed = Followed::new(&before, &after);
        // Where nobody stays, nobody has them any more: what the build refuses.
        let stays = before.members.keys().any(|name| after.members.contains_key(name));
        for step in &plan.steps {
            let but = step.action.member().filter(|_| is_restart(&step.action));
            if stays && followed.voters.len() > 2 {
                followed.reaches(but);
            }
            followed.take(&step.action);
            prop_assert_eq!(step.counts.voters, followed.voters.len(), "{:?}", step);
        }
        let there: BTreeSet<&String> = followed.voters.keys().collect();
        prop_assert_eq!(there, after.members.keys().collect::<BTreeSet<_>>());
        for (name, client) in &after.clients {
            let known = followed.endpoints.get(name).unwrap_or(&client.endpoints);
            prop_assert_eq!(known, &client.endpoints);
        }
        nothing_is_forgotten(&plan);
    }

    #[test]
    fn certificates_come_before_the_first_restart_and_the_record_comes_last(
        before in clusters(),
        after in clusters(),
    ) {
        let plan = planned(&before, &after);
        let at = |is: &dyn Fn(&Action) -> bool| plan.steps.iter().position(|step| is(&step.action));
        let copy = plan.steps.iter().rposition(|step| matches!(step.action, Action::Copy(_)));
        if let (Some(copy), Some(restart)) = (copy, at(&is_restart)) {
            prop_assert!(copy < restart);
        }
        prop_assert_eq!(at(&|action| *action == Action::Record), plan.steps.len().checked_sub(1));
    }

    #[test]
    fn nothing_is_planned_where_nothing_changed(running in clusters()) {
        prop_assert_eq!(planned(&running, &running).steps, vec![]);
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
        let known = Known { program: "bouquet", ids: &ids, has_unit, is_accepted };
        for step in offline(&before, &after, &known).steps {
            prop_assert!(!step.commands.is_empty(), "{:?}", step);
            step.counts.tolerates();
        }
    }
}

/// Clusters in which options are missing or are no URLs, and which may be empty.
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
