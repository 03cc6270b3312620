//! What no plan has steps for, and what takes its place.

use super::cluster::{cluster, commands, flowers, of_cas, of_version, planned, readdressed, with};
use super::timing::plain;
use crate::running::Running;
use insta::assert_snapshot;

/// Returns why there are no steps.
fn why(before: &Running, after: &Running) -> String {
    let plan = planned(before, after);
    assert_eq!(plan.steps, [], "{:?}", plan.withheld);
    let [one] = plan.withheld.as_slice() else { panic!("{:?}", plan.withheld) };
    assert!(!one.way.is_empty());
    one.why.clone()
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
            "from data that goes to other folders, or to another account",
        ),
        (slow(three.clone()), quick(four.clone()), "timeouts that change in two rounds"),
        (three.clone(), of_cas(four.clone(), 2, &[2]), "all members are stopped at once"),
        (
            with(three.clone(), "quota-backend-bytes", "8589934592"),
            of_cas(with(three.clone(), "quota-backend-bytes", "4294967296"), 2, &[2]),
            "from a lower quota",
        ),
        (
            of_version(three.clone(), "3.6.16"),
            of_version(renamed, "3.5.33"),
            "the way back to an earlier etcd",
        ),
        (
            three.clone(),
            of_version(readdressed(three.clone(), "pink", 112), "3.7.3"),
            "an etcd that starts on a snapshot goes apart from members at other addresses",
        ),
        (
            three.clone(),
            of_version(readdressed(three.clone(), "pink", 112), "3.5.34"),
            "another etcd goes apart",
        ),
        (
            three.clone(),
            of_version(four, "3.5.34"),
            "another etcd goes apart from members that come",
        ),
        (
            three.clone(),
            of_version(cluster(&[("daffodil", 103), ("orange", 101)], &["root"]), "3.6.16"),
            "another etcd goes apart from members that go",
        ),
        (
            of_version(three, "3.6.16"),
            of_version(cluster(&[("daffodil", 103), ("orange", 101)], &["root"]), "3.5.33"),
            "the way back to an earlier etcd goes apart from members that go",
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
    let old = with(flowers(), "tls-max-version", "TLS1.2");
    let said = why(&old, &with(new(), "tls-min-version", "TLS1.3"));
    assert!(said.contains("or no version of TLS in common"), "{said}");
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
