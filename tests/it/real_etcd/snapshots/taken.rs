//! Snapshots, as etcd's own tool sees them.

use super::json;
use crate::real_etcd::site::{Site, Spec};
use crate::support::releases::releases;
use crate::support::side_by_side::with_each;
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

#[test]
fn a_snapshot_is_what_etcd_itself_takes_for_whole() {
    with_each(&releases(), |release| {
        let mut site = Site::start(&Spec::of(release));
        site.write();
        site.types("mkdir backups");
        let saved = json(&mut site, "bouquet snapshot backups");
        let file = saved["file"].as_str().expect("a file");
        let revision = saved["revision"].as_i64().expect("a revision");
        assert!(
            file.starts_with("backups/plans-")
                && file.rsplit_once('.').is_some_and(|(_, end)| end == "db"),
            "{file}"
        );
        assert!(file.contains(&format!("-r{revision}-")), "{file}");
        assert_eq!(saved["role"], "voter", "the leader has enough to do");
        assert_eq!(saved["warnings"], Value::Array(Vec::new()));
        let facts = fs::metadata(site.path(file)).expect("a file");
        assert_eq!(
            (facts.permissions().mode() & 0o777, Some(facts.len())),
            (0o600, saved["bytes"].as_u64())
        );
        let status = site.tool(&format!("snapshot status {file} -w json"));
        let status: Value = serde_json::from_str(&status).unwrap_or_else(|_| panic!("{status}"));
        assert_eq!(status["revision"].as_i64(), Some(revision));

        // Another one, of which all goes to standard output.
        let piped = site.types("bouquet snapshot - 2>talk >piped.db; cat talk");
        assert!(piped.contains("to standard output"), "{piped}");
        site.tool("snapshot status piped.db -w json");

        // The folder keeps two.
        for _ in 0..2 {
            site.types("sleep 1; bouquet snapshot backups --keep 2 --textfile last.prom");
        }
        let names: Vec<_> = fs::read_dir(site.path("backups")).expect("a folder").collect();
        assert_eq!((names.len(), site.path(file).exists()), (2, false), "{names:?}");
        let metrics = fs::read_to_string(site.path("last.prom")).expect("a file");
        assert!(metrics.contains("\nbouquet_snapshot_revision{cluster=\"plans\"} "), "{metrics}");
        site.end();
    });
}
