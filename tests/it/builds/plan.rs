//! A plan from the edit to the record, by a program that cargo builds, in a repository of git.

use crate::support::git::commit;
use crate::support::package::{Package, program};

const SPEC: &str = r#"
[cluster]
token = "planned"
etcd = "3.5"

[etcd]
data-dir = "/data/etcd"
snapshot-count = 10000

[[member]]
name = "orange"
ip = "10.0.0.1"

[[member]]
name = "pink"
ip = "10.0.0.2"

[[member]]
name = "daffodil"
ip = "10.0.0.3"

[[client]]
name = "root"
"#;

const FILES: &[&str] = &["cluster.toml", "cluster.lock"];

#[test]
fn a_change_is_planned_until_it_is_recorded_and_from_a_commit_ever_after() {
    let package = Package::new(SPEC);
    package.build();
    let run = |line: &[&str]| {
        let output = program(package.folder.path(), line).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, plan, said) = run(&["plan", "--offline"]);
    assert_eq!((code, plan.as_str()), (Some(3), ""));
    assert!(said.contains("records no member as running"), "{said}");

    assert_eq!(run(&["done", "--yes"]).0, Some(0));
    let (code, plan, said) = run(&["plan", "--offline"]);
    assert_eq!((code, said.as_str()), (Some(0), ""), "{plan}");
    assert!(plan.contains("nothing to do: what is compiled runs"), "{plan}");
    let first = commit(package.folder.path(), FILES);

    package.write(&SPEC.replace("10000", "5000"));
    package.build();
    let changed = "3 members: snapshot-count 10000 → 5000";
    let planned = run(&["plan", "--offline"]);
    assert_eq!((planned.0, planned.2.as_str()), (Some(2), ""));
    assert!(
        planned.1.contains(changed) && planned.1.contains("cargo run -- done"),
        "{}",
        planned.1
    );
    // Of the commit, the same is recorded.
    assert_eq!(run(&["diff", &first]), planned);

    assert_eq!(run(&["done", "--yes"]).0, Some(0));
    assert_eq!(run(&["diff"]).0, Some(0));
    let (code, plan, _) = run(&["diff", &first]);
    assert_eq!(code, Some(2));
    assert!(plan.contains(changed), "{plan}");
    let (code, _, said) = run(&["diff", "no-such-branch"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("`no-such-branch` is neither a file nor a revision"), "{said}");

    // The program is handed what is accepted, and holds every record to it.
    let moved = SPEC.replace("/data/etcd", "/srv/etcd");
    let words = ["daffodil", "orange", "pink"].map(|m| format!("\"{m}.data-dir = /srv/etcd\""));
    let accept = format!("[cluster]\naccept = [{}]", words.join(", "));
    package.write(&moved.replace("[cluster]", &accept));
    package.build();
    for line in [&["plan", "--offline"][..], &["diff", &first]] {
        let (code, plan, _) = run(line);
        assert_eq!(code, Some(2), "{plan}");
        assert!(plan.contains("accepted: 3 members: data-dir"), "{plan}");
        assert!(!plan.contains("refused:"), "{plan}");
    }
}
