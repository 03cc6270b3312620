//! Every kind of change has its commands, and one that is free has none.

use super::cluster::{cluster, flowers, known, readdressed};
use crate::certificate::Kind;
use crate::change::{Change, Class, Subject, What};
use crate::plan::{Action, Plan, Step, Word, plan};
use crate::running::Running;
use crate::trust::{Side, Trust};
use crate::url::Scheme;
use crate::version::EtcdVersion;
use insta::assert_snapshot;
use std::collections::{BTreeMap, BTreeSet};

fn planned(changes: Vec<Change>, before: &Running, after: &Running, is_accepted: bool) -> Plan {
    let ids = BTreeMap::new();
    let words = changes.iter().filter_map(Change::accept).filter(|_| is_accepted);
    let accepted = words.collect();
    plan(changes, (before, after), &known(&ids, &["etcd.service"], &accepted), None)
}

fn change(subject: &Subject, what: &What, class: Class) -> Change {
    Change { subject: subject.clone(), what: what.clone(), class }
}

fn version(from: &str, to: &str) -> What {
    let [from, to] = [from, to].map(|text| EtcdVersion::parse(text).expect("a version"));
    What::Version { from, to, faults: Vec::new(), has_risen: false }
}

/// Returns one change of each kind, of a member of the flowers.
fn of_members() -> Vec<What> {
    let trust = |issue, trust: &[u32]| Trust { issue, trust: trust.to_vec().into() };
    vec![
        What::Option { name: "snapshot-count".into(), from: None, to: Some("5".into()) },
        What::Spelling {
            from: "experimental-corrupt-check-time=1h".into(),
            to: "corrupt-check-time=1h".into(),
        },
        version("3.5.33", "3.6.16"),
        What::Scheme { side: Side::Clients, from: Scheme::Http, to: Scheme::Https },
        What::Trust { side: Side::Peers, from: trust(1, &[1]), to: trust(1, &[1, 2]) },
        What::Certificate(Kind::Server),
        What::Revocations,
        What::Removed,
        What::Moved { from: vec!["https://a:1".into()], to: vec!["https://a:2".into()] },
        What::Swapped { with: "pink".into() },
        What::Endpoints { from: Vec::new(), to: vec!["https://a:2".into()] },
        What::CertsDir { from: "/a".into(), to: "/b".into() },
        What::Unit { key: "user".into(), from: None, to: Some("kube".into()) },
        What::CommonName { to: false },
    ]
}

/// Returns the changes of the cluster as a whole, whose members have changes of their own.
fn of_clusters() -> Vec<What> {
    vec![
        What::Several {
            added: Vec::new(),
            removed: vec!["orange".into(), "pink".into()],
            moved: Vec::new(),
        },
        What::Quorum {
            running: 3,
            stay: 1,
            removed: vec!["orange".into(), "pink".into()],
            moved: BTreeMap::new(),
        },
    ]
}

/// How many kinds there are.
const KINDS: usize = 18;

/// Numbers the kinds: a new one does not compile until it has a number here, and then is looked for in the lists.
const fn kind(what: &What) -> usize {
    match what {
        What::Option { .. } => 0,
        What::Spelling { .. } => 1,
        What::Several { .. } => 2,
        What::Version { .. } => 3,
        What::Scheme { .. } => 4,
        What::Trust { .. } => 5,
        What::Certificate(_) => 6,
        What::Revocations => 7,
        What::Added => 8,
        What::Removed => 9,
        What::Renamed { .. } => 10,
        What::Moved { .. } => 11,
        What::Swapped { .. } => 12,
        What::Quorum { .. } => 13,
        What::Endpoints { .. } => 14,
        What::CertsDir { .. } => 15,
        What::Unit { .. } => 16,
        What::CommonName { .. } => KINDS - 1,
    }
}

#[test]
fn every_kind_of_change_is_in_a_list_here() {
    let renamed = What::Renamed { to: "tulip".into() };
    let all = of_members().into_iter().chain(of_clusters()).chain([What::Added, renamed]);
    let kinds: BTreeSet<usize> = all.map(|what| kind(&what)).collect();
    assert_eq!(kinds, (0..KINDS).collect());
}

#[test]
fn what_the_cluster_is_told_as_a_whole_has_no_steps_besides_those_of_its_members() {
    for what in of_clusters() {
        let change = change(&Subject::Cluster, &what, Class::AskEtcd);
        let plan = planned(vec![change], &flowers(), &flowers(), true);
        assert!(!has_hands(&plan), "{what}: {:?}", plan.steps);
    }
}

/// Tells whether anything has to be done, besides recording it.
fn has_hands(plan: &Plan) -> bool {
    plan.steps.iter().any(|step| step.action.word() != Word::Record && !step.commands.is_empty())
}

