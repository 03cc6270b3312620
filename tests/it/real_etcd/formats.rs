//! Specs that nobody wrote: real etcd reads the same from every format.

use crate::support::node::Node;
use crate::support::random::{DATA_DIR, accepted, config, rendered};
use crate::support::releases::releases;
use crate::support::run::{etcd, run};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use std::fs;
use std::path::Path;

/// Options that keep etcd from telling what it read: they redirect or reword its log, or make it
/// ask a service or read a file before it starts.
const SILENCING: [&str; 11] = [
    "auth-token",
    "debug",
    "enable-distributed-tracing",
    "enable-log-rotation",
    "experimental-enable-distributed-tracing",
    "listen-metrics-urls",
    "listen-client-http-urls",
    "log-format",
    "log-level",
    "log-output",
    "log-outputs",
];

proptest! {
    #![proptest_config(config())]

    #[test]
    fn real_etcd_reads_accepted_specs_alike(spec in accepted(releases(), |name| !SILENCING.contains(&name))) {
        let (cluster, folder) = rendered(&spec);
        let version = cluster.version.to_string();
        let by_flags = what_etcd_read(&version, folder.path(), "exec ./etcd.sh")?;
        let by_env = what_etcd_read(&version, folder.path(), "set -a; . ./etcd.env; set +a; exec etcd")?;
        let by_yaml = what_etcd_read(&version, folder.path(), "exec etcd --config-file etcd.conf.yml")?;
        prop_assert_eq!(&by_flags, &by_env);
        prop_assert_eq!(&by_flags, &by_yaml);
    }
}

/// The line in which etcd tells its settings before it finds that it cannot write.
fn what_etcd_read(version: &str, folder: &Path, script: &str) -> Result<String, TestCaseError> {
    let beside = folder.with_extension("node");
    fs::create_dir_all(&beside).expect("a folder");
    fs::write(beside.join("hosts"), "127.0.0.1 localhost\n").expect("a file");
    let node = Node::new(&beside.join("root"), &beside.join("hosts"), &etcd(version));
    // Nobody can create a file there.
    let node = node.with(folder.to_path_buf(), "/root/etcd").sharing("/proc/tty".into(), DATA_DIR);
    let said = run(&mut node.sh(&format!("cd /root/etcd; {script}")));
    fs::remove_dir_all(&beside).expect("an empty folder");
    let line = said.stderr.lines().find(|line| line.contains("\"starting an etcd server\""));
    let line = line.ok_or_else(|| TestCaseError::fail(format!("{script}: {}", said.stderr)))?;
    let from = line.find("\"msg\"").expect("a message");
    let mut line = line[from..].to_owned();
    if line.contains(r#""auto-compaction-retention":"0s""#) {
        // Without a retention it is not said in a file, where up to 3.5 it is then nothing at all.
        line = line.replace(r#""auto-compaction-mode":"""#, r#""auto-compaction-mode":"periodic""#);
    }
    // A line for each setting, so that a difference can be seen.
    Ok(line.replace(',', "\n"))
}
