//! A snapshot that a later etcd wrote: `restore` says so before anything is stopped.

use super::apart::{ALL, back};
use super::{Site, Spec, have_the_same, json, restore, status};
use crate::support::scope::RELEASES;
use crate::support::side_by_side::with_each;
use serde_json::Value;
use std::thread::sleep;
use std::time::Duration;

/// Releases before 3.6 know no version of what is stored, and read keys all the same.
#[test]
fn keys_of_a_later_etcd_come_back_under_one_before_3_6() {
    assert_eq!(RELEASES, ["3.4.23", "3.5.1", "3.5.33", "3.6.16", "3.7.3"]);
    let all =
        [("3.6.16", "3.4.23"), ("3.6.16", "3.5.33"), ("3.7.3", "3.4.23"), ("3.7.3", "3.5.33")];
    with_each(&all, |(later, earlier)| {
        let (mut site, _) = of_a_later_one(later, earlier);
        restore(&mut site, "kept.db");
        let (_, said) = site.client_says("root", &["get", "kept"]);
        assert_eq!(said, "kept\n1\n");
        have_the_same(&site);
        site.build(&Spec::of(earlier));
        assert_eq!(status(&mut site)["exit"], 0);
    });
}

/// By hand, etcd's tool takes it, and etcd dies of it; the data of before is there, and runs again.
#[test]
fn a_snapshot_of_3_7_does_not_run_under_3_6() {
    let (mut site, steps) = of_a_later_one("3.7.3", "3.6.16");
    // All but the wait for members that never are healthy.
    let mut on_nodes = steps[2].clone();
    let chain = on_nodes["commands"][0].as_str().expect("a text");
    let (lines, _) = chain.split_once(" &&\nuntil ").expect("a wait");
    on_nodes["commands"] = serde_json::json!([lines]);
    site.follow(&[steps[0].clone(), steps[1].clone(), on_nodes]);
    sleep(Duration::from_secs(3));
    for (name, _) in ALL {
        let log = std::fs::read_to_string(site.on_machine(name, "/state/log")).expect("a log");
        assert!(log.contains("version \\\"3.7.0\\\" is not supported"), "{log}");
        assert!(!site.is_running(name), "{name} runs");
    }
    back(&mut site, &ALL);
    let (_, said) = site.client_says("root", &["get", "own"]);
    assert_eq!(said, "own\n1\n");
    assert_eq!(status(&mut site)["exit"], 0);
}

/// A cluster that has its own data, and the steps that are printed for a file of a later etcd.
fn of_a_later_one(later: &str, earlier: &str) -> (Site, Vec<Value>) {
    let mut site = Site::start(&Spec::of(earlier));
    let mut from = Site::start(&Spec::of(later));
    from.types("bouquet etcdctl -- put kept 1; bouquet snapshot kept.db");
    std::fs::copy(from.path("kept.db"), site.path("kept.db")).expect("a copy");
    drop(from);
    site.types("bouquet etcdctl -- put own 1");
    let printed = json(&mut site, "bouquet restore kept.db");
    let warnings = printed["warnings"].as_array().expect("a list").iter();
    let warnings: Vec<_> = warnings.filter_map(Value::as_str).collect();
    let minor = |release: &str| release.rsplit_once('.').expect("a patch").0.to_owned();
    let words =
        format!("etcd {} wrote it, and etcd {} is to read it", minor(later), minor(earlier));
    assert!(warnings.contains(&words.as_str()), "{warnings:?}");
    (site, printed["steps"].as_array().expect("steps").clone())
}
