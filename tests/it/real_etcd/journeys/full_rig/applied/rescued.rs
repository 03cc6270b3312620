//! A cluster that has lost two of its three machines for good, with their disks.

use super::super::super::journey::Journey;
use super::super::super::spec::{Member, THREE};
use super::load::{Load, there, there_on};
use super::typed::{LONGEST, PINK, RELEASE, applied, by_ssh, has_succeeded, is_recorded};
use crate::support::package::Package;
use crate::support::run::Said;
use crate::support::scope::LINES;
use serde_json::Value;
use std::time::Instant;

const DAFFODIL: Member = THREE[2];
const LOST: &str = "--lost pink --lost daffodil";

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
    let said = rescues(journey, LOST);
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
    let newest = there.last().expect("some are there");
    assert!(!lost.is_empty() && lost.iter().all(|number| number > &newest), "{lost:?}, {newest}");
    let kept = journey.etcdctl(&["orange"], &format!("get written/{newest} -w json"));
    let kept: Value = serde_json::from_str(&kept.stdout).expect("JSON");
    let at = kept["kvs"][0]["mod_revision"].as_i64().expect("a revision");
    assert!(at <= revision, "written/{newest} at {at}, and {revision} was announced");

    grows_again(journey);
}

/// Whatever it was at when it was killed, the same again goes on.
#[test]
fn a_rescue_that_is_killed_is_gone_on_with() {
    let mut journey = Journey::at(Package::for_any_machine(&by_ssh(&THREE, "")), &THREE, RELEASE);
    applied(&journey, "bare machines are a cluster", "--bootstrap");
    let load = Load::begin(&journey);
    load.goes_on();
    let before = load.ends();
    for name in ["pink", "daffodil"] {
        journey.machine(name).cut_power();
        journey.network.cut(name);
    }
    for moment in ["2.4", "3.0", "3.6", "4.2", "4.8", "5.4", "6.0", "6.6", "7.2"] {
        let said = journey.types(&KILLED.replace("MOMENT", moment));
        println!("after {moment} s: {}{}", said.stdout, said.stderr);
    }
    // What was begun on the node goes on for a moment.
    journey.until(|| {
        let said = rescues(&journey, LOST);
        if said.stdout.contains("ends with ") { Err(said.stdout + &said.stderr) } else { Ok(()) }
    });
    assert_eq!(there(&journey), before);
    grows_again(&mut journey);
}

/// It ends, as with its machine, after so many seconds.
const KILLED: &str = "\
./bouquet rescue --yes --lost pink --lost daffodil &
sleep MOMENT
kill -KILL $! 2>/dev/null || :
wait $! || :
";

/// etcd writes its log at once, and its database every 100 ms: one that is killed under load has more in the one.
#[test]
fn what_the_log_of_one_that_was_killed_has_is_taken_in() {
    let mut journey = Journey::at(Package::for_any_machine(&by_ssh(&THREE, "")), &THREE, RELEASE);
    applied(&journey, "bare machines are a cluster", "--bootstrap");
    journey.brings("orange");
    let load = Load::begin(&journey);
    let lacks = |journey: &Journey| {
        journey.typed(
            "ssh root@192.168.65.101 'systemctl kill --signal=KILL etcd; systemctl stop etcd'",
        );
        let said = journey.typed("ssh root@192.168.65.101 ./bouquet rescue orange --json");
        let data = &serde_json::from_str::<Value>(&said).expect("JSON")["data"];
        let (applied, committed) = (&data["database"]["applied"], &data["log"]["committed"]);
        applied.as_u64().expect("an entry") < committed.as_u64().expect("an entry")
    };
    let mut tries = 0;
    loop {
        load.goes_on();
        if lacks(&journey) {
            break;
        }
        tries += 1;
        assert!(tries < 20, "the database has always all");
        journey.typed("ssh root@192.168.65.101 systemctl start etcd");
    }
    let acknowledged = load.ends();
    for name in ["pink", "daffodil"] {
        journey.machine(name).cut_power();
        journey.network.cut(name);
    }
    let began = Instant::now();
    let said = rescues(&journey, LOST);
    has_succeeded("one that was killed under load is rescued", began, &said);
    assert!(said.stderr.contains("etcd takes in what its log has"), "{}", said.stderr);
    assert!(!said.stderr.contains("not all that its log has"), "{}", said.stderr);
    assert!(!said.stdout.contains("did not reach its database"), "{}", said.stdout);
    let there = there(&journey);
    let newest = there.last().expect("some are there");
    assert!(acknowledged.difference(&there).all(|number| number > newest));
}

/// The rack is moved: each finds its data, and nobody finds another.
#[test]
fn where_all_machines_have_other_addresses_one_goes_on_and_the_others_join_it() {
    let mut journey = Journey::at(Package::for_any_machine(&by_ssh(&THREE, "")), &THREE, RELEASE);
    applied(&journey, "bare machines are a cluster", "--bootstrap");
    let load = Load::begin(&journey);
    load.goes_on();
    let before = load.ends();
    let moved = THREE.map(|(name, last)| (name, last + 10));
    for (member, (_, to)) in THREE.into_iter().zip(moved) {
        journey.moves(member, to);
    }
    let accepted = "accept = [\"move daffodil https://192.168.65.113:2380 orange https://192.168.65.111:2380 \
                    pink https://192.168.65.112:2380\"]\n";
    journey.builds(&by_ssh(&moved, "").replace("[cluster]\n", &format!("[cluster]\n{accepted}")));

    let said = rescues(&journey, "");
    for words in [
        "error: 3 of 3 members have their data, and 2 are a quorum: `daffodil`, `orange`, `pink`\n",
        "help: give each machine its old address besides",
    ] {
        assert!(said.stderr.contains(words), "{words}: {}{}", said.stdout, said.stderr);
    }
    let began = Instant::now();
    let said = rescues(&journey, "--moved");
    has_succeeded("all machines were moved", began, &said);
    let words = " becomes the only member of a new cluster, with its data";
    let chosen = said.stdout.lines().find_map(|line| line.split_once(words));
    let (chosen, _) = chosen.expect("whose data goes on");
    assert_eq!(there_on(&journey, chosen), before);
    journey.builds(&by_ssh(&moved, ""));
    applied(&journey, "the others join the one that was moved", "--hook true");
    assert_eq!(there(&journey), before);
    is_recorded(&journey);
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
    load.is_whole(journey, what, LONGEST);
    is_recorded(journey);
}

/// Has it rescued, whatever comes of it.
fn rescues(journey: &Journey, options: &str) -> Said {
    let script = "./bouquet rescue --yes OPTIONS || echo \"ends with $?\"";
    journey.types(&script.replace("OPTIONS", options))
}
