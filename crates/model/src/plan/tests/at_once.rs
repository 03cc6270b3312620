//! What takes all members at the same time, the ways to a minor that is not the next one, and what goes
//! before such steps.

use super::cluster::{
    all_accepted, cluster, commands, flowers, known, lines, of_cas, of_version, planned,
    readdressed, settle, with,
};
use crate::change::{Change, Class, Subject, What};
use crate::plan::{Action, Known, Look, Plan, Step, Word, offline, plan};
use crate::running::Running;
use insta::assert_snapshot;
use std::collections::BTreeMap;

fn step(plan: &Plan, word: Word) -> &Step {
    plan.steps.iter().find(|step| step.action.word() == word).expect("a step")
}

/// One after another, each would wait in vain for the others.
#[test]
fn members_that_refuse_each_other_are_stopped_before_one_starts() {
    let before = with(flowers(), "tls-max-version", "TLS1.2");
    let after = with(flowers(), "tls-min-version", "TLS1.3");
    let plan = planned(&before, &after);
    assert_snapshot!(lines(&plan.steps), @"
    stop all, then start all: 3 2 stops
    record it: 3 2 1
    ");
    let typed = &plan.steps[0].commands[0];
    assert_eq!(typed.matches("systemctl start --no-block etcd' &&\n").count(), 3, "{typed}");
    assert!(typed.ends_with("\nuntil bouquet etcdctl -- endpoint health && sleep 5 && bouquet etcdctl -- endpoint health; do sleep 2; done"), "{typed}");
    assert!(!typed.contains("certs"), "{typed}");
    assert!(plan.steps[0].notes[0].starts_with("all are stopped"), "{:?}", plan.steps[0].notes);
}

/// etcd would not start with it, and all are stopped by then.
#[test]
fn data_of_the_second_api_is_looked_for_before_all_are_stopped() {
    let before = with(flowers(), "v2-deprecation", "not-yet");
    let after = of_cas(with(flowers(), "v2-deprecation", "write-only"), 2, &[2]);
    let words: Vec<Word> =
        planned(&before, &after).steps.iter().map(|step| step.action.word()).collect();
    assert_eq!(words, [Word::Look, Word::RestartAll, Word::Clients, Word::Record]);
}

/// The certificates of a CA that is not trusted yet are refused by members that run.
#[test]
fn another_ca_in_one_step_stops_all_members_before_any_gets_its_files() {
    let plan = planned(&flowers(), &of_cas(flowers(), 2, &[2]));
    assert_snapshot!(lines(&plan.steps), @"
    stop all, then start all: 3 2 stops
    client root: 3 2 1
    record it: 3 2 1
    ");
    // Certificates come with the other files, and so after all stops.
    let typed = commands(&plan.steps[..1]);
    let (first, others) = typed.split_once("ssh -n root@192.168.65.101 rm -rf").unwrap();
    assert_snapshot!(first, @r#"
    == stop all, then start all
    ssh -n root@192.168.65.103 systemctl stop etcd &&
    ssh -n root@192.168.65.101 systemctl stop etcd &&
    ssh -n root@192.168.65.102 systemctl stop etcd &&
    ssh -n root@192.168.65.103 rm -rf /root/etcd-daffodil &&
    scp -r out/members/daffodil root@192.168.65.103:/root/etcd-daffodil &&
    ssh -n root@192.168.65.103 'set -e
      trap "rm -r /root/etcd-daffodil" EXIT
      cp -aT /opt/etcd/certs/ /opt/etcd/certs.new
      install -C -m 0600 -o etcd -g etcd /root/etcd-daffodil/certs/* /opt/etcd/certs.new/
      mv -T /opt/etcd/certs /opt/etcd/certs.$(date +%Y%m%dT%H%M%S)
      mv -T /opt/etcd/certs.new /opt/etcd/certs
      install -m 0644 /root/etcd-daffodil/etcd.service /etc/systemd/system/etcd.service
      rm -f /etc/systemd/system/etcd.service.d/10-join.conf
      systemctl daemon-reload
      systemctl start --no-block etcd' &&
    "#);
    assert_eq!(others.matches("mv -T /opt/etcd/certs.new /opt/etcd/certs\n").count(), 2);
}

#[test]
fn the_way_back_from_3_6_begins_with_etcds_own_word() {
    let (before, after) = (of_version(flowers(), "3.6.16"), of_version(flowers(), "3.5.33"));
    let plan = planned(&before, &after);
    assert_snapshot!(lines(&plan.steps), @"
    snapshot of daffodil: 3 2 1
    lead etcd back to 3.5: 3 2 1
    see who leads: 3 2 1
    downgrade daffodil to 3.5.33: 3 2 0
    downgrade orange to 3.5.33: 3 2 0
    downgrade pink to 3.5.33: 3 2 0
    record it: 3 2 1
    ");
    assert_snapshot!(commands(&plan.steps[1..2]), @r#"
    == lead etcd back to 3.5
    until bouquet etcdctl -- endpoint health && sleep 5 && bouquet etcdctl -- endpoint health; do sleep 2; done &&
    bouquet etcdctl daffodil -- downgrade validate 3.5 &&
    bouquet etcdctl daffodil -- downgrade enable 3.5 &&
    until bouquet etcdctl daffodil -- endpoint status -w json | grep -q '"storageVersion":"3.5.0"' && bouquet etcdctl orange -- endpoint status -w json | grep -q '"storageVersion":"3.5.0"' && bouquet etcdctl pink -- endpoint status -w json | grep -q '"storageVersion":"3.5.0"'; do sleep 2; done
    "#);
    let undo = |plan: &Plan, word| step(plan, word).undo.clone().unwrap();
    assert!(undo(&plan, Word::Downgrade).contains("`downgrade cancel`"));
    // As long as one was not upgraded, etcd has nothing to lead back.
    let mut half = before;
    half.members.insert("pink".into(), after.members["pink"].clone());
    let plan = planned(&half, &after);
    let words: Vec<Word> = plan.steps.iter().map(|step| step.action.word()).collect();
    assert_eq!(words, [Word::Snapshot, Word::Look, Word::Downgrade, Word::Downgrade, Word::Record]);
    assert!(undo(&plan, Word::Downgrade).ends_with(", and etcd 3.6.16 again"));
    let patch = planned(&after, &of_version(flowers(), "3.5.34"));
    assert!(undo(&patch, Word::Upgrade).ends_with("makes, and etcd 3.5.33 again"));
}

#[test]
fn a_minor_that_is_skipped_takes_one_snapshot_to_all() {
    let before = with(of_version(flowers(), "3.5.33"), "wal-dir", "/wal/etcd");
    let after = with(of_version(flowers(), "3.7.3"), "wal-dir", "/wal/etcd");
    let plan = planned(&before, &after);
    assert_snapshot!(lines(&plan.steps), @"
    stop all, restore all with 3.7.3: 3 2 stops
    record it: 3 2 1
    ");
    let commands = &plan.steps[0].commands;
    assert_snapshot!(commands[..3].join("\n"), @r##"
    stopped=no saved=no file="$HOME/before-$(date +%Y%m%dT%H%M%S).db" &&
    ssh -n root@192.168.65.103 'member=$(readlink -m /data/etcd/member); ! grep -F -e " $member " -e " $member/" /proc/mounts || { echo "nothing was changed: what is mounted in $member cannot be set aside" >&2; exit 1; }' &&
    ssh -n root@192.168.65.101 'member=$(readlink -m /data/etcd/member); ! grep -F -e " $member " -e " $member/" /proc/mounts || { echo "nothing was changed: what is mounted in $member cannot be set aside" >&2; exit 1; }' &&
    ssh -n root@192.168.65.102 'member=$(readlink -m /data/etcd/member); ! grep -F -e " $member " -e " $member/" /proc/mounts || { echo "nothing was changed: what is mounted in $member cannot be set aside" >&2; exit 1; }' &&
    until bouquet etcdctl -- endpoint health && sleep 5 && bouquet etcdctl -- endpoint health; do sleep 2; done &&
    bouquet etcdctl daffodil -- snapshot save "$file" &&
    ssh -n root@192.168.65.103 'set -e
      systemctl stop etcd
      now=$(date +%Y%m%dT%H%M%S)
      log=$(readlink -m /wal/etcd)
      if mountpoint -q "$log"; then mkdir "$log"/$now; find "$log" -maxdepth 1 -name '\''*.wal'\'' -exec mv -t "$log"/$now {} +; elif [ -e "$log" ]; then mv -T "$log" "$log".$now; fi
      [ ! -e /data/etcd/member ] || mv -T /data/etcd/member /data/etcd/member.$now' &&
    ssh -n root@192.168.65.101 'set -e
      systemctl stop etcd
      now=$(date +%Y%m%dT%H%M%S)
      log=$(readlink -m /wal/etcd)
      if mountpoint -q "$log"; then mkdir "$log"/$now; find "$log" -maxdepth 1 -name '\''*.wal'\'' -exec mv -t "$log"/$now {} +; elif [ -e "$log" ]; then mv -T "$log" "$log".$now; fi
      [ ! -e /data/etcd/member ] || mv -T /data/etcd/member /data/etcd/member.$now' &&
    ssh -n root@192.168.65.102 'set -e
      systemctl stop etcd
      now=$(date +%Y%m%dT%H%M%S)
      log=$(readlink -m /wal/etcd)
      if mountpoint -q "$log"; then mkdir "$log"/$now; find "$log" -maxdepth 1 -name '\''*.wal'\'' -exec mv -t "$log"/$now {} +; elif [ -e "$log" ]; then mv -T "$log" "$log".$now; fi
      [ ! -e /data/etcd/member ] || mv -T /data/etcd/member /data/etcd/member.$now' &&
    stopped=yes
    # on daffodil: install etcd 3.7.3
    [ "$stopped" = yes ] &&
    ssh -n root@192.168.65.103 rm -rf /root/etcd-daffodil &&
    scp -r out/members/daffodil root@192.168.65.103:/root/etcd-daffodil &&
    scp "$file" root@192.168.65.103:/root/etcd-daffodil/snapshot.db &&
    ssh -n root@192.168.65.103 'set -e
      trap "rm -r /root/etcd-daffodil" EXIT
      etcd --version | grep -Fx "etcd Version: 3.7.3" || { echo "etcd 3.7.3 is not installed here" >&2; exit 1; }
      ! [ -e /data/etcd/member ] || { echo "nothing was changed: the data that is there is to be set aside first" >&2; exit 1; }
      log=$(readlink -m /wal/etcd)
      mkdir -p -m 0700 /data/etcd "$log"
      chown etcd:etcd /data/etcd "$log"
      grep -qsFx -e etcd-cluster-1 "$log"/restored || ! ls "$log" | grep '\''\.wal$'\'' || { echo "nothing was changed: the log that is there is to be set aside first" >&2; exit 1; }
      rm -rf /data/etcd/restoring "$log"/restoring
      etcdutl snapshot restore /root/etcd-daffodil/snapshot.db --name=daffodil --initial-advertise-peer-urls=https://192.168.65.103:2380 --data-dir=/data/etcd/restoring --wal-dir="$log"/restoring --initial-cluster=daffodil=https://192.168.65.103:2380,orange=https://192.168.65.101:2380,pink=https://192.168.65.102:2380 --initial-cluster-token=etcd-cluster-1 --bump-revision=1000000000 --mark-compacted
      printf "%s\n" etcd-cluster-1 >/data/etcd/restoring/member/restored
      chown -R etcd:etcd /data/etcd/restoring "$log"/restoring
      printf "%s\n" etcd-cluster-1 >"$log"/restored
      mv -f "$log"/restoring/*.wal "$log"/
      mv -T /data/etcd/restoring/member /data/etcd/member
      rm -r /data/etcd/restoring "$log"/restoring "$log"/restored
      install -m 0644 /root/etcd-daffodil/etcd.service /etc/systemd/system/etcd.service
      rm -f /etc/systemd/system/etcd.service.d/10-join.conf
      systemctl daemon-reload
      systemctl start --no-block etcd'
    "##);
    // Each chain but the first looks whether the first one came to its end.
    let chains = commands[1..].iter().filter(|command| !command.starts_with('#'));
    assert_eq!(chains.clone().count(), 3);
    for chain in chains {
        assert!(chain.starts_with("[ \"$stopped\" = yes ] &&\n"), "{chain}");
    }
    let back = planned(&after, &with(of_version(flowers(), "3.4.23"), "wal-dir", "/wal/etcd"));
    assert!(back.steps[0].commands[2].contains("\n  etcdctl snapshot restore "));
}

/// By another token members would get other IDs than those that are recorded of them.
#[test]
fn a_cluster_that_was_restored_keeps_its_ids_where_one_snapshot_goes_to_all() {
    let (before, after) = (of_version(flowers(), "3.5.33"), of_version(flowers(), "3.7.3"));
    let of = |token: Option<&str>| {
        let (ids, accepted) = (BTreeMap::new(), all_accepted(&before, &after));
        let files: &[&str] = &["etcd.service"];
        let known = Known {
            program: "bouquet",
            on_node: "bouquet",
            ids: &ids,
            token,
            files,
            secrets: &[],
            accepted: &accepted,
        };
        commands(&offline(&before, &after, &known).steps)
    };
    for (text, token) in [
        (of(None), "etcd-cluster-1"),
        (of(Some("old.5a0d0001.20261128T134650Z")), "old.5a0d0001.20261128T134650Z"),
    ] {
        let word = format!(" --initial-cluster-token={token} --bump-revision=");
        assert_eq!(text.matches(&word).count(), 3, "{text}");
        assert_eq!(text.matches("--initial-cluster-token").count(), 3, "{text}");
    }
}

/// Nobody but their operators knows which of them have one.
#[test]
fn clients_are_looked_at_before_members_ask_them_for_certificates() {
    let mut before = with(flowers(), "client-cert-auth", "false");
    for member in before.members.values_mut() {
        member.options.remove("trusted-ca-file");
    }
    let after = with(flowers(), "client-cert-auth", "true");
    let plan = planned(&before, &after);
    assert_snapshot!(commands(&plan.steps[..1]), @r"
    == see that every client has a certificate
    ssh -n root@192.168.65.103 'ss -Htn state established '\''( sport = :2379 )'\'''
    ssh -n root@192.168.65.101 'ss -Htn state established '\''( sport = :2379 )'\'''
    ssh -n root@192.168.65.102 'ss -Htn state established '\''( sport = :2379 )'\'''
    ");
    let words: Vec<String> = plan.steps[1..].iter().map(|it| it.action.to_string()).collect();
    assert_eq!(
        words,
        [
            "files to daffodil",
            "files to orange",
            "files to pink",
            "see who leads",
            "restart daffodil",
            "restart orange",
            "restart pink",
            "record it"
        ]
    );
    let plan = planned(&after, &before);
    assert_snapshot!(commands(&plan.steps[..1]), @"
    == see who logs in by certificate
    bouquet etcdctl -- user list
    ");
}

/// etcd starts with no data of the second API where it looks for it.
#[test]
fn data_of_the_second_api_is_looked_for_before_it_is_refused() {
    let before = with(flowers(), "v2-deprecation", "not-yet");
    let plan = planned(&before, &with(flowers(), "v2-deprecation", "write-only"));
    assert_snapshot!(commands(&plan.steps[..1]), @"
    == see whether there is data of the second API
    ssh -n root@192.168.65.103 etcdutl check v2store --data-dir /data/etcd
    ssh -n root@192.168.65.101 etcdutl check v2store --data-dir /data/etcd
    ssh -n root@192.168.65.102 etcdutl check v2store --data-dir /data/etcd
    ");
    let plan = planned(&with(flowers(), "v2-deprecation", "write-only"), &before);
    assert!(plan.steps.iter().all(|step| step.action != Action::Look(Look::Content)));
}

/// The program has no files for them any more, and `out/` does.
#[test]
fn members_that_still_speak_tls_are_shown_the_files_of_before() {
    let mut after = flowers();
    for member in after.members.values_mut() {
        (member.clients, member.peers) = (None, None);
        member.options.retain(|name, _| !name.ends_with("-file"));
        for text in member.options.values_mut() {
            *text = text.replace("https:", "http:");
        }
    }
    for client in after.clients.values_mut() {
        client.trust = None;
        client.endpoints =
            client.endpoints.iter().map(|url| url.replace("https:", "http:")).collect();
    }
    let plan = planned(&flowers(), &after);
    let all = commands(&plan.steps);
    let files = "--cacert=out/pki/ca.crt --cert=out/clients/root/client.crt --key=out/clients/root/client.key";
    for line in all.lines().filter(|line| line.contains("--endpoints=https:")) {
        let asked = line.matches("--endpoints=https:").count();
        assert_eq!(line.matches(files).count(), asked, "{line}");
    }
    assert!(all.contains(files));
    // On the way to TLS it has those that it was compiled with.
    let begins = commands(&planned(&after, &flowers()).steps);
    assert!(!begins.contains("--cacert"), "{begins}");
}

/// etcd does not join on the data of a member that was removed, and the guard of the unit does not start
/// without the data that its mark tells of.
#[test]
fn one_that_comes_back_joins_on_an_empty_folder() {
    let swapped = readdressed(readdressed(flowers(), "orange", 102), "pink", 101);
    let what = |with: &str| What::Swapped { with: with.into() };
    let changes: Vec<Change> = [("orange", "pink"), ("pink", "orange")]
        .map(|(name, with)| Change {
            subject: Subject::Member(name.into()),
            what: what(with),
            class: Class::Refused,
        })
        .into();
    let ids = BTreeMap::new();
    let accepted = &changes.iter().filter_map(Change::accept).collect();
    let known = known(&ids, &["etcd.service"], accepted);
    let start = |before: &Running, after: &Running, changes| {
        step(&plan(changes, (before, after), &known, None), Word::Start).commands.join("\n")
    };
    let back = start(&flowers(), &swapped, changes.clone());
    // Its folder stays: it may be a mount point, which no one renames.
    let aside = "\n  now=$(date +%Y%m%dT%H%M%S)\n  \
                 [ ! -e /data/etcd/member ] || mv -T /data/etcd/member /data/etcd/member.$now\n  \
                 rm -f /opt/etcd/certs.pink.started\n";
    assert!(back.contains(aside), "{back}");
    // A log elsewhere gives way as well.
    let logs = with(flowers(), "wal-dir", "/wal/etcd");
    let back_with_log = start(&logs, &swapped, changes.clone());
    assert!(back_with_log.contains("mv -T \"$log\" \"$log\".$now"), "{back_with_log}");
    // Without TLS the mark is elsewhere.
    let mut plain = flowers();
    plain.members.get_mut("pink").unwrap().options.retain(|name, _| !name.ends_with("-file"));
    let back = start(&plain, &swapped, changes);
    assert!(back.contains("\n  rm -f /var/lib/etcd-2380.pink.started\n"), "{back}");
    // Of another machine nobody knows what is there.
    let more =
        cluster(&[("camellia", 100), ("daffodil", 103), ("orange", 101), ("pink", 102)], &["root"]);
    let added = Change {
        subject: Subject::Member("camellia".into()),
        what: What::Added,
        class: Class::AskEtcd,
    };
    let new = start(&flowers(), &more, vec![added]);
    assert!(!new.contains("mv -T") && !new.contains(".started"), "{new}");
}

/// `snapshot save` ends well on a member that is cut off, with what was there before it was.
#[test]
fn a_member_is_asked_whether_it_is_current_before_a_snapshot_of_it() {
    let restored = planned(&of_version(flowers(), "3.5.33"), &of_version(flowers(), "3.7.3"));
    let typed = commands(&restored.steps);
    let lines: Vec<&str> = typed.lines().collect();
    let save = lines.iter().position(|line| line.contains("snapshot save")).expect("a snapshot");
    assert!(lines[save - 1].contains("-- endpoint health && sleep 5 && "), "{typed}");
    // Where the plan removes a member that is dead, a wait for all would never end.
    let upgrade = planned(&of_version(flowers(), "3.5.33"), &of_version(flowers(), "3.5.34"));
    assert_snapshot!(commands(&upgrade.steps[..1]), @r#"
    == snapshot of daffodil
    until bouquet etcdctl daffodil -- endpoint health; do sleep 2; done &&
    until bouquet etcdctl daffodil -- snapshot save "$HOME/before-$(date +%Y%m%dT%H%M%S).db"; do sleep 2; done
    "#);
}

/// Returns five members, of whom two are on one machine, where no unit starts them.
fn five(version: &str) -> Running {
    let members = [("a", 1), ("b", 2), ("c", 3), ("d", 4), ("e", 4)];
    let mut running = of_version(cluster(&members, &["root"]), version);
    let shared = running.members.get_mut("e").expect("a member");
    for text in shared.options.values_mut() {
        *text = text.replace(":2380", ":2390").replace(":2379", ":2389");
    }
    shared.options.insert("data-dir".into(), "/data/e".into());
    settle(&mut running);
    running
}

#[test]
fn nothing_is_restored_before_those_that_are_seen_to_by_hand_were_stopped_too() {
    let plan = planned(&five("3.5.33"), &five("3.7.3"));
    let commands = &plan.steps[0].commands;
    assert!(commands[0].starts_with("stopped=no saved=no file="), "{}", commands[0]);
    assert!(commands[0].ends_with("snapshot save \"$file\" &&\nsaved=yes"), "{}", commands[0]);
    let by_hand = [("d", "/data/etcd"), ("e", "/data/e")];
    let by_hand =
        by_hand.map(|(name, data)| format!("# on {name}: stop etcd, and move {data} aside"));
    assert_eq!(commands[1..3], by_hand);
    let stops = "systemctl stop etcd\n  now=$(date +%Y%m%dT%H%M%S)\n  \
                 [ ! -e /data/etcd/member ] || mv -T /data/etcd/member /data/etcd/member.$now'";
    let expected = ["[ \"$saved\" = yes ]".to_owned()].into_iter();
    let expected =
        expected.chain(["d", "e"].map(|name| {
            format!("while bouquet etcdctl {name} -- endpoint status; do sleep 2; done")
        }));
    let expected = expected
        .chain([1, 2, 3].map(|last| format!("ssh -n root@192.168.65.{last} 'set -e\n  {stops}")));
    let expected: Vec<String> = expected.chain(["stopped=yes".to_owned()]).collect();
    assert_eq!(commands[3], expected.join(" &&\n"));
}

#[test]
fn those_that_are_seen_to_by_hand_are_stopped_first_and_started_last() {
    let before = with(five("3.5.33"), "tls-max-version", "TLS1.2");
    let plan = planned(&before, &with(five("3.5.33"), "tls-min-version", "TLS1.3"));
    let commands = &plan.steps[0].commands;
    assert_eq!(commands[..2], ["# on d: stop etcd", "# on e: stop etcd"]);
    // Those of the other machines are one chain, with what comes first for the two.
    let chain = &commands[2];
    assert_eq!(chain.matches("systemctl stop etcd").count(), 3, "{chain}");
    assert_eq!(chain.matches("systemctl start --no-block etcd").count(), 3, "{chain}");
}
