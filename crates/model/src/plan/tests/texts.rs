//! Plans as they come out, for a person to read.

use super::cluster::{
    cluster, commands, flowers, lines, of_version, planned, readdressed, settle, with,
};
use crate::plan::{Action, Look};
use insta::assert_snapshot;

#[test]
fn nothing_is_planned_from_a_cluster_to_itself() {
    let plan = planned(&flowers(), &flowers());
    assert_eq!((plan.changes, plan.steps), (Vec::new(), Vec::new()));
}

#[test]
fn an_option_takes_one_restart_after_another() {
    let after = with(flowers(), "snapshot-count", "5000");
    let plan = planned(&flowers(), &after);
    assert_snapshot!(lines(&plan.steps), @"
    see who leads: 3 2 1
    restart daffodil: 3 2 0
    restart orange: 3 2 0
    restart pink: 3 2 0
    record it: 3 2 1
    ");
    assert_snapshot!(commands(&plan.steps[1..2]), @r#"
    == restart daffodil
    until bouquet etcdctl -- endpoint health; do sleep 2; done &&
    ssh -n root@192.168.65.103 rm -rf /root/etcd-daffodil &&
    scp -r out/members/daffodil root@192.168.65.103:/root/etcd-daffodil &&
    ssh -n root@192.168.65.103 'set -e
      trap "rm -r /root/etcd-daffodil" EXIT
      install -m 0644 /root/etcd-daffodil/etcd.service /etc/systemd/system/etcd.service
      rm -f /etc/systemd/system/etcd.service.d/10-join.conf
      systemctl daemon-reload
      systemctl restart etcd' &&
    until bouquet etcdctl -- endpoint health && sleep 5 && bouquet etcdctl -- endpoint health; do sleep 2; done
    "#);
}

#[test]
fn a_member_is_added_as_a_learner_and_installed_before_it_votes() {
    let after =
        cluster(&[("camellia", 100), ("daffodil", 103), ("orange", 101), ("pink", 102)], &["root"]);
    let plan = planned(&flowers(), &after);
    assert_snapshot!(lines(&plan.steps), @"
    add camellia as learner: 3 2 1
    install and start camellia: 3 2 1
    promote camellia: 4 3 1
    client root: camellia in: 4 3 1
    record it: 4 3 1
    ");
    assert_snapshot!(commands(&plan.steps), @r#"
    == add camellia as learner
    ssh -n root@192.168.65.100 'etcd --version | grep -Fx "etcd Version: 3.5.33" || { echo "etcd 3.5.33 is not installed here" >&2; exit 1; }' &&
    until bouquet etcdctl -- endpoint health --endpoints=https://192.168.65.101:2379,https://192.168.65.102:2379,https://192.168.65.103:2379 && sleep 5 && bouquet etcdctl -- endpoint health --endpoints=https://192.168.65.101:2379,https://192.168.65.102:2379,https://192.168.65.103:2379; do sleep 2; done &&
    bouquet etcdctl daffodil -- member add camellia --learner --peer-urls=https://192.168.65.100:2380
    == install and start camellia
    until bouquet etcdctl daffodil -- member list | grep -F ', https://192.168.65.100:2380, '; do sleep 2; done &&
    ssh -n root@192.168.65.100 rm -rf /root/etcd-camellia &&
    scp -r out/members/camellia root@192.168.65.100:/root/etcd-camellia &&
    ssh -n root@192.168.65.100 'set -e
      trap "rm -r /root/etcd-camellia" EXIT
      systemctl disable --now etcd || true
      id etcd || useradd --system --user-group --home-dir /nonexistent --shell /usr/sbin/nologin etcd
      [ -d /opt/etcd/certs ] || install -d -m 0700 -o etcd -g etcd /opt/etcd/certs
      install -C -m 0600 -o etcd -g etcd /root/etcd-camellia/certs/* /opt/etcd/certs/
      install -m 0644 /root/etcd-camellia/etcd.service /etc/systemd/system/etcd.service
      rm -f /etc/systemd/system/etcd.service.d/10-join.conf
      systemctl daemon-reload
      systemctl enable --now etcd' &&
    until bouquet etcdctl camellia -- endpoint status -w json | grep -q '"isLearner":true'; do sleep 2; done
    == promote camellia
    id=$(bouquet etcdctl daffodil -- member list | grep -F ', https://192.168.65.100:2380, ' | cut -d, -f1) &&
    bouquet etcdctl daffodil -- member promote "$id" &&
    until bouquet etcdctl -- endpoint health && sleep 5 && bouquet etcdctl -- endpoint health; do sleep 2; done
    == client root: camellia in
    # HOST: each machine of root
    scp out/clients/root/* root@HOST:/etc/root/
    == record it
    until bouquet etcdctl -- endpoint health; do sleep 2; done &&
    bouquet done &&
    git commit -m 'Record what runs' cluster.toml cluster.lock
    "#);
}

#[test]
fn one_for_one_adds_first_and_joins_with_the_list_as_it_is() {
    let after = cluster(&[("camellia", 100), ("orange", 101), ("pink", 102)], &["root"]);
    let plan = planned(&flowers(), &after);
    assert_snapshot!(lines(&plan.steps), @"
    snapshot of orange: 3 2 1
    add camellia as learner: 3 2 1
    install and start camellia: 3 2 1
    promote camellia: 4 3 1
    client root: camellia in, daffodil out: 4 3 1
    remove daffodil: 3 2 1
    stop daffodil for good: 3 2 1
    record it: 3 2 1
    ");
    let start = plan.steps.iter().find(|step| matches!(step.action, Action::Start(_))).unwrap();
    assert_snapshot!(start.commands.join("\n"), @r#"
    until bouquet etcdctl orange -- member list | grep -F ', https://192.168.65.100:2380, '; do sleep 2; done &&
    ssh -n root@192.168.65.100 rm -rf /root/etcd-camellia &&
    scp -r out/members/camellia root@192.168.65.100:/root/etcd-camellia &&
    ssh -n root@192.168.65.100 'set -e
      trap "rm -r /root/etcd-camellia" EXIT
      systemctl disable --now etcd || true
      id etcd || useradd --system --user-group --home-dir /nonexistent --shell /usr/sbin/nologin etcd
      [ -d /opt/etcd/certs ] || install -d -m 0700 -o etcd -g etcd /opt/etcd/certs
      install -C -m 0600 -o etcd -g etcd /root/etcd-camellia/certs/* /opt/etcd/certs/
      install -m 0644 /root/etcd-camellia/etcd.service /etc/systemd/system/etcd.service
      sed -i "s|--initial-cluster=[^ ]*|--initial-cluster=daffodil=https://192.168.65.103:2380,orange=https://192.168.65.101:2380,pink=https://192.168.65.102:2380,camellia=https://192.168.65.100:2380|" /etc/systemd/system/etcd.service
      rm -f /etc/systemd/system/etcd.service.d/10-join.conf
      systemctl daemon-reload
      systemctl enable --now etcd' &&
    until bouquet etcdctl camellia -- endpoint status -w json | grep -q '"isLearner":true'; do sleep 2; done
    "#);
    let remove = plan.steps.iter().position(|step| matches!(step.action, Action::Remove(_)));
    assert_snapshot!(commands(&plan.steps[remove.unwrap()..][..2]), @r#"
    == remove daffodil
    until bouquet etcdctl -- endpoint health --endpoints=https://192.168.65.100:2379,https://192.168.65.101:2379,https://192.168.65.102:2379,https://192.168.65.103:2379 && sleep 5 && bouquet etcdctl -- endpoint health --endpoints=https://192.168.65.100:2379,https://192.168.65.101:2379,https://192.168.65.102:2379,https://192.168.65.103:2379; do sleep 2; done &&
    { bouquet etcdctl -- move-leader fd422379fda50e48 --endpoints=https://192.168.65.103:2379 || true; } &&
    bouquet etcdctl orange -- member remove 8e9e05c52164694d &&
    bouquet etcdctl orange -- put bouquet/plan done &&
    bouquet etcdctl orange -- del bouquet/plan
    == stop daffodil for good
    until list=$(bouquet etcdctl orange -- member list) && ! echo "$list" | grep -F ', https://192.168.65.103:2380, '; do sleep 2; done &&
    ssh -n root@192.168.65.103 systemctl disable --now etcd
    "#);
}

#[test]
fn another_address_is_told_to_the_list_before_the_member_is_found_there() {
    let after = readdressed(flowers(), "pink", 112);
    let plan = planned(&flowers(), &after);
    assert_snapshot!(lines(&plan.steps), @"
    client root: 3 2 1
    re-address pink: 3 2 0
    record it: 3 2 1
    ");
    let step = plan.steps.iter().position(|step| matches!(step.action, Action::Readdress(_)));
    assert_snapshot!(commands(&plan.steps[step.unwrap()..][..1]), @r#"
    == re-address pink
    # the machine of pink has the address 192.168.65.112 already, besides 192.168.65.102
    until bouquet etcdctl -- endpoint health --endpoints=https://192.168.65.101:2379,https://192.168.65.102:2379,https://192.168.65.103:2379; do sleep 2; done &&
    id=$(bouquet etcdctl daffodil -- member list | grep -F ', https://192.168.65.102:2380, ' | cut -d, -f1) &&
    bouquet etcdctl daffodil -- member update "$id" --peer-urls=https://192.168.65.112:2380 &&
    ssh -n root@192.168.65.112 rm -rf /root/etcd-pink &&
    scp -r out/members/pink root@192.168.65.112:/root/etcd-pink &&
    ssh -n root@192.168.65.112 'set -e
      trap "rm -r /root/etcd-pink" EXIT
      cp -aT /opt/etcd/certs/ /opt/etcd/certs.new
      install -C -m 0600 -o etcd -g etcd /root/etcd-pink/certs/* /opt/etcd/certs.new/
      mv -T /opt/etcd/certs /opt/etcd/certs.$(date +%Y%m%dT%H%M%S)
      mv -T /opt/etcd/certs.new /opt/etcd/certs
      systemctl stop etcd
      install -m 0644 /root/etcd-pink/etcd.service /etc/systemd/system/etcd.service
      rm -f /etc/systemd/system/etcd.service.d/10-join.conf
      systemctl daemon-reload
      systemctl start etcd' &&
    until bouquet etcdctl -- endpoint health && sleep 5 && bouquet etcdctl -- endpoint health; do sleep 2; done
    "#);
}

#[test]
fn a_quota_that_is_raised_ends_with_the_disarm() {
    let before = with(flowers(), "quota-backend-bytes", "2147483648");
    let after = with(flowers(), "quota-backend-bytes", "8589934592");
    let plan = planned(&before, &after);
    let last: Vec<&Action> = plan.steps.iter().rev().take(2).map(|step| &step.action).collect();
    assert_eq!(last, [&Action::Record, &Action::Disarm]);
    let disarm = &plan.steps[plan.steps.len() - 2];
    assert_snapshot!(disarm.commands.join("\n"), @r#"
    list=$(bouquet etcdctl daffodil -- alarm list) && ! echo "$list" | grep CORRUPT &&
    bouquet etcdctl daffodil -- alarm disarm &&
    bouquet etcdctl daffodil -- put bouquet/plan done &&
    bouquet etcdctl daffodil -- del bouquet/plan
    "#);
    // And one that is lowered begins with a look at what is there.
    let plan = planned(&after, &before);
    assert_eq!(plan.steps[0].action, Action::Look(Look::Sizes));
    assert!(plan.steps[0].notes[0].contains("2147483648"), "{:?}", plan.steps[0].notes);
}

#[test]
fn an_upgrade_looks_and_saves_first() {
    let plan = planned(&of_version(flowers(), "3.5.33"), &of_version(flowers(), "3.6.16"));
    assert_snapshot!(lines(&plan.steps), @"
    see whether all may be upgraded: 3 2 1
    snapshot of daffodil: 3 2 1
    see who leads: 3 2 1
    upgrade daffodil to 3.6.16: 3 2 0
    upgrade orange to 3.6.16: 3 2 0
    upgrade pink to 3.6.16: 3 2 0
    record it: 3 2 1
    ");
    assert_snapshot!(commands(&plan.steps[..2]), @r#"
    == see whether all may be upgraded
    bouquet etcdctl -- endpoint status -w table
    ssh -n root@192.168.65.103 'journalctl -u etcd | grep '\''Removing zombie member from v3store'\'''
    ssh -n root@192.168.65.101 'journalctl -u etcd | grep '\''Removing zombie member from v3store'\'''
    ssh -n root@192.168.65.102 'journalctl -u etcd | grep '\''Removing zombie member from v3store'\'''
    ssh -n root@192.168.65.103 etcdutl check v2store --data-dir /data/etcd
    ssh -n root@192.168.65.101 etcdutl check v2store --data-dir /data/etcd
    ssh -n root@192.168.65.102 etcdutl check v2store --data-dir /data/etcd
    == snapshot of daffodil
    until bouquet etcdctl daffodil -- endpoint health; do sleep 2; done &&
    until bouquet etcdctl daffodil -- snapshot save "$HOME/before-$(date +%Y%m%dT%H%M%S).db"; do sleep 2; done
    "#);
    assert_snapshot!(commands(&plan.steps[3..4]), @r#"
    == upgrade daffodil to 3.6.16
    until bouquet etcdctl -- endpoint health; do sleep 2; done &&
    ssh -n root@192.168.65.103 systemctl stop etcd
    # on daffodil: install etcd 3.6.16
    ssh -n root@192.168.65.103 rm -rf /root/etcd-daffodil &&
    scp -r out/members/daffodil root@192.168.65.103:/root/etcd-daffodil &&
    ssh -n root@192.168.65.103 'set -e
      trap "rm -r /root/etcd-daffodil" EXIT
      etcd --version | grep -Fx "etcd Version: 3.6.16" || { echo "etcd 3.6.16 is not installed here" >&2; exit 1; }
      ! systemctl is-active etcd | grep -qx -e active -e activating -e reloading || { echo "nothing was changed: etcd runs, and is to be stopped first" >&2; exit 1; }
      install -m 0644 /root/etcd-daffodil/etcd.service /etc/systemd/system/etcd.service
      rm -f /etc/systemd/system/etcd.service.d/10-join.conf
      systemctl daemon-reload
      systemctl start etcd' &&
    until bouquet etcdctl -- endpoint health && sleep 5 && bouquet etcdctl -- endpoint health; do sleep 2; done
    "#);
}

#[test]
fn of_one_or_two_members_it_is_said_that_writes_stop() {
    for (members, said) in [
        (&[("orange", 101)][..], "the only member: nothing answers until it is back"),
        (&[("orange", 101), ("pink", 102)][..], "one of two members: no write succeeds"),
    ] {
        let before = cluster(members, &[]);
        let plan = planned(&before, &with(before.clone(), "snapshot-count", "5000"));
        let restarts = plan.steps.iter().filter(|s| matches!(s.action, Action::Restart(_)));
        for step in restarts {
            assert_eq!(step.counts.tolerates(), None);
            assert!(step.notes.iter().any(|note| note.starts_with(said)), "{:?}", step.notes);
        }
    }
}

#[test]
fn a_promotion_out_of_a_single_voter_is_said() {
    let before = cluster(&[("orange", 101)], &[]);
    let plan = planned(&before, &cluster(&[("orange", 101), ("pink", 102)], &[]));
    let promote = plan.steps.iter().find(|s| matches!(s.action, Action::Promote(_))).unwrap();
    assert_eq!(promote.counts.tolerates(), Some(0));
    assert!(promote.notes[0].contains("both members are needed"), "{:?}", promote.notes);
}

/// A founder that was never recorded is in the list already.
#[test]
fn a_late_founder_is_started_and_not_added() {
    let mut before = flowers();
    let after = with(flowers(), "initial-cluster-state", "new");
    before.members.remove("pink");
    let plan = planned(&before, &after);
    let actions: Vec<String> = plan.steps.iter().map(|step| step.action.to_string()).collect();
    assert_eq!(actions[0], "install and start pink");
    assert_eq!((plan.steps[0].counts.voters, plan.steps[0].counts.up), (3, 2));
    assert!(!actions.iter().any(|action| action.starts_with("add")), "{actions:?}");
}

/// Where an address, a path or the program is odd, the shell is handed it in quotes.
#[test]
fn odd_words_are_quoted() {
    let mut before = cluster(&[("orange", 101)], &["root"]);
    for (option, text) in [
        ("initial-advertise-peer-urls", "https://[fd00::1]:2380"),
        ("advertise-client-urls", "https://[fd00::1]:2379"),
        ("cert-file", "/opt/it's mine/server.crt"),
    ] {
        before.members.get_mut("orange").unwrap().options.insert(option.into(), text.into());
    }
    settle(&mut before);
    let mut after = before.clone();
    let orange = after.members.get_mut("orange").unwrap();
    orange.certificates.insert(crate::certificate::Kind::Server, "2".into());
    let plan = planned(&before, &after);
    assert_snapshot!(commands(&plan.steps[..1]), @r#"
    == files to orange
    ssh -n root@fd00::1 rm -rf /root/etcd-orange &&
    scp -r out/members/orange 'root@[fd00::1]:/root/etcd-orange' &&
    ssh -n root@fd00::1 'set -e
      trap "rm -r /root/etcd-orange" EXIT
      cp -aT '\''/opt/it'\''\'\'''\''s mine/'\'' '\''/opt/it'\''\'\'''\''s mine.new'\''
      install -C -m 0600 -o etcd -g etcd /root/etcd-orange/certs/* '\''/opt/it'\''\'\'''\''s mine.new'\''/
      mv -T '\''/opt/it'\''\'\'''\''s mine'\'' '\''/opt/it'\''\'\'''\''s mine'\''.$(date +%Y%m%dT%H%M%S)
      mv -T '\''/opt/it'\''\'\'''\''s mine.new'\'' '\''/opt/it'\''\'\'''\''s mine'\'''
    "#);
}

#[test]
fn a_client_port_that_changes_on_all_leaves_no_client_without_an_endpoint() {
    let mut after = flowers();
    for member in after.members.values_mut() {
        for option in ["listen-client-urls", "advertise-client-urls"] {
            let text = member.options[option].replace(":2379", ":3379");
            member.options.insert(option.into(), text);
        }
    }
    settle(&mut after);
    let plan = planned(&flowers(), &after);
    assert_snapshot!(lines(&plan.steps), @"
    client root: former and new endpoints: 3 2 1
    see who leads: 3 2 1
    restart daffodil: 3 2 0
    restart orange: 3 2 0
    restart pink: 3 2 0
    client root: 3 2 1
    record it: 3 2 1
    ");
    let first = plan.steps.iter().find(|step| matches!(step.action, Action::Clients { .. }));
    assert_snapshot!(first.unwrap().commands.join("\n"), @"
    # on each machine of root: let it dial these, and restart it
    # https://192.168.65.103:2379,https://192.168.65.101:2379,https://192.168.65.102:2379,https://192.168.65.103:3379,https://192.168.65.101:3379,https://192.168.65.102:3379
    ");
}

/// One has more than it is to have, and two have less.
#[test]
fn a_quota_that_is_lowered_for_one_and_raised_for_others_is_looked_at_and_disarmed() {
    let mut before = with(flowers(), "quota-backend-bytes", "2147483648");
    let first = before.members.get_mut("daffodil").unwrap();
    first.options.insert("quota-backend-bytes".into(), "8589934592".into());
    let plan = planned(&before, &with(flowers(), "quota-backend-bytes", "4294967296"));
    assert_eq!(plan.steps[0].action, Action::Look(Look::Sizes));
    assert!(plan.steps[0].notes[0].contains("4294967296"), "{:?}", plan.steps[0].notes);
    assert!(plan.steps.iter().any(|step| step.action == Action::Disarm));
}
