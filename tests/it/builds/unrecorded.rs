//! Changes of members and clients of which nothing is recorded: they may run, or not.

use crate::support::cluster::{Cluster, SPEC};
use bouquet_lock::read;
use std::fs;

/// What building says of a spec that was another one before.
fn said_of(before: &str, after: &str) -> String {
    let cluster = Cluster::built(before);
    cluster.write(after);
    let said = cluster.succeeds();
    assert!(!cluster.succeeds().contains("taken as not yet running"), "it is said once");
    said
}

fn version(version: &str) -> String {
    SPEC.replacen("etcd = \"3.5.30\"", &format!("etcd = \"{version}\""), 1)
}

#[test]
fn a_change_that_would_be_refused_is_taken_as_not_yet_running_with_one_warning() {
    for (after, told) in [
        (SPEC.replace("/data/etcd", "/srv/etcd"), "data-dir /data/etcd → /srv/etcd"),
        (SPEC.replace("\"faults\"", "\"other\""), "initial-cluster-token faults → other"),
        (SPEC.replace("\"pink\"", "\"rose\""), "pink: renamed to rose"),
    ] {
        let said = said_of(SPEC, &after);
        assert!(said.contains(told) && said.contains(": taken as not yet running ("), "{said}");
        assert_eq!(said.matches("taken as not yet running").count(), 1, "{said}");
        assert!(said.contains("take this change back, build, and `cargo run -- done`"), "{said}");
    }
    let said = said_of(SPEC, &SPEC.replace("[etcd]", "[etcd]\nsnapshot-count = 20000"));
    assert!(!said.contains("taken as not yet running"), "{said}");
}

/// The help works as it is typed.
#[test]
fn a_change_that_is_taken_back_and_made_again_after_it_was_recorded_is_refused() {
    let cluster = Cluster::built(SPEC);
    let moved = SPEC.replace("/data/etcd", "/srv/etcd");
    cluster.write(&moved);
    assert!(cluster.succeeds().contains("taken as not yet running"));
    cluster.write(SPEC);
    cluster.succeeds();
    cluster.record();
    cluster.write(&moved);
    assert!(cluster.fails().contains("not safe on what runs"));
}

#[test]
fn a_build_over_that_of_another_line_says_what_comes_between() {
    let skipped = said_of(&version("3.4.27"), &version("3.6"));
    assert!(skipped.contains("etcd 3.4.27 → 3.6: taken as not yet running"), "{skipped}");
    assert!(skipped.contains("etcd = \"3.5\"` first"), "{skipped}");
    let back = said_of(&version("3.6.16"), &version("3.5"));
    assert!(back.contains("`etcd = \"3.6.16\"` again"), "{back}");
    let next = said_of(&version("3.4.27"), &version("3.5.33"));
    assert!(next.contains("member/snap/*.snap") || next.contains(".snap"), "{next}");
    let patch = said_of(&version("3.5.30"), &version("3.5.33"));
    assert!(!patch.contains("zombie") && !patch.contains("snap"), "{patch}");
}

#[test]
fn one_that_is_recorded_is_refused_beside_one_that_is_not() {
    let cluster = Cluster::built(SPEC);
    cluster.record();
    let mut lock = read(cluster.lock().as_bytes()).unwrap();
    lock.recorded.members.remove("camellia");
    for file in ["cluster.lock", "out/pki/cluster.lock"] {
        fs::write(cluster.path(file), lock.text()).unwrap();
    }
    assert_eq!(cluster.succeeds(), "");
    let own = |member: &str, ip: &str| {
        let table = format!("ip = \"{ip}\"\n[member.etcd]\ndata-dir = \"/srv/{member}\"");
        SPEC.replace(&format!("ip = \"{ip}\""), &table)
    };
    cluster.write(own("camellia", "10.0.0.3"));
    let said = cluster.succeeds();
    assert!(said.contains("camellia: data-dir /data/etcd → /srv/camellia: taken as"), "{said}");
    cluster.write(own("pink", "10.0.0.1"));
    let said = cluster.fails();
    assert!(said.contains("not safe on what runs: pink: data-dir"), "{said}");
}

#[test]
fn a_member_that_was_never_recorded_goes_without_a_word_of_a_quorum() {
    let cluster = Cluster::built(SPEC);
    cluster.record();
    cluster.write(format!("{SPEC}\n[[member]]\nname = \"tulip\"\nip = \"10.0.0.4\"\n"));
    assert!(cluster.succeeds().contains("tulip: added"));
    cluster.write(SPEC);
    let said = cluster.succeeds();
    assert!(!said.contains("that run stay") && !said.contains("taken as"), "{said}");

    let renamed = SPEC.replace("\"pink\"", "\"rose\"");
    let accepted = renamed.replace("[cluster]", "[cluster]\naccept = [\"rename pink rose\"]");
    cluster.write(accepted);
    assert!(cluster.succeeds().contains("pink: renamed to rose"));
    cluster.write(SPEC);
    let said = cluster.succeeds();
    assert!(!said.contains("that run stay") && !said.contains("taken as"), "{said}");
}

#[test]
fn an_out_without_its_module_is_no_last_build() {
    let cluster = Cluster::built(SPEC);
    fs::remove_file(cluster.path("out/cluster.rs")).unwrap();
    cluster.write(SPEC.replace("/data/etcd", "/srv/etcd"));
    let said = cluster.succeeds();
    assert!(!said.contains("taken as not yet running"), "{said}");
}

/// Without a word it would pass for the first build, after which nothing can be wrong with what runs.
#[test]
fn a_module_that_cannot_be_made_out_is_told_once() {
    let cluster = Cluster::built(SPEC);
    let module = cluster.read("out/cluster.rs").into_bytes();
    let begin = b"pub static CLUSTER: Cluster = ".to_vec();
    let nested = [begin, vec![b'['; 200_000], b";\n".to_vec()].concat();
    let damaged: [Vec<u8>; 5] =
        [Vec::new(), vec![0xff; 9], vec![0; 4096], module[..module.len() / 4].to_vec(), nested];
    let specs = [SPEC.replace("/data/etcd", "/srv/etcd"), SPEC.to_owned()];
    for (damaged, spec) in damaged.iter().zip(specs.iter().cycle()) {
        fs::write(cluster.path("out/cluster.rs"), damaged).unwrap();
        cluster.write(spec);
        let said = cluster.succeeds();
        assert_eq!(said.matches("out/cluster.rs` was damaged").count(), 1, "{said}");
        assert_eq!(cluster.succeeds(), "");
    }
    cluster.write(SPEC);
    cluster.succeeds();
    fs::write(cluster.path("out/cluster.rs"), [module.as_slice(), b"// A comment.\n"].concat())
        .unwrap();
    assert_eq!(cluster.succeeds(), "", "its values are all there");
}