#[test]
fn each_kind_of_change_of_a_member_has_commands_whatever_its_class_but_free() {
    let subject = Subject::Member("orange".into());
    for what in of_members() {
        for class in Class::ALL {
            let after = if matches!(what, What::Removed) {
                cluster(&[("daffodil", 103), ("pink", 102)], &["root"])
            } else {
                flowers()
            };
            let plan = planned(vec![change(&subject, &what, *class)], &flowers(), &after, true);
            assert_eq!(has_hands(&plan), *class != Class::Free, "{class}: {what}");
            let about = |step: &Step| {
                step.action.member() == Some("orange") || step.action == Action::RestartAll
            };
            assert!(*class == Class::Free || plan.steps.iter().any(about), "{class}: {what}");
        }
    }
}

#[test]
fn each_kind_of_change_of_a_client_has_commands_but_free_ones_of_one_that_is_there() {
    let subject = Subject::Client("root".into());
    let kinds = of_members().into_iter().chain([What::Added]);
    for what in kinds {
        for class in Class::ALL {
            let plan = planned(vec![change(&subject, &what, *class)], &flowers(), &flowers(), true);
            let is_new = what == What::Added;
            assert_eq!(has_hands(&plan), is_new || *class != Class::Free, "{class}: {what}");
        }
    }
}

#[test]
fn a_change_of_the_cluster_is_one_of_each_member_that_stays() {
    let what = version("3.5.33", "3.5.34");
    let plan = planned(
        vec![change(&Subject::Cluster, &what, Class::Restart)],
        &flowers(),
        &flowers(),
        true,
    );
    let upgrades = plan.steps.iter().filter(|step| step.action.word() == Word::Upgrade);
    assert_eq!(upgrades.count(), 3);
}

#[test]
fn a_member_that_is_renamed_starts_with_its_new_files_at_its_old_place() {
    let after = cluster(&[("daffodil", 103), ("pink", 102), ("tulip", 101)], &["root"]);
    let what = What::Renamed { to: "tulip".into() };
    let subject = Subject::Member("orange".into());
    let plan = planned(vec![change(&subject, &what, Class::Refused)], &flowers(), &after, true);
    let restart = plan.steps.iter().find(|step| step.action.word() == Word::Restart).unwrap();
    let command = &restart.commands[0];
    let copy = "scp -r out/members/tulip root@192.168.65.101:/root/etcd-tulip &&";
    assert!(command.lines().any(|line| line == copy), "{command}");
    assert_eq!((restart.counts.voters, restart.counts.up), (3, 2));
}

/// etcd would answer `Peer URLs already exists`.
#[test]
fn members_that_swap_addresses_never_have_one_at_the_same_time() {
    let swapped = readdressed(readdressed(flowers(), "orange", 102), "pink", 101);
    let what = |with: &str| What::Swapped { with: with.into() };
    let changes = [("orange", "pink"), ("pink", "orange")]
        .map(|(name, with)| change(&Subject::Member(name.into()), &what(with), Class::Refused));
    let plan = planned(changes.to_vec(), &flowers(), &swapped, true);
    let words: Vec<(Word, Option<&str>)> = plan
        .steps
        .iter()
        .filter(|step| step.action.member().is_some())
        .map(|step| (step.action.word(), step.action.member()))
        .collect();
    let (orange, pink) = (Some("orange"), Some("pink"));
    assert_eq!(
        words[1..],
        [
            (Word::Remove, pink),
            (Word::Retire, pink),
            (Word::Readdress, orange),
            (Word::Add, pink),
            (Word::Start, pink),
            (Word::Promote, pink),
        ]
    );
    let first =
        |word| &plan.steps.iter().find(|step| step.action.word() == word).unwrap().commands[0];
    assert_eq!(
        [first(Word::Readdress), first(Word::Add)],
        [
            "# first take the address 192.168.65.102 from the machine of pink and give it to that of \
             orange, besides 192.168.65.101",
            "# first take the address 192.168.65.101 from the machine of orange and give it to that of pink",
        ]
    );
}

#[test]
fn what_is_refused_and_not_accepted_has_no_step_and_nor_has_anything_else_of_that_member() {
    let orange = Subject::Member("orange".into());
    let data = What::Option { name: "data-dir".into(), from: None, to: Some("/srv".into()) };
    let count = What::Option { name: "snapshot-count".into(), from: None, to: Some("5".into()) };
    let changes = vec![
        change(&orange, &data, Class::Refused),
        change(&orange, &count, Class::Restart),
        change(&Subject::Member("pink".into()), &count, Class::Restart),
    ];
    let plan = planned(changes.clone(), &flowers(), &flowers(), false);
    assert_eq!(plan.refused, [0]);
    let members: Vec<_> = plan.steps.iter().filter_map(|step| step.action.member()).collect();
    assert_eq!(members, ["pink"]);
    // The record would say of orange that it was done.
    assert!(plan.steps.iter().all(|step| step.action != Action::Record));
    let last = plan.steps.last().unwrap();
    assert!(last.notes.iter().any(|note| note.starts_with("nothing is recorded")), "{last:?}");
    let accepted = planned(changes.clone(), &flowers(), &flowers(), true);
    assert_eq!(accepted.refused, Vec::<usize>::new());
    assert!(accepted.steps.iter().any(|step| step.action.member() == Some("orange")));
    // Of one that the cluster cannot bear, nothing is planned.
    let quorum = What::Quorum {
        running: 3,
        stay: 1,
        removed: vec!["pink".into(), "orange".into()],
        moved: BTreeMap::new(),
    };
    let mut all = changes;
    all.push(change(&Subject::Cluster, &quorum, Class::Refused));
    assert_eq!(planned(all, &flowers(), &flowers(), false).steps, []);
}

