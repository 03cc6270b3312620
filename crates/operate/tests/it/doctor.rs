//! `doctor`: whose node is looked at, and logs.

use crate::common::World;
use crate::common::node::Node;
use bouquet_operate::{Exit, Work};
use std::path::PathBuf;
use std::process::{Command, Stdio};

#[test]
fn the_files_of_a_node_tell_whose_it_is_and_what_is_wrong_with_them() {
    let work = |node: &Node| match node.ask(&["doctor"]).work {
        Some(Work::Doctor(work)) => format!("{work:?}"),
        other => panic!("{other:?}"),
    };
    let well = work(&Node::installed());
    assert!(
        well.contains("member: \"orange\", options: Judged { count: 1, problems: [] }"),
        "{well}"
    );
    assert!(well.contains("certificates: Ok(Judged { count: 5, problems: [] })"), "{well}");
    let wrong = work(&Node::installed().with("peer.key", "x"));
    assert!(wrong.contains("peer.key"), "{wrong}");
}

#[test]
fn where_no_file_tells_whose_node_it_is_nothing_was_seen() {
    let outcome = World::new().flowers(&["doctor"]);
    assert_eq!(outcome.exit, Exit::Unknown);
    assert!(outcome.stderr.contains("`bouquet doctor MEMBER`"), "{}", outcome.stderr);
    let outcome = World::new().flowers(&["doctor", "orage"]);
    assert!(outcome.stderr.contains("`orange`"), "{}", outcome.stderr);
}

#[test]
fn a_log_is_read_from_a_file_or_from_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("etcd.log");
    std::fs::write(&file, "x\nopen /opt/etcd/certs/ca.crt: permission denied").unwrap();
    let by_file = doctor(&["--log", &file.display().to_string()], Stdio::null());
    let by_stdin = doctor(&["--log", "-"], std::fs::File::open(&file).unwrap().into());
    assert_eq!(by_file, by_stdin);
    assert!(by_file.1.contains("line 2: open /opt/etcd/certs/ca.crt: permission denied\n"));
    assert_eq!(by_file.0, Some(1));
    // No line, no file, no text, and a line that is longer than any that is read at once.
    assert_eq!(doctor(&["--log", "-"], Stdio::null()).0, Some(3));
    let (code, said) = doctor(&["--log", "none"], Stdio::null());
    assert!(code == Some(1) && said.contains("none cannot be read: "), "{said}");
    let noise: Vec<u8> =
        (0..200_000_u32).map(|n| (n % 251) as u8).filter(|b| *b != b'\n').collect();
    std::fs::write(&file, noise).unwrap();
    assert_eq!(doctor(&["--log", &file.display().to_string()], Stdio::null()).0, Some(0));
}

/// The exit code, and all that is said.
fn doctor(words: &[&str], stdin: Stdio) -> (Option<i32>, String) {
    let mut command = Command::new(binary());
    let output = command.arg("doctor").args(words).stdin(stdin).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

fn binary() -> PathBuf {
    crate::process::BINARY.clone()
}
