//! What the binary says of certificates, read by what monitors have to read it with.

use crate::support::run::{run, tools};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// The certificates of a member, as the build of this repository wrote them.
const ORANGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/out/members/orange/certs");

fn bouquet(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bouquet"));
    command.args(arguments);
    command
}

#[test]
fn promtool_finds_nothing_wrong_with_the_metrics() {
    for (arguments, samples) in [
        (&["certs", "--prometheus"][..], 2 * 9),
        (&["certs", "--prometheus", "--dir", ORANGE], 3 * 3),
    ] {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let said = run(&mut bouquet(arguments));
        assert!(said.ok && said.stderr.is_empty(), "{}", said.stderr);
        let read = |line: &&str| line.starts_with("bouquet_certificate_");
        assert_eq!(said.stdout.lines().filter(read).count(), samples, "{}", said.stdout);
        let lint = lint(&folder, &said.stdout);
        assert!(lint.is_empty(), "{lint}");
    }
}

#[test]
fn promtool_would_find_something() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let said = run(&mut bouquet(&["certs", "--prometheus"])).stdout;
    assert!(!lint(&folder, &said.replace("owner=\"", "owner=")).is_empty());
    assert!(!lint(&folder, &said.replace("# HELP", "# help")).is_empty());
}

/// What `promtool check metrics` has against them.
fn lint(folder: &TempDir, metrics: &str) -> String {
    let file = folder.path().join("bouquet.prom");
    fs::write(&file, metrics).expect("a file");
    let mut promtool = Command::new("sh");
    promtool.args(["-c", r#"exec "$0" check metrics < "$1""#]);
    let said = run(promtool.arg(tools().join("bin/promtool")).arg(&file));
    assert!(!said.stderr.contains("not found"), "{}: run `cargo xtask tools`", said.stderr);
    if said.ok { String::new() } else { said.stdout + &said.stderr }
}

/// A node whose files are those of an earlier build, in the eyes of a monitor.
#[test]
fn a_node_that_was_left_out_is_noticed() {
    let node = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    for file in ["ca.crt", "server.crt", "peer.crt", "peer.key"] {
        fs::copy(Path::new(ORANGE).join(file), node.path().join(file)).expect("a file");
    }
    assert_eq!(check(node.path()), (0, "OK".to_owned()));
    renewed(&node.path().join("server.crt"));
    assert_eq!(check(node.path()), (1, "WARNING".to_owned()));
    fs::write(node.path().join("peer.crt"), "").expect("a file");
    assert_eq!(check(node.path()), (2, "CRITICAL".to_owned()));
    assert_eq!(check(&node.path().join("nowhere")), (3, "UNKNOWN".to_owned()));
}

/// The exit code, and the state in the first line.
fn check(folder: &Path) -> (i32, String) {
    let mut command = bouquet(&["certs", "--check", "--within", "1h", "--dir"]);
    let output = command.arg(folder).output().expect("the program runs");
    assert!(output.stderr.is_empty());
    let text = String::from_utf8(output.stdout).expect("text");
    let line = text.lines().next().expect("a line");
    let (state, rest) = line.strip_prefix("CERTS ").and_then(|l| l.split_once(" - ")).expect(line);
    // As `monitoring-plugins` has it: 'label'=value[UOM];[warn];[crit].
    if let Some((_, data)) = rest.split_once(" | ") {
        let (label, values) = data.split_once('=').expect(line);
        let values: Vec<&str> = values.split(';').collect();
        assert_eq!((label, values.len()), ("days_left", 3), "{line}");
        assert!(values[0].parse::<i64>().is_ok(), "{line}");
        assert!(values[1..].iter().all(|range| range.ends_with(':')), "{line}");
    }
    (output.status.code().expect("an exit code"), state.to_owned())
}

/// Puts another certificate of the same name in the place of one.
fn renewed(certificate: &Path) {
    let key: PathBuf = certificate.with_extension("key");
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "ed25519", "-noenc", "-subj", "/CN=orange"]);
    let said = run(openssl.arg("-keyout").arg(key).arg("-out").arg(certificate));
    assert!(said.ok, "{}", said.stderr);
}
