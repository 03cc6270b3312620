//! A member more, and one in the place of another whose machine is gone.

use super::super::journey::Journey;
use super::super::spec::{Member, THREE, spec};
use super::{EACH, founded};

const CAMELLIA: Member = ("camellia", 100);

#[test]
fn a_member_joins_and_another_is_replaced_by_one_command_each() {
    for release in EACH {
        let mut journey = founded(release);
        camellia_joins(&mut journey, release);
        daffodil_gets_another_machine(&mut journey, release);
    }
}

fn camellia_joins(journey: &mut Journey, release: &str) {
    println!("{}", journey.typed("./bouquet done --yes 2>&1"));
    let four: Vec<Member> = THREE.into_iter().chain([CAMELLIA]).collect();
    journey.builds(&spec(release, &four, ""));
    println!("{}", journey.types("./bouquet plan 2>&1").stdout);
    journey.joins(CAMELLIA);
    journey.brings("camellia");
    journey.refuses("camellia", "camellia", "", "is no member of the cluster that runs");
    adds(journey, &["orange"], CAMELLIA);
    let said = journey.installed("camellia", "");
    println!("{said}");
    promotes(journey, &["orange"], "camellia");
    journey.is_healthy();
    println!("{}", journey.typed("./bouquet done --yes 2>&1"));
    println!("{}", journey.types("./bouquet status 2>&1").stdout);
}

/// Its machine is gone, and so is its address.
fn daffodil_gets_another_machine(journey: &mut Journey, release: &str) {
    journey.machine("daffodil").cut_power();
    let new = ("daffodil", 104);
    let four = [THREE[0], THREE[1], new, CAMELLIA];
    let id = id(journey, "daffodil");
    let removed = journey.etcdctl(&["orange"], &format!("member remove {id}"));
    assert!(removed.ok, "{}", removed.stderr);
    journey.builds(&spec(release, &four, ""));
    println!("{}", journey.types("./bouquet plan 2>&1").stdout);
    let mut machine = journey.machine_at("daffodil2", new);
    machine.boot();
    machine.wait_for("systemctl is-active sshd");
    journey.replaces(new, machine);
    journey.brings("daffodil");
    adds(journey, &["orange"], new);
    println!("{}", journey.installed("daffodil", ""));
    promotes(journey, &["orange"], "daffodil");
    journey.is_healthy();
    println!("{}", journey.types("./bouquet status 2>&1").stdout);
    println!("{}", journey.types("./bouquet done --yes 2>&1").stdout);
}

/// For the first five seconds after a start etcd takes no change of members.
fn adds(journey: &Journey, by: &[&str], member: Member) {
    let (name, url) = (member.0, format!("https://{}:2380", super::super::spec::address(member)));
    journey.until(|| {
        let add = format!("member add {name} --learner --peer-urls={url}");
        let said = journey.etcdctl(by, &add);
        if said.ok { Ok(()) } else { Err(said.stderr) }
    });
}

/// Once it has caught up.
fn promotes(journey: &Journey, by: &[&str], name: &str) {
    let id = journey.until(|| {
        let id = id(journey, name);
        if id.is_empty() { Err(format!("{name} is not listed")) } else { Ok(id) }
    });
    journey.until(|| {
        let said = journey.etcdctl(by, &format!("member promote {id}"));
        if said.ok { Ok(()) } else { Err(said.stderr) }
    });
}

fn id(journey: &Journey, name: &str) -> String {
    let list = journey.etcdctl(&["orange"], "member list").stdout;
    let line = list.lines().find(|line| line.contains(&format!(", {name}, ")));
    line.and_then(|line| line.split_once(',')).map(|(id, _)| id.to_owned()).unwrap_or_default()
}
