//! What is wrong with the data of members.

use crate::real_etcd::status::fleet::{Fleet, THREE};
use crate::support::run::{etcd, run};
use crate::support::scope::RELEASES;
use crate::support::side_by_side::with_each;
use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

const ALL: [&str; 3] = ["orange", "pink", "daffodil"];

/// On every release: alarms are read from a text of the status.
#[test]
fn a_full_database_and_its_alarm_are_told() {
    with_each(&RELEASES, |release| {
        let spec = format!(
            "[cluster]\ntoken = \"status\"\netcd = \"{release}\"\n\
             [etcd]\ndata-dir = \"HERE/data\"\nquota-backend-bytes = \"2MiB\"\n\
             [tls]\ncerts-dir = \"HERE/certs\"\n{THREE}"
        );
        let fleet = Fleet::run(release, &[&spec]);
        let value = "x".repeat(100 * 1024);
        let is_full = (0..60).any(|number| {
            let said = fleet.etcdctl("orange", &["put", &format!("filled/{number}"), &value]);
            !said.ok && said.stderr.contains("database space exceeded")
        });
        assert!(is_full, "the quota never was reached");
        let told =
            fleet.waits(0, |told| told.messages().iter().any(|it| it.starts_with("NOSPACE of ")));
        assert_eq!(told.code, 1, "{told:?}");
        assert!(told.messages().iter().any(|it| it.contains(" as large as its quota")), "{told:?}");
        assert_eq!(told.member("pink")["quota"], 2 << 20);
    });
}

/// Each member restored another snapshot: all are healthy, and no alarm is raised.
#[test]
fn members_that_have_diverged_are_told_while_they_rest_and_while_they_are_written() {
    with_each(&super::BOTH, |release| {
        let mut fleet = Fleet::run(release, &[THREE]);
        for (number, name) in ALL.iter().enumerate() {
            for key in 0..10 {
                fleet.succeeds("orange", &["put", &format!("{number}/{key}"), "x"]);
            }
            let file = fleet.path(&format!("{name}.db")).display().to_string();
            fleet.succeeds("orange", &["snapshot", "save", &file]);
        }
        for name in ALL {
            fleet.kill(name);
        }
        fs::remove_dir_all(fleet.path("data")).expect("data");
        let list = fleet.cluster.members.iter();
        let list = list.map(|it| format!("{}={}", it.name, it.initial_advertise_peer_urls[0]));
        let list = list.collect::<Vec<_>>().join(",");
        for member in fleet.cluster.members.iter() {
            let tools = etcd(&fleet.release);
            let tool = if tools.join("etcdutl").exists() { "etcdutl" } else { "etcdctl" };
            let mut restore = Command::new(tools.join(tool));
            restore.env_clear().env("ETCDCTL_API", "3").args(["snapshot", "restore"]);
            restore.arg(fleet.path(&format!("{}.db", member.name)));
            restore.args(["--name", member.name.as_str(), "--initial-cluster-token=status"]);
            restore.arg(format!("--initial-cluster={list}"));
            restore.arg(format!(
                "--initial-advertise-peer-urls={}",
                member.initial_advertise_peer_urls[0]
            ));
            restore.arg("--data-dir").arg(fleet.path(&format!("data/{}", member.name)));
            let said = run(&mut restore);
            assert!(said.ok, "{}", said.stderr);
        }
        for name in ALL {
            fleet.start(name);
        }
        fleet.waits(0, |told| told.states(&ALL) == ["up", "up", "up"]);
        let told = fleet.finds(0, 1, "members have DIVERGED: ");
        let mut revisions: Vec<_> =
            ALL.iter().map(|name| told.member(name)["revision"].as_i64()).collect();
        revisions.sort_unstable();
        revisions.dedup();
        assert_eq!(revisions.len(), 3, "{told:?}");
        let healthy = fleet.succeeds("orange", &["endpoint", "health", "--cluster"]);
        assert!(!healthy.contains("unhealthy"), "{healthy}");
        // While someone writes all the time, no reading is like the one before.
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| fleet.writes(0, &stop));
            for _ in 0..5 {
                let told = fleet.says(0, &["status", "--json"]);
                let found =
                    told.messages().iter().any(|it| it.starts_with("members have DIVERGED: "));
                // The writer is to end before the test fails.
                stop.store(!found, Ordering::Relaxed);
                assert!(found, "{told:?}");
            }
            stop.store(true, Ordering::Relaxed);
        });
    });
}
