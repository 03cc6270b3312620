//! A snapshot that a later etcd wrote: `restore` says so before anything is stopped.

use super::apart::{ALL, back};
use super::{Site, Spec, fails, have_the_same, json, restore, status, step};
use crate::support::scope::RELEASES;
use crate::support::side_by_side::with_each;
use std::thread::sleep;
use std::time::Duration;

/// Releases before 3.6 know no version of what is stored, and read keys all the same.
#[test]
fn keys_of_a_later_etcd_come_back_under_one_before_3_6() {
    assert_eq!(RELEASES, ["3.4.23", "3.5.1", "3.5.33", "3.6.16", "3.7.3"]);
    let all =
        [("3.6.16", "3.4.23"), ("3.6.16", "3.5.33"), ("3.7.3", "3.4.23"), ("3.7.3", "3.5.33")];
    with_each(&all, |(later, earlier)| {
        let mut site = with_a_file_of(later, earlier);
        let said = site.types("bouquet restore kept.db");
        let minor = |release: &str| release.rsplit_once('.').expect("a patch").0.to_owned();
        let words =
            format!("etcd {} wrote it, and etcd {} is to read it", minor(later), minor(earlier));
        assert!(said.contains(&words), "{said}");
        restore(&mut site, "kept.db");
        let (_, said) = site.client_says("root", &["get", "kept"]);
        assert_eq!(said, "kept\n1\n");
        have_the_same(&site);
        site.build(&Spec::of(earlier));
        assert_eq!(status(&mut site)["exit"], 0);
    });
}

/// It is refused. By hand, etcd's tool takes it, and etcd dies of it; the data of before is there, and runs again.
#[test]
fn a_snapshot_of_3_7_is_refused_for_3_6_which_does_not_run_with_it() {
    let mut site = with_a_file_of("3.7.3", "3.6.16");
    for line in [
        "bouquet restore kept.db",
        "bouquet restore kept.db orange",
        "bouquet restore kept.db --json",
    ] {
        fails(&mut site, line, "etcd 3.6 does not start with it: etcd 3.7 wrote it");
    }
    // It is those that run which would not start, whatever is compiled and not rolled out.
    site.build(&Spec::of("3.7.3"));
    fails(
        &mut site,
        "bouquet restore kept.db",
        "etcd 3.6 does not start with it: etcd 3.7 wrote it",
    );
    site.build(&Spec::of("3.6.16"));
    // The lines for another file, with this one in its place, and without the wait for members that never are healthy.
    site.types("bouquet snapshot own.db");
    let printed = json(&mut site, "bouquet restore own.db");
    for (name, last) in ALL {
        let address = site.address(last);
        site.types(&format!("scp kept.db root@{address}:/root/restore-{name}.db"));
    }
    let mut on_nodes = step(&printed, "restore-all").clone();
    let chain = on_nodes["commands"][0].as_str().expect("a text");
    let (lines, _) = chain.split_once(" &&\nuntil ").expect("a wait");
    on_nodes["commands"] = serde_json::json!([lines]);
    site.follow(&[step(&printed, "stop-all").clone(), on_nodes]);
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

/// A cluster that has its own data, and beside it a file of a later etcd.
fn with_a_file_of(later: &str, earlier: &str) -> Site {
    let mut site = Site::start(&Spec::of(earlier));
    let mut from = Site::start(&Spec::of(later));
    // Its first members agree on the version of the cluster a moment after they are healthy.
    let is_early = "bouquet restore kept.db | grep -q 'written by etcd 3.0.0'";
    let again = format!("while {is_early}; do sleep 1; bouquet snapshot kept.db; done");
    from.types(&format!("bouquet etcdctl -- put kept 1; bouquet snapshot kept.db; {again}"));
    std::fs::copy(from.path("kept.db"), site.path("kept.db")).expect("a copy");
    site.types("bouquet etcdctl -- put own 1");
    site
}
