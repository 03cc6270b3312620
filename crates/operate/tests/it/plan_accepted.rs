//! `plan` and `diff` of what a build refuses, and of what is accepted.

use crate::common::flowers;
use crate::common::recorded::{accepting, ask, lock, recorded};
use bouquet_model::Cluster;
use bouquet_model::cluster::Setting;
use bouquet_model::option::Value;
use bouquet_operate::Exit;
use std::borrow::Cow;

/// The flowers with another `data-dir` on one member.
fn moved() -> Cluster {
    let mut elsewhere = flowers::CLUSTER.clone();
    let orange = elsewhere.members.to_mut().iter_mut().find(|m| m.name.as_str() == "orange");
    let data = Setting { name: "data-dir", value: Value::text("/srv/etcd") };
    orange.unwrap().options = Cow::Owned(vec![data]);
    elsewhere
}

/// The same danger is told once.
#[test]
fn what_is_accepted_of_all_members_is_one_line() {
    let mut moved = flowers::CLUSTER.clone();
    for member in moved.members.to_mut() {
        let setting = Setting { name: "wal-dir", value: Value::Text("/wal/etcd".into()) };
        member.options.to_mut().push(setting);
    }
    let words = ["daffodil", "orange", "pink"].map(|name| format!("{name}.wal-dir = /wal/etcd"));
    let moved = accepting(moved, &words);
    let outcome = ask(&recorded(&flowers::CLUSTER), &moved, &["plan", "--offline"]);
    let accepted: Vec<&str> =
        outcome.stdout.lines().filter(|line| line.contains("accepted:")).collect();
    assert_eq!(accepted.len(), 1, "{accepted:?}");
    assert!(accepted[0].contains("3 members: "), "{accepted:?}");
}

/// A build refuses it of what is recorded now, whatever was recorded when this program was built.
#[test]
fn what_is_refused_comes_first_with_the_words_that_accept_it_and_has_no_steps() {
    let world = recorded(&flowers::CLUSTER);
    let outcome = ask(&world, &moved(), &["plan", "--offline"]);
    assert_eq!(outcome.exit, Exit::Failed);
    insta::assert_snapshot!(outcome.stdout, @r#"
    etcd-cluster-1 cdf818194e3a8c32 · 3 voters, quorum 2, tolerates 1
    definition 4f1c0b2ad0e1f233 (git 8d0a7b1c2d3e) · etcd 3.5
    refused: orange: data-dir /data/etcd → /srv/etcd
        note: the member starts on a folder without its data: `member … has already
              been bootstrapped`, or the panic `tocommit(…) is out of range
              [lastIndex(0)]`; all of them at once begin an empty cluster, which
              looks healthy (seen on 3.4.23 and 3.6.16)
        help: write the former folder again
        help: accept it, and move the data with `mv`, one member at a time, while it
              is stopped
        help: to accept it, write under `[cluster]`: accept = ["orange.data-dir = /srv/etcd"]
    orange: heartbeat-interval 250 → nothing
    "#);
}

/// What the program was built with counts, whatever it is compared with.
#[test]
fn what_was_accepted_has_steps_in_every_comparison() {
    let mut world = recorded(&flowers::CLUSTER);
    world.commits.insert("main", lock(&flowers::CLUSTER));
    let cluster = accepting(moved(), &["orange.data-dir = /srv/etcd"]);
    for line in [&["plan", "--offline"][..], &["diff", "main"]] {
        let outcome = ask(&world, &cluster, line);
        assert_eq!(outcome.exit, Exit::Pending, "{}", outcome.stdout);
        assert!(outcome.stdout.contains("accepted: orange: data-dir"), "{}", outcome.stdout);
        assert!(outcome.stdout.contains("mv -T /data/etcd /srv/etcd"), "{}", outcome.stdout);
    }
}

/// TOML has each key of a table once.
#[test]
fn what_is_to_be_accepted_besides_is_added_to_the_list() {
    let cluster = accepting(moved(), &["remove pink"]);
    let outcome = ask(&recorded(&flowers::CLUSTER), &cluster, &["plan", "--offline"]);
    assert_eq!(outcome.exit, Exit::Failed);
    let help =
        "to accept it, add to the list `accept` under `[cluster]`: \"orange.data-dir = /srv/etcd\"";
    assert!(outcome.stdout.contains(help), "{}", outcome.stdout);
    assert!(!outcome.stdout.contains("accept = ["), "{}", outcome.stdout);
}
