//! What no plan has steps for, and what takes its place.

use super::cluster::{
    cluster, commands, flowers, lines, of_version, planned, readdressed, told, with,
};
use super::timing::plain;
use crate::plan::{Plan, Step, Word};
use crate::running::Running;
use crate::trust::Trust;
use insta::assert_snapshot;

/// Why there are no steps.
fn why(before: &Running, after: &Running) -> String {
    let plan = planned(before, after);
    assert_eq!(plan.steps, [], "{:?}", plan.withheld);
    let [one] = plan.withheld.as_slice() else { panic!("{:?}", plan.withheld) };
    assert!(!one.way.is_empty());
    one.why.clone()
}

fn count(plan: &Plan, word: Word) -> usize {
    plan.steps.iter().filter(|step| step.action.word() == word).count()
}

fn of_cas(mut running: Running, issue: u32, trust: &[u32]) -> Running {
    let trust = Some(Trust { issue, trust: trust.to_vec().into() });
    for member in running.members.values_mut() {
        (member.clients, member.peers) = (trust.clone(), trust.clone());
    }
    for client in running.clients.values_mut() {
        client.trust.clone_from(&trust);
    }
    running
}

#[test]
fn another_ca_in_one_step_stops_all_members_before_any_gets_its_files() {
    let plan = planned(&flowers(), &of_cas(flowers(), 2, &[2]));
    assert_snapshot!(lines(&plan.steps), @"
    stop daffodil: 3 2 0
    stop orange: 3 2 stops
    stop pink: 3 2 stops
    files to daffodil: 3 2 stops
    files to orange: 3 2 stops
    files to pink: 3 2 stops
    client root: 3 2 stops
    start daffodil: 3 2 stops
    start orange: 3 2 stops
    start pink: 3 2 0
    record it: 3 2 1
    ");
    // The certificates of the new CA are refused before, and a start waits for the others.
    assert_snapshot!(told(&plan.steps[..1]), @"
    == stop daffodil
    ssh -n root@192.168.65.103 systemctl stop etcd
    ");
    assert_snapshot!(told(&plan.steps[7..10]), @"
    == start daffodil
    ssh -n root@192.168.65.103 systemctl start --no-block etcd
    == start orange
    ssh -n root@192.168.65.101 systemctl start --no-block etcd
    == start pink
    ssh -n root@192.168.65.102 systemctl start --no-block etcd &&
    until bouquet etcdctl -- endpoint health && sleep 5 && bouquet etcdctl -- endpoint health; do sleep 2; done
    ");
    let said = |step: &Step| step.notes.iter().any(|note| note.contains("nobody is served"));
    assert!(plan.steps[2..8].iter().all(said), "{:?}", plan.steps);
}

#[test]
fn handshakes_that_would_fail_stop_all_members_too() {
    let before = with(flowers(), "tls-max-version", "TLS1.2");
    let plan = planned(&before, &with(flowers(), "tls-min-version", "TLS1.3"));
    assert_eq!([Word::Stop, Word::Copy, Word::Resume].map(|word| count(&plan, word)), [3, 3, 3]);
    assert_eq!(count(&plan, Word::Restart), 0);
}

#[test]
fn a_minor_that_is_skipped_or_gone_back_to_is_done_by_a_person() {
    for (from, to) in
        [("3.4.23", "3.6.16"), ("3.5.33", "3.7.3"), ("3.7.3", "3.6.16"), ("3.5.33", "3.4.23")]
    {
        let (before, after) = (of_version(flowers(), from), of_version(flowers(), to));
        let why = why(&before, &after);
        assert!(why.contains(&format!("etcd {from} → {to} is done by a person")), "{why}");
        let way = &planned(&before, &after).withheld[0].way;
        assert!(way.contains("restore that one file on each"), "{way}");
    }
    let forced = with(flowers(), "force-new-cluster", "true");
    assert!(planned(&flowers(), &forced).withheld[0].way.contains("on one member"));
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
    // As long as one was not upgraded, etcd has nothing to lead back.
    let mut half = before;
    half.members.insert("pink".into(), after.members["pink"].clone());
    assert_eq!(count(&planned(&half, &after), Word::Announce), 0);
}

#[test]
fn a_name_that_two_members_have_withholds_all_steps() {
    // pink becomes tulip, and another one is pink.
    let again =
        cluster(&[("daffodil", 103), ("orange", 101), ("pink", 110), ("tulip", 102)], &["root"]);
    assert_snapshot!(why(&flowers(), &again), @"pink is to be tulip, and two members have the name pink, one now and one then");
    // Each has the name of the next one.
    let chain = cluster(&[("orange", 103), ("pink", 101), ("tulip", 102)], &["root"]);
    assert!(why(&flowers(), &chain).contains("two members have the name"));
    // One that goes has the name of one that stays.
    let taken = cluster(&[("daffodil", 102), ("orange", 101)], &["root"]);
    assert!(why(&flowers(), &taken).contains("two members have the name"));
}

#[test]
fn one_that_joins_on_the_machine_of_another_withholds_all_steps() {
    let mut after = cluster(&[("daffodil", 103), ("pink", 102), ("tulip", 101)], &["root"]);
    let tulip = after.members.get_mut("tulip").unwrap();
    for text in tulip.options.values_mut() {
        *text = text.replace(":2380", ":2390");
    }
    super::cluster::settle(&mut after);
    assert_snapshot!(why(&flowers(), &after), @"tulip is new at 192.168.65.101, where orange runs: its unit would take the place of that of orange");
}

#[test]
fn addresses_that_go_round_withhold_all_steps() {
    let mut after = readdressed(readdressed(flowers(), "orange", 102), "pink", 101);
    for text in after.members.values_mut().flat_map(|member| member.options.values_mut()) {
        *text = text.replace(":2380", ":2390");
    }
    assert_snapshot!(why(&flowers(), &after), @"orange is to be at 192.168.65.102, which pink has until then, and cannot leave before");
}

#[test]
fn what_contradicts_each_other_is_done_apart() {
    let three = flowers();
    let four =
        cluster(&[("camellia", 100), ("daffodil", 103), ("orange", 101), ("pink", 102)], &["root"]);
    let renamed = cluster(&[("daffodil", 103), ("orange", 101), ("tulip", 102)], &["root"]);
    let slow = |running: Running| {
        with(with(running, "heartbeat-interval", "500"), "election-timeout", "5000")
    };
    let quick = |running: Running| {
        with(with(running, "heartbeat-interval", "100"), "election-timeout", "1000")
    };
    for (before, after, said) in [
        (
            plain(three.clone()),
            four.clone(),
            "another scheme of peers goes apart from members that come",
        ),
        (
            plain(three.clone()),
            readdressed(three.clone(), "pink", 112),
            "from members at other addresses",
        ),
        (plain(three.clone()), renamed.clone(), "from members under other names"),
        (three.clone(), of_version(plain(three.clone()), "3.6.16"), "from another etcd"),
        (
            plain(three.clone()),
            with(three.clone(), "data-dir", "/srv"),
            "from data in other folders",
        ),
        (slow(three.clone()), quick(four.clone()), "timeouts that change in two rounds"),
        (three.clone(), of_cas(four.clone(), 2, &[2]), "all members are stopped at once"),
        (
            of_version(three.clone(), "3.6.16"),
            of_version(renamed, "3.5.33"),
            "the way back to an earlier etcd",
        ),
        (
            three.clone(),
            of_version(readdressed(three.clone(), "pink", 112), "3.5.34"),
            "another etcd goes apart",
        ),
    ] {
        assert!(why(&before, &after).contains(said), "{}", why(&before, &after));
    }
}

#[test]
fn one_that_the_others_would_refuse_does_not_join() {
    let new = || cluster(&[("camellia", 100), ("tulip", 110)], &["root"]);
    assert!(why(&plain(flowers()), &new()).contains("another scheme or other CAs"));
    assert!(why(&flowers(), &of_cas(new(), 2, &[2])).contains("another scheme or other CAs"));
    for (from, to) in [("3.4.23", "3.6.16"), ("3.6.16", "3.5.33")] {
        let said = why(&of_version(flowers(), from), &of_version(new(), to));
        assert!(said.contains("cannot join members that run"), "{said}");
    }
}

#[test]
fn a_folder_is_not_moved_into_itself() {
    let at = |folder: &str| with(flowers(), "data-dir", folder);
    for (from, to) in [("/data", "/data/x"), ("/data/x", "/data")] {
        assert!(why(&at(from), &at(to)).contains("one is inside the other"));
    }
    assert_eq!(planned(&at("/data"), &at("/data2")).withheld, []);
    // What is right below the root has no folder above it that could be missing.
    let plan = planned(&at("/srv/etcd"), &at("/data"));
    let typed = commands(&plan.steps);
    assert!(
        typed.contains("mv -T /srv/etcd /data ")
            && !typed.contains("install -d -m 0700 -o etcd -g etcd ''")
    );
    // A log that is in the data folder goes with it, and stays where it is to be.
    let plan = planned(
        &with(at("/data"), "wal-dir", "/data/wal"),
        &with(at("/srv"), "wal-dir", "/data/wal"),
    );
    assert!(
        commands(&plan.steps).contains("mv -T /srv/wal /data/wal "),
        "{}",
        commands(&plan.steps)
    );
}
