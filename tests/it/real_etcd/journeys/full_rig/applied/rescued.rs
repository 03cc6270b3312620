//! A cluster that has lost two of its three machines for good, with their disks.

use super::super::super::journey::Journey;
use super::super::super::spec::THREE;
use super::load::{Load, there};
use super::typed::{PINK, applied, by_ssh, has_succeeded, is_recorded};
use crate::support::package::Package;
use crate::support::run::Said;
use crate::support::scope::LINES;
use std::time::Instant;

const DAFFODIL: (&str, u8) = THREE[2];

/// One is left, which was cut off while the others went on: what they alone had is lost, and that is what was announced.
#[test]
fn what_was_lost_with_two_disks_is_what_was_announced_on_each_line_of_releases() {
    for release in LINES {
        let package = Package::for_any_machine(&by_ssh(&THREE, "").replace(
            "etcd = \"3.6\"",
            &format!("etcd = \"{}\"", release.rsplit_once('.').expect("a patch").0),
        ));
        let mut journey = Journey::at(package, &THREE, release);
        applied(&journey, "bare machines are a cluster", "--bootstrap");
        is_rescued(&mut journey, release);
    }
}

fn is_rescued(journey: &mut Journey, release: &str) {
    let load = Load::begin(journey);
    load.goes_on();
    journey.network.cut("orange");
    load.goes_on();
    for name in ["pink", "daffodil"] {
        journey.machine(name).cut_power();
    }
    let acknowledged = load.ends();
    journey.network.mend("orange");

    let said = rescues(journey, "");
    let words = "error: what is left of `daffodil`, `pink` is not known\n";
    assert!(said.stderr.contains(words), "{}{}", said.stdout, said.stderr);
    assert!(said.stdout.ends_with("ends with 1\n"), "{}", said.stdout);
    let up = journey.machine("orange").run("systemctl is-active etcd");
    assert_eq!(up.stdout, "active\n");

    let what = format!("etcd {release}: two of three disks are gone");
    let began = Instant::now();
    let said = rescues(journey, "--lost pink --lost daffodil");
    has_succeeded(&what, began, &said);
    let revision: i64 = said
        .stdout
        .lines()
        .find_map(|line| line.rsplit_once("kept: all that was acknowledged up to revision "))
        .and_then(|(_, revision)| revision.parse().ok())
        .expect("what is kept");
    let there = there(journey);
    let lost: Vec<&usize> = acknowledged.difference(&there).collect();
    println!("{what}: {} were acknowledged, {} are lost", acknowledged.len(), lost.len());
    let last = there.last().expect("some are there");
    assert!(!lost.is_empty() && lost.iter().all(|number| *number > last), "{lost:?}, {last}");
    let kept = journey.etcdctl(&["orange"], &format!("get written/{last} -w json"));
    let kept: serde_json::Value = serde_json::from_str(&kept.stdout).expect("JSON");
    let at = kept["kvs"][0]["mod_revision"].as_i64().expect("a revision");
    assert!(at <= revision, "written/{last} at {at}, and {revision} was announced");

    grows_again(journey);
}

/// New machines are at the addresses of those that are lost.
fn grows_again(journey: &mut Journey) {
    for (member, name) in [(PINK, "pink-2"), (DAFFODIL, "daffodil-2")] {
        journey.network.cut(member.0);
        let machine = journey.machine_at(name, member);
        journey.replaces(member, machine);
        journey.until(|| {
            let said = journey.types(&format!("ssh root@{} true", journey.host(member.0)));
            if said.ok { Ok(()) } else { Err(said.stderr) }
        });
    }
    let spec = journey.typed("cat cluster.toml");
    journey.builds(&spec);
    let load = Load::begin(journey);
    let what = "the rescued one is three again";
    applied(journey, what, "");
    load.is_whole(journey, what, super::typed::LONGEST);
    is_recorded(journey);
}

/// Has it rescued, whatever comes of it.
fn rescues(journey: &Journey, options: &str) -> Said {
    let script = "./bouquet rescue --yes OPTIONS || echo \"ends with $?\"";
    journey.types(&script.replace("OPTIONS", options))
}
