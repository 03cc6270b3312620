//! One cluster in good days and in bad ones.

use super::fleet::{Fleet, THREE};
use crate::support::releases::releases;
use crate::support::side_by_side::with_each;
use std::fs;
use std::time::Duration;

/// What a busy machine may add to a deadline of two seconds.
const SLACK: Duration = Duration::from_millis(1500);

const ALL: [&str; 3] = ["orange", "pink", "daffodil"];

#[test]
fn a_cluster_is_told_as_it_is_in_good_days_and_in_bad_ones() {
    with_each(&releases(), |release| {
        let other = other_patch(release);
        // The second is built for another patch of the same minor.
        let head = |version: &str| {
            format!(
                "[cluster]\ntoken = \"status\"\netcd = \"{version}\"\n[etcd]\ndata-dir = \"HERE/data\"\n\
                 [tls]\ncerts-dir = \"HERE/certs\"\n{THREE}"
            )
        };
        let mut fleet = Fleet::built(release, &[&head(release), &head(&other)]);
        nobody_answers(&fleet);
        for name in fleet.names() {
            fleet.install(&name, 0);
            fleet.start(&name);
        }
        all_is_well(&fleet);
        corrupt_and_nobody_knows_whose(&fleet);
        stopped_and_killed(&mut fleet);
        recorded(&fleet, &other);
    });
}

/// A patch of the same minor that is no known fault, and that no test runs.
fn other_patch(release: &str) -> String {
    let minor = release.rsplit_once('.').expect("a patch").0;
    let patch = if minor == "3.7" {
        2
    } else if minor == "3.5" {
        32
    } else {
        22
    };
    format!("{minor}.{patch}")
}

fn nobody_answers(fleet: &Fleet) {
    let told = fleet.says(0, &["status", "--json"]);
    assert_eq!(told.code, 3, "{told:?}");
    assert_eq!(told.states(&ALL), ["down", "down", "down"]);
    assert_eq!(told.messages()[0], "no member says who the members are");
}

fn all_is_well(fleet: &Fleet) {
    let told = fleet.waits(0, |told| told.code == 0);
    // What is known of a release is told of one that is compiled, too.
    let of_release = format!("etcd {}, which ", fleet.release);
    assert!(told.messages().iter().all(|it| it.starts_with(&of_release)), "{told:?}");
    let json = told.json();
    assert_eq!(told.states(&ALL), ["up", "up", "up"]);
    assert_eq!(
        (&json["voters"], &json["voters_up"], &json["quorum"]),
        (&3.into(), &3.into(), &2.into())
    );
    assert_eq!(json["unasked"], serde_json::json!([]));
    assert_eq!(json["unrecorded"], serde_json::json!(["daffodil", "orange", "pink", "root"]));
    let leaders = ALL.iter().filter(|name| told.member(name)["role"] == "leader").count();
    assert_eq!(leaders, 1, "{told:?}");
    for (name, compiled) in ALL.iter().zip(fleet.cluster.members.iter()) {
        let member = told.member(name);
        assert_eq!(member["version"], fleet.release.as_str());
        assert_eq!(member["id"], compiled.id.expect("an ID").to_string());
        assert_eq!(member["quota"], 2_147_483_648_u64, "by Status, and before 3.6 by the metrics");
        let mesh = member["mesh"].as_object().expect("an object");
        assert!(mesh.len() == 2 && mesh.values().all(|is| is == true), "{member}");
        for port in ["client_certificate", "peer_certificate"] {
            assert_eq!(member[port]["validity"], "valid");
            assert!(member[port]["difference"].is_null(), "{member}");
        }
        assert!(member["took"].as_u64().is_some(), "{member}");
    }
    let table = fleet.says(0, &["status"]);
    assert_eq!(table.code, 0, "{table:?}");
    let head = table.stdout.lines().next().expect("a line");
    assert!(head.ends_with("3 of 3 answer, quorum 2, tolerates 1"), "{}", table.stdout);
    assert!(table.stdout.contains("recorded by `bouquet done`:\n  daffodil, orange, pink, root\n"));
    let textfile = fleet.path("status.prom");
    let metrics =
        fleet.says(0, &["status", "--prometheus", "--textfile", &textfile.display().to_string()]);
    let written = fs::read_to_string(textfile).expect("a file");
    assert!(written.contains("bouquet_cluster_exit_code{cluster=\"status\"} 0\n"), "{written}");
    assert!(
        metrics.stdout.contains("bouquet_cluster_exit_code{cluster=\"status\"} 0\n"),
        "{metrics:?}"
    );
    assert_eq!(metrics.stdout.matches("bouquet_peer_connected{").count(), 6, "{metrics:?}");
}

