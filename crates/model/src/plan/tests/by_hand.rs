//! Members that are started by something other than the unit.

use super::cluster::{all_accepted, cluster, flowers, known, of_version, with};
use super::timing::plain;
use crate::change::Accepted;
use crate::cluster::MemberId;
use crate::plan::{Known, Plan, offline};
use crate::running::Running;
use insta::assert_snapshot;
use std::collections::BTreeMap;

/// Returns the plan where a build writes no unit, and nothing is accepted.
fn without_a_unit(before: &Running, after: &Running) -> Plan {
    let known = Known {
        program: "bouquet",
        on_node: "bouquet",
        ids: &BTreeMap::new(),
        token: None,
        files: &["etcd.env", "etcd.conf.yml"],
        secrets: &[],
        accepted: &Accepted::default(),
    };
    offline(before, after, &known)
}

/// Returns what is known where members are started from their environment.
fn by_env<'a>(ids: &'a BTreeMap<String, MemberId>, accepted: &'a Accepted) -> Known<'a> {
    known(ids, &["etcd.env"], accepted)
}

#[test]
fn members_without_a_unit_are_seen_to_by_hand() {
    let plan = without_a_unit(&flowers(), &with(flowers(), "snapshot-count", "5000"));
    let step = &plan.steps[1];
    assert_snapshot!(step.commands.join("\n"), @"
    until bouquet etcdctl -- endpoint health; do sleep 2; done &&
    ssh -n root@192.168.65.103 rm -rf /root/etcd-daffodil &&
    scp -r out/members/daffodil root@192.168.65.103:/root/etcd-daffodil
    # on daffodil: lay what is in /root/etcd-daffodil in its place, and restart etcd
    until bouquet etcdctl -- endpoint health && sleep 5 && bouquet etcdctl -- endpoint health; do sleep 2; done
    ");
}

/// Each file that a member may be started from is told what it says other than it does.
#[test]
fn edits_are_named_file_by_file() {
    let ids = BTreeMap::new();
    let files = &["etcd.env", "etcd.conf.yml", "etcd.sh"];
    let by_hand = |before: &Running, after: &Running| -> Vec<String> {
        let accepted = &all_accepted(before, after);
        let known = known(&ids, files, accepted);
        let plan = offline(before, after, &known);
        let all = plan.steps.into_iter().flat_map(|step| step.commands);
        all.filter(|it| it.starts_with("# on ")).collect()
    };
    let timed = |beat: &str, wait: &str| {
        with(with(flowers(), "heartbeat-interval", beat), "election-timeout", wait)
    };
    let told = by_hand(&timed("100", "1000"), &timed("500", "5000"));
    assert_eq!(told.len(), 6);
    assert_snapshot!(told[0], @"
    # on daffodil: in /root/etcd-daffodil/etcd.env write ETCD_HEARTBEAT_INTERVAL=100
    # on daffodil: in /root/etcd-daffodil/etcd.conf.yml write heartbeat-interval: 100
    # on daffodil: in /root/etcd-daffodil/etcd.sh write --heartbeat-interval=100
    # on daffodil: lay what is in /root/etcd-daffodil in its place, and restart etcd
    ");
    assert_snapshot!(told[3], @"# on daffodil: lay what is in /root/etcd-daffodil in its place, and restart etcd");
    let to_tls = by_hand(&plain(flowers()), &flowers());
    assert!(to_tls[3].contains("etcd.env write ETCD_LISTEN_PEER_URLS=http://"), "{to_tls:#?}");
    let to_text = by_hand(&flowers(), &plain(flowers()));
    assert_snapshot!(to_text[0], @"
    # on daffodil: in the etcd.env that it has now, write ETCD_LISTEN_PEER_URLS=http://192.168.65.103:2380
    # on daffodil: in the etcd.conf.yml that it has now, write listen-peer-urls: http://192.168.65.103:2380
    # on daffodil: in the etcd.sh that it has now, write --listen-peer-urls=http://192.168.65.103:2380
    # on daffodil: restart etcd
    ");
    let camellia =
        cluster(&[("camellia", 100), ("daffodil", 103), ("orange", 101), ("pink", 102)], &["root"]);
    let one = cluster(&[("camellia", 100), ("orange", 101), ("pink", 102)], &["root"]);
    let joins = by_hand(&flowers(), &one).concat() + &by_hand(&flowers(), &camellia).concat();
    assert!(joins.contains("etcd.env write ETCD_INITIAL_CLUSTER=daffodil=https://"), "{joins}");
}

/// In a container there may be no account of etcd's.
#[test]
fn certificates_without_a_unit_are_laid_by_hand() {
    let ids = BTreeMap::new();
    let accepted = &Accepted::default();
    let known = by_env(&ids, accepted);
    let mut after = flowers();
    let orange = after.members.get_mut("orange").unwrap();
    orange.certificates.insert(crate::certificate::Kind::Server, "2".into());
    let typed = offline(&flowers(), &after, &known).steps[0].commands.concat();
    assert!(
        typed.contains("# on orange: lay what is in") && !typed.contains("install -m"),
        "{typed}"
    );
}

/// Nothing that a record has in it is typed.
#[test]
fn what_a_person_reads_is_no_command_whatever_is_in_it() {
    let ids = BTreeMap::new();
    let accepted = &Accepted::default();
    let known = by_env(&ids, accepted);
    let name = "x\nrm -rf ~ #\r";
    let mut before = flowers();
    let odd = before.members["pink"].clone();
    before.members.remove("pink");
    before.members.insert(name.into(), odd);
    let after = cluster(&[("daffodil", 103), ("orange", 101)], &["root"]);
    for step in offline(&before, &after, &known).steps {
        for line in step.commands.iter().flat_map(|command| command.split(['\n', '\r'])) {
            assert!(!line.trim_start().starts_with("rm -rf ~"), "{line}");
        }
    }
}

/// It may be in a container: no command stops the addition.
#[test]
fn a_member_without_a_unit_is_asked_for_its_version_by_a_person() {
    let after =
        cluster(&[("camellia", 100), ("daffodil", 103), ("orange", 101), ("pink", 102)], &["root"]);
    let plan = without_a_unit(&flowers(), &after);
    assert_eq!(plan.steps[0].commands[0], "# on camellia: see that its etcd is 3.5.33");
}

#[test]
fn data_that_is_moved_by_hand_has_its_folders_named() {
    let after = with(flowers(), "wal-dir", "/wal/etcd");
    let accepted = &all_accepted(&flowers(), &after);
    let files = &["etcd.env"];
    let known = Known {
        program: "bouquet",
        on_node: "bouquet",
        ids: &BTreeMap::new(),
        token: None,
        files,
        secrets: &[],
        accepted,
    };
    let typed = offline(&flowers(), &after, &known).steps[1].commands.join("\n");
    assert!(
        typed.contains(
            "# on daffodil: stop etcd, `mv -T /data/etcd/member/wal /wal/etcd`, lay what is in \
             /root/etcd-daffodil in its place, and start etcd\n"
        ),
        "{typed}"
    );
}

/// What root has restored, etcd cannot read.
#[test]
fn data_that_is_restored_by_hand_is_given_to_etcd() {
    let of = |version| with(of_version(flowers(), version), "wal-dir", "/wal/etcd");
    let (before, after) = (of("3.5.33"), of("3.7.3"));
    let accepted = &all_accepted(&before, &after);
    let files = &["etcd.env"];
    let known = Known {
        program: "bouquet",
        on_node: "bouquet",
        ids: &BTreeMap::new(),
        token: None,
        files,
        secrets: &[],
        accepted,
    };
    let typed = offline(&before, &after, &known).steps[0].commands.join("\n");
    assert!(
        typed.contains("# on daffodil: stop etcd, and move /data/etcd and /wal/etcd aside\n"),
        "{typed}"
    );
    assert!(
        typed.contains(", `chown -R` /data/etcd and /wal/etcd to the account of etcd, lay what is"),
        "{typed}"
    );
}
