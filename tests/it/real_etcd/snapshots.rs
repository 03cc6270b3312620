//! Snapshots of a cluster that runs, by the program.

use super::site::{Site, Spec};
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
        let said = site.types("mkdir backups\nbouquet snapshot backups --json\n");
        let saved: Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}"));
        let file = saved["file"].as_str().expect("a file");
        let revision = saved["revision"].as_i64().expect("a revision");
        assert!(
            file.starts_with("backups/plans-")
                && file.rsplit_once('.').is_some_and(|(_, end)| end == "db"),
            "{file}"
        );
        assert!(file.contains(&format!("-r{revision}-")), "{file}");
        assert_eq!(saved["role"], "voter", "the leader has enough to do");
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

/// All of what the snapshot has comes back, nothing of what came after it, and the cluster is another one.
#[test]
fn a_snapshot_is_restored_as_it_is_printed() {
    with_each(&releases(), |release| restored(release));
}

fn restored(release: &str) {
    let mut site = Site::start(&Spec::of(release));
    site.types(
        "bouquet etcdctl -- put kept 1\nbouquet snapshot kept.db\nbouquet etcdctl -- put lost 1\n",
    );
    let before = site.cluster_ids();
    let printed = site.types("bouquet restore kept.db --json\n");
    let printed: Value = serde_json::from_str(&printed).unwrap_or_else(|_| panic!("{printed}"));
    let steps = printed["steps"].as_array().expect("steps");
    // Members that were not restored are not recorded.
    let token = printed["token"].as_str().expect("a token");
    fails(
        &mut site,
        &format!("bouquet done --restored kept.db --token {token}"),
        "is a member of another cluster, ",
    );
    fails(
        &mut site,
        "bouquet done --restored kept.db --token plans.0.1",
        "is no token of a restore",
    );
    let words = ["bring", "stop-clients", "stop-all", "restore-all", "record", "start-clients"];
    assert_eq!(site.follow(steps), words);
    let said = site.types("bouquet etcdctl -- get kept; bouquet etcdctl -- get lost");
    assert_eq!(said.trim(), "kept\n1", "{said}");
    let after = site.cluster_ids();
    assert!(after.iter().all(|id| *id == after[0] && !before.contains(id)), "{before:?} {after:?}");
    site.has_its_members();
    // The next build has the new IDs, and keeps them.
    for _ in 0..2 {
        site.build(&Spec::of(release));
        let status = site.types("bouquet status --json");
        let status: Value = serde_json::from_str(&status).unwrap_or_else(|_| panic!("{status}"));
        let id = status["cluster_id"].as_str().and_then(|id| u64::from_str_radix(id, 16).ok());
        assert_eq!((id, status["exit"].as_u64()), (Some(after[0]), Some(0)), "{status:#}");
    }
    let left = site.types("find machines -name 'restore-*.db'");
    assert_eq!(left, "", "no copy of the file stays on a node");
    let aside = site.types("find machines/of-*/data -maxdepth 2 -name '*.2[0-9]*'");
    assert_eq!(aside.lines().count(), 3, "what was there is kept: {aside}");
}

/// Each line fails, and says that.
fn fails(site: &mut Site, line: &str, words: &str) {
    let said = site.types(&format!("if {line}; then echo DONE; fi"));
    assert!(said.contains(words) && !said.contains("DONE"), "{line}: {said}");
}

#[test]
fn what_could_be_worth_less_than_the_snapshot_before_is_refused() {
    let release = releases().pop().expect("a release");
    let mut site = Site::start(&Spec::of(&release));
    site.types("mkdir backups; bouquet snapshot backups; bouquet snapshot whole.db");
    // What is there, and is no snapshot, stays.
    site.types("echo mine >notes.txt");
    fails(&mut site, "bouquet snapshot notes.txt", "is no snapshot");
    assert_eq!(fs::read_to_string(site.path("notes.txt")).expect("a file"), "mine\n");
    fails(&mut site, "bouquet snapshot nowhere/at/all.db", "there is no such folder");
    // A damaged one is told before anything is stopped.
    site.types("head -c 12000 whole.db >cut.db; cp whole.db flipped.db");
    site.types("printf x | dd of=flipped.db bs=1 seek=9000 conv=notrunc 2>/dev/null");
    fails(&mut site, "bouquet restore cut.db", "has no checksum at its end");
    fails(&mut site, "bouquet restore flipped.db", "its checksum does not fit");
    fails(&mut site, "bouquet restore notes.txt", "has no checksum at its end");
    fails(&mut site, "bouquet restore whole.db tulip", "tulip");
    let lines = site.types("bouquet restore whole.db orange");
    assert!(lines.contains(" snapshot restore /root/restore-orange.db "), "{lines}");
    // A cluster that went back.
    site.types("cd backups; mv *.db $(ls *.db | sed s/-r[0-9]*-/-r999999-/)");
    fails(&mut site, "bouquet snapshot backups", "the cluster went back");
    let said = site.types("bouquet snapshot backups --force --keep 1 --textfile last.prom");
    assert!(said.contains(".doubtful.db in ") && said.contains(", IN DOUBT"), "{said}");
    assert!(!said.contains("removed") && !site.path("last.prom").exists(), "{said}");
    // Two of three are stopped: the third gives a snapshot all the same.
    for last in [1, 2] {
        let address = site.address(last);
        site.types(&format!("ssh root@{address} systemctl stop etcd"));
    }
    fails(&mut site, "bouquet snapshot late.db --deadline 1s", "NO QUORUM");
    assert!(!site.path("late.db").exists() && !site.path(".late.db.partial").exists());
    site.types("bouquet snapshot late.db --deadline 1s --force");
    site.tool("snapshot status late.db -w json");
}
