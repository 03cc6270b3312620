//! What a build does about a change from what is recorded as running.

use crate::support::cluster::{Cluster, SPEC, said};
use crate::support::snapshot::{difference, snapshot};
use bouquet_build::Asked;
use std::time::SystemTime;

/// A cluster that was built and recorded, with another spec since.
fn changed(before: &str, after: &str) -> Cluster {
    let cluster = Cluster::built(before);
    cluster.record();
    cluster.write(after);
    cluster
}

/// A build that is refused, and leaves everything as it is; what it says.
fn refuses(cluster: &Cluster, asked: Asked) -> String {
    let before = snapshot(cluster.folder.path());
    let built = cluster.build_as(asked, SystemTime::now());
    let said = said(&built);
    assert!(built.report.is_none() && built.found.has_errors(), "it succeeds: {said}");
    let changed = difference(&before, &snapshot(cluster.folder.path()));
    assert!(changed.is_empty(), "{changed:?}: {said}");
    said
}

fn moved() -> String {
    SPEC.replace("data-dir = \"/data/etcd\"", "data-dir = \"/srv/etcd\"")
}

#[test]
fn what_is_recorded_and_built_again_says_nothing() {
    let cluster = changed(SPEC, SPEC);
    assert_eq!(cluster.succeeds(), "");
    assert_eq!(cluster.succeeds(), "");
    let (head, rest) = SPEC.split_at(SPEC.find("[[member]]").unwrap());
    let (first, others) = rest.split_at(rest.find("[[member]]\nname = \"orange\"").unwrap());
    for same in [format!("# A comment.\n{SPEC}"), format!("{head}{others}\n{first}")] {
        cluster.write(&same);
        assert_eq!(cluster.succeeds(), "", "{same}");
        assert_eq!(cluster.succeeds(), "", "{same}");
    }
}

/// One edited line, and each member would start on an empty folder.
#[test]
fn a_data_dir_that_moves_is_refused_everywhere_alike() {
    let cluster = changed(SPEC, &moved());
    let locked = Asked { locked: true, ..Asked::default() };
    let unwritten = Asked { write: Some(false), ..Asked::default() };
    for asked in [Asked::default(), locked, unwritten] {
        let said = refuses(&cluster, asked);
        assert!(said.contains("data-dir /data/etcd → /srv/etcd"), "{said}");
        assert!(said.contains("cluster.toml:7:12"), "{said}");
        for member in ["pink", "orange", "camellia"] {
            assert!(said.contains(&format!("\"{member}.data-dir = /srv/etcd\"")), "{said}");
        }
    }
    // A clone without keys.
    std::fs::remove_dir_all(cluster.path("out")).unwrap();
    refuses(&cluster, Asked::default());
    cluster.write(SPEC);
    let built = cluster.build();
    assert!(built.report.is_some(), "{}", said(&built));
}
