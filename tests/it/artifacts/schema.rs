//! What an editor knows of `cluster.toml`, by a validator of JSON Schema.

use crate::support::build::{EXAMPLES, Output, example};
use crate::support::random::accepted;
use crate::support::run::{stdout, tools};
use crate::support::scope::RELEASES;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use std::fs;
use std::path::Path;
use std::process::Command;

const HEAD: &str =
    "[cluster]\ntoken = \"t\"\netcd = \"3.5\"\n[[member]]\nname = \"a\"\nip = \"10.0.0.1\"\n";

/// What is wrong with each of these specs, by the schema that a build with the first one made; a line for each mistake, which
/// begins with the place of its spec.
fn wrong(specs: &[String]) -> Vec<String> {
    let output = Output::of(&specs[0]);
    let files: Vec<_> = (0..specs.len()).map(|at| output.beside(&format!("{at}.toml"))).collect();
    for (file, spec) in files.iter().zip(specs) {
        fs::write(file, spec).expect("a file");
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/artifacts/schema.py");
    let mut python = Command::new(tools().join("venv/bin/python"));
    python.arg(script).arg(output.path("cluster.schema.json")).args(&files);
    let said = stdout(&mut python);
    let shown = |line: &str| {
        let (file, rest) = line.split_once(".toml ").expect("a file");
        format!("{} {rest}", file.rsplit('/').next().expect("a name"))
    };
    said.lines().map(shown).collect()
}

#[test]
fn every_example_is_right() {
    let own = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/cluster.toml"));
    let specs: Vec<String> =
        EXAMPLES.map(example).into_iter().chain([own.expect("a spec")]).collect();
    for spec in &specs {
        let etcd = spec.lines().find(|line| line.starts_with("etcd = \"")).expect("a version");
        assert_eq!(etcd, "etcd = \"3.5\"", "one schema is for all of these");
    }
    assert_eq!(wrong(&specs), [""; 0]);
}

/// Random options that a build takes, for each release.
#[test]
fn what_a_build_takes_is_right() {
    for version in RELEASES {
        let mut runner = TestRunner::deterministic();
        let strategy = accepted(vec![version.to_owned()], |_| true);
        let new = |runner: &mut TestRunner| strategy.new_tree(runner).expect("a spec").current();
        let specs: Vec<String> = (0..20).map(|_| new(&mut runner)).collect();
        assert_eq!(wrong(&specs), [""; 0], "{version}");
    }
}

#[test]
fn mistakes_of_every_kind_are_told() {
    let mistakes = [
        ("colour = 1\n", "Additional properties"),
        ("[etcd]\ndata-dirr = \"/d\"\n", "Additional properties"),
        // Of another version.
        ("[etcd]\nfeature-gates = [\"InitialCorruptCheck=true\"]\n", "Additional properties"),
        // Derived, and refused.
        ("[etcd]\nname = \"x\"\n", "Additional properties"),
        ("[etcd]\nforce-new-cluster = true\n", "Additional properties"),
        ("[etcd]\npre-vote = \"true\"\n", "is not of type 'boolean'"),
        ("[etcd]\nsnapshot-count = \"5000\"\n", "is not of type 'integer'"),
        ("[etcd]\nheartbeat-interval = 0\n", "is less than the minimum"),
        ("[etcd]\nquota-backend-bytes = \"8GB\"\n", "is not valid under any"),
        ("[etcd]\ngrpc-keepalive-interval = \"1d\"\n", "does not match"),
        ("[etcd]\ndata-dir = \"data\"\n", "does not match"),
        ("[etcd]\nlog-level = \"loud\"\n", "is not one of"),
        ("[etcd]\nlog-outputs = \"stderr\"\n", "is not of type 'array'"),
        ("[etcd]\nlisten-metrics-urls = [\"127.0.0.1:2381\"]\n", "does not match"),
        ("[tls]\nlayout = \"share\"\n", "is not one of"),
        ("[tls]\nenabled = 1\n", "is not of type 'boolean'"),
        ("[ca]\ntrust = 1\n", "is not of type 'array'"),
        ("[ca]\nname-constraints = \"ip\"\n", "is not valid under any"),
        ("[[client]]\nname = \"x\"\nfor = \"patron\"\n", "is not one of"),
        ("[[client]]\nfor = \"patroni\"\n", "'name' is a required property"),
        ("[client]\nname = \"x\"\n", "is not of type 'array'"),
        (
            "[[member]]\nname = \"b\"\nip = \"10.0.0.2\"\npeer-port = 70000\n",
            "is greater than the maximum",
        ),
        (
            "[[member]]\nname = \"b\"\nip = \"10.0.0.2\"\nloopback = \"no\"\n",
            "is not valid under any",
        ),
        (
            "[[member]]\nname = \"b\"\nip = \"10.0.0.2\"\netcd = { pre_vote = true }\n",
            "Additional properties",
        ),
        ("[[revoked]]\nname = \"x\"\ndate = \"2026-11-22\"\nreason = \"lost\"\n", "is not one of"),
    ];
    let specs: Vec<String> = [HEAD.to_owned()]
        .into_iter()
        .chain(mistakes.iter().map(|(lines, _)| {
            if lines.starts_with('[') { format!("{HEAD}{lines}") } else { format!("{lines}{HEAD}") }
        }))
        .chain(["[cluster]\ntoken = \"t\"\n".to_owned()])
        .collect();
    let found = wrong(&specs);
    assert!(!found.iter().any(|line| line.starts_with("0 ")), "{found:#?}");
    for (at, (lines, told)) in mistakes.iter().enumerate() {
        let own = format!("{} ", at + 1);
        let is_told = found.iter().any(|line| line.starts_with(&own) && line.contains(told));
        assert!(is_told, "{lines}: {found:#?}");
    }
    let last = format!("{} ", specs.len() - 1);
    let of_last: Vec<_> = found.iter().filter(|line| line.starts_with(&last)).collect();
    assert_eq!(of_last.len(), 2, "neither a member nor a version: {of_last:?}");
}