/// The alarm as etcd raises it itself where it cannot tell which member differs: of the member 0.
fn corrupt_and_nobody_knows_whose(fleet: &Fleet) {
    let alarm = r#"{"action": "ACTIVATE", "memberID": "0", "alarm": "CORRUPT"}"#;
    fleet.gateway("orange", "maintenance/alarm", alarm);
    let told = fleet.finds(
        0,
        1,
        "CORRUPT of the cluster: etcd does not know which member differs, and takes no write",
    );
    assert!(
        told.stdout.contains("all have the same data: `bouquet etcdctl -- alarm disarm`"),
        "{told:?}"
    );
    assert!(!told.stdout.contains("empty member"), "{told:?}");
    let file = fleet.path("corrupt.db").display().to_string();
    let refused = fleet.says(0, &["snapshot", &file]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.stderr.contains("CORRUPT of the cluster"), "{refused:?}");
    assert!(!fleet.path("corrupt.db").exists());
    fleet.gateway("orange", "maintenance/alarm", &alarm.replace("ACTIVATE", "DEACTIVATE"));
    fleet.waits(0, |told| told.code == 0);
}

/// One that is broken never hides the others.
fn stopped_and_killed(fleet: &mut Fleet) {
    fleet.signal("orange", "-STOP");
    let told = fleet.waits(0, |told| told.states(&ALL) == ["silent", "up", "up"] && told.code == 1);
    let limit = Duration::from_secs(2) + SLACK;
    assert!(told.took < limit, "{:?}", told.took);
    // Its kernel takes the connection, and nothing shows a certificate.
    assert!(told.member("orange")["client_certificate"].is_null());
    let table = fleet.says(0, &["status"]);
    assert!(
        table.stdout.contains("2 of 3 answer, quorum 2: ONE MORE FAILURE STOPS WRITES"),
        "{table:?}"
    );
    fleet.signal("orange", "-CONT");
    fleet.waits(0, |told| told.code == 0);
    fleet.kill("pink");
    let told = fleet.finds(0, 1, "pink is down: nobody listens at");
    assert_eq!(told.states(&ALL), ["up", "down", "up"]);
    fleet.kill("orange");
    let told = fleet.finds(0, 3, "no quorum: 1 of 3 voters answer, and it takes 2: writes stop");
    assert_eq!(told.states(&ALL), ["down", "down", "up"]);
    let table = fleet.says(0, &["status"]);
    assert!(table.stdout.contains("1 of 3 answer, quorum 2: NO QUORUM: writes stop"), "{table:?}");
    assert!(table.took < limit, "{:?}", table.took);
    for name in ["orange", "pink"] {
        fleet.start(name);
    }
    fleet.waits(0, |told| told.code == 0);
}

fn recorded(fleet: &Fleet, other: &str) {
    let release = &fleet.release;
    let told = fleet.says(1, &["status", "--json"]);
    assert_eq!(told.code, 2, "{told:?}");
    assert!(told.messages()[0].contains(&format!("run etcd {release}, and compiled is {other}")));
    let lock = fs::read(fleet.path("1/cluster.lock")).expect("a lock");
    let refused = fleet.says(1, &["done", "--yes"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    for name in ALL {
        let clause = format!("note: `{name}` runs etcd {release}, and not {other}\n");
        assert!(refused.stderr.contains(&clause), "{}", refused.stderr);
    }
    assert_eq!(
        fs::read(fleet.path("1/cluster.lock")).expect("a lock"),
        lock,
        "nothing was written"
    );
    let anyway = fleet.says(1, &["done", "--yes", "--offline"]);
    assert_eq!(anyway.code, 0, "{anyway:?}");
    let done = fleet.says(0, &["done", "--yes"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(
        !done.stderr.contains("was not seen") && !done.stderr.contains("nobody was asked"),
        "{done:?}"
    );
    assert_eq!(fleet.says(0, &["status", "--json"]).json()["unrecorded"], serde_json::json!([]));
}
