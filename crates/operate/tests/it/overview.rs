//! `bouquet` alone.

use crate::common::{DAY, OTHER_CA_PEM, World, flowers, plain_cluster};
use bouquet_lock::{Lock, Record};
use bouquet_model::Cluster;
use bouquet_model::running::RunningClient;
use bouquet_operate::Exit;

#[test]
fn the_cluster_at_a_glance() {
    let outcome = World::built().flowers(&[]);
    insta::assert_snapshot!("the_cluster_at_a_glance", outcome.stdout);
    assert!(outcome.stdout.lines().all(|line| line.chars().count() <= 80));
    assert_eq!((outcome.stderr.as_str(), outcome.exit), ("", Exit::Done));
}

#[test]
fn a_cluster_without_tls_at_a_glance() {
    let outcome = World::new().ask(&plain_cluster(), &[], &[]);
    insta::assert_snapshot!("a_cluster_without_tls_at_a_glance", outcome.stdout);
}

#[test]
fn the_cluster_as_json() {
    let outcome = World::built().flowers(&["--json"]);
    let mut value: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(value["members"].as_array().unwrap().len(), 3);
    value["members"] = "as `members --json` has them".into();
    insta::assert_snapshot!("the_cluster_as_json", serde_json::to_string_pretty(&value).unwrap());
}

#[test]
fn the_out_of_another_cluster_is_told() {
    let world =
        World::built().with_file("/home/me/flowers/out/pki/ca.crt", OTHER_CA_PEM).flowers(&[]);
    let line = world.stdout.lines().find(|line| line.contains("another")).unwrap();
    assert!(line.contains("/home/me/flowers/out belongs to another cluster"), "{line}");
}

#[test]
fn certificates_that_end_are_told() {
    let at_end = World { now: flowers::ISSUED + 190 * DAY, ..World::built() };
    let text = at_end.flowers(&[]).stdout;
    assert!(text.contains("the first expires in 10 days, on 2027-02-16"), "{text}");
}

#[test]
fn what_to_type_next_works_where_cargo_has_built_it() {
    let text = World::built().with_executable("/home/me/flowers/target/debug/bouquet").flowers(&[]);
    assert!(text.stdout.contains("  cargo run -- command daffodil "), "{}", text.stdout);
}

#[test]
fn on_a_node_the_program_is_called_as_its_package() {
    let tulips = Cluster { program: "tulips".into(), ..flowers::CLUSTER.clone() };
    let world = World::built().with_executable("/home/me/flowers/target/debug/tulips");
    let text = world.ask(&tulips, flowers::CERTIFICATES, &[]).stdout;
    assert!(text.contains("\n  tulips install NAME ") && text.contains("cargo run -- "), "{text}");
}

#[test]
fn recording_what_runs_is_named_until_something_is_recorded() {
    let mut lock = Lock::default();
    lock.identity.token = "etcd-cluster-1".to_owned();
    let shown = |lock: &Lock| {
        let world = World::built()
            .with_file("/home/me/flowers/cluster.toml", b"")
            .with_file("/home/me/flowers/cluster.lock", lock.text().as_bytes());
        world.flowers(&[]).stdout.contains("bouquet done ")
    };
    assert!(shown(&lock));
    let client = RunningClient {
        endpoints: Vec::new(),
        common_name: true,
        certs_dir: "/etc/etcd".to_owned(),
        trust: None,
        certificate: None,
    };
    let record = Record::after(None, Some(client), 1);
    lock.recorded.clients.insert("root".to_owned(), record.clone());
    assert!(!shown(&lock));
    // What was taken back is not recorded.
    lock.recorded.clients.insert("root".to_owned(), record.undone(2));
    assert!(shown(&lock));
    // In another package there is nothing to record.
    lock.identity.token = "trees".to_owned();
    assert!(!shown(&lock));
    assert!(!World::built().flowers(&[]).stdout.contains("bouquet done "));
}

/// A first build writes it, and every clone needs it.
#[test]
fn a_lock_that_git_does_not_have_is_to_be_committed() {
    let mut lock = Lock::default();
    lock.identity.token = "etcd-cluster-1".to_owned();
    let shown = |committed: Option<&str>| {
        let mut world = World::built()
            .with_file("/home/me/flowers/cluster.toml", b"")
            .with_file("/home/me/flowers/cluster.lock", lock.text().as_bytes());
        world.commits.extend(committed.map(|text| ("HEAD", text.as_bytes().to_vec())));
        world.flowers(&[]).stdout.contains("  commit cluster.toml and cluster.lock\n")
    };
    assert!(shown(None));
    assert!(shown(Some("version = 1\n")));
    assert!(!shown(Some(&lock.text())));
    // Of another place than its package the program knows nothing.
    assert!(!World::built().flowers(&[]).stdout.contains("commit cluster.toml"));
}