/// A folder that is accepted at another place has to have the data in it.
#[test]
fn an_accepted_folder_takes_the_data_along() {
    let mut after = flowers();
    let orange = after.members.get_mut("orange").unwrap();
    orange.options.insert("data-dir".into(), "/srv/etcd".into());
    orange.options.insert("wal-dir".into(), "/wal/etcd".into());
    let what = What::Option { name: "data-dir".into(), from: None, to: None };
    let orange = Subject::Member("orange".into());
    let plan = planned(vec![change(&orange, &what, Class::Refused)], &flowers(), &after, true);
    let restart = plan.steps.iter().find(|step| step.action.word() == Word::Restart).unwrap();
    assert_snapshot!(restart.commands.join("\n"), @r#"
    until bouquet etcdctl -- endpoint health; do sleep 2; done &&
    ssh -n root@192.168.65.101 rm -rf /root/etcd-orange &&
    scp -r out/members/orange root@192.168.65.101:/root/etcd-orange &&
    ssh -n root@192.168.65.101 'set -e
      trap "rm -r /root/etcd-orange" EXIT
      ! mountpoint -q /data/etcd || { echo "nothing was changed: a mount point cannot be moved" >&2; exit 1; }
      ! [ -e /srv/etcd ] || { echo "nothing was changed: the new folder is there already" >&2; exit 1; }
      ! mountpoint -q /data/etcd/member/wal || { echo "nothing was changed: a mount point cannot be moved" >&2; exit 1; }
      ! [ -e /wal/etcd ] || { echo "nothing was changed: the new folder is there already" >&2; exit 1; }
      systemctl stop etcd
      [ -d /srv ] || install -d -m 0700 -o etcd -g etcd /srv &&
      mv -T /data/etcd /srv/etcd || { echo "etcd is stopped: put its data back where it was, and start etcd" >&2; exit 1; }
      [ -d /wal ] || install -d -m 0700 -o etcd -g etcd /wal &&
      mv -T /srv/etcd/member/wal /wal/etcd || { echo "etcd is stopped: put its data back where it was, and start etcd" >&2; exit 1; }
      install -m 0644 /root/etcd-orange/etcd.service /etc/systemd/system/etcd.service
      rm -f /etc/systemd/system/etcd.service.d/10-join.conf
      systemctl daemon-reload
      systemctl start etcd' &&
    until bouquet etcdctl -- endpoint health && sleep 5 && bouquet etcdctl -- endpoint health; do sleep 2; done
    "#);
    assert_snapshot!(restart.undo.as_ref().unwrap(), @"stop etcd, `mv -T /wal/etcd /srv/etcd/member/wal`, `mv -T /srv/etcd /data/etcd`, then the files that a build of the former cluster.toml makes, and start etcd");
}

#[test]
fn phases_of_a_change_of_ca_say_that_they_are_recorded_one_by_one() {
    let trust = |issue, trust: &[u32]| Trust { issue, trust: trust.to_vec().into() };
    let both = trust(1, &[1, 2]);
    for (from, to, restarts) in [
        (trust(1, &[1]), both.clone(), 3),
        (both, trust(2, &[1, 2]), 0),
        (trust(2, &[1, 2]), trust(2, &[2]), 3),
    ] {
        let what = What::Trust { side: Side::Clients, from, to };
        let members = ["daffodil", "orange", "pink"].map(|name| Subject::Member(name.into()));
        let subjects = members.into_iter().chain([Subject::Client("root".into())]);
        let changes = subjects.map(|subject| change(&subject, &what, Class::AskEtcd)).collect();
        let plan = planned(changes, &flowers(), &flowers(), true);
        let count = |word| plan.steps.iter().filter(|step| step.action.word() == word).count();
        assert_eq!((count(Word::Copy), count(Word::Clients)), (3, 1));
        assert_eq!(count(Word::Restart), restarts);
        let last = plan.steps.last().unwrap();
        assert!(last.notes.iter().any(|note| note.contains("by phases")), "{:?}", last.notes);
        // Only its CAs are new, which it reads at its start.
        for step in plan.steps.iter().filter(|step| step.action.word() == Word::Restart) {
            assert!(
                step.commands[0].contains(" systemctl restart etcd &&\n"),
                "{:?}",
                step.commands
            );
        }
    }
}
