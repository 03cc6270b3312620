//! `out/log/build.jsonl`: what was issued, and why.

use crate::support::cluster::{Cluster, SPEC};
use serde_json::Value;
use std::fs;

fn entries(cluster: &Cluster) -> Vec<Value> {
    let text = cluster.read("out/log/build.jsonl");
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

#[test]
fn each_certificate_is_a_line_with_its_reason_and_no_build_takes_it_away() {
    let cluster = Cluster::built(SPEC);
    let first = entries(&cluster);
    assert_eq!(first.len(), 1 + 2 * 3 + 1, "the CA, the members' and the client's: {first:?}");
    assert!(first.iter().all(|entry| entry["event"] == "issued" && entry["reason"] == "new"));
    let lock = cluster.lock();
    for entry in first.iter().filter(|entry| entry["kind"] != "ca") {
        assert!(lock.contains(entry["serial"].as_str().unwrap()), "{entry}");
    }
    cluster.succeeds();
    assert_eq!(entries(&cluster), first, "nothing was issued");

    cluster.write(format!("{SPEC}\n[tls]\ngeneration = 2\n"));
    let said = cluster.succeeds();
    assert_eq!(said.matches("reissued").count(), 1, "{said}");
    assert!(said.contains("reissued 7 certificates on ") && said.contains("such as "), "{said}");
    assert!(said.contains("log/build.jsonl` names each, and why"), "{said}");
    let all = entries(&cluster);
    assert_eq!(all[..first.len()], first);
    let again = &all[first.len()..];
    assert_eq!(again.len(), 7);
    assert!(again.iter().all(|entry| entry["reason"] == "generation changed from 1 to 2"));
}

#[test]
fn a_log_that_cannot_be_written_is_a_warning() {
    let cluster = Cluster::new(SPEC);
    fs::create_dir_all(cluster.path("out")).unwrap();
    fs::write(cluster.path("out/log"), "no folder").unwrap();
    let said = cluster.succeeds();
    assert!(said.contains("warning: cannot write into `") && said.contains("out/log`"), "{said}");
    assert_eq!(fs::read(cluster.path("out/log")).unwrap(), b"no folder");
}
