//! A cluster that another tool or a person has set up is taken over as the guide has it, while someone writes: from `adopt` to the
//! first change.

mod by_hand;
mod kubespray;

use super::super::journey::Journey;
use super::super::spec::{THREE, address};
use super::NAMES;
use super::applied::load::Load;
use super::applied::typed::{LONGEST, RELEASE, applied, applies, is_recorded};
use crate::support::package::Package;
use crate::support::scope::release;
use std::fs;

/// The files of the client that was there before, on the control host.
const ADMIN: &str = "admin";

/// Does the one step that is a person's: where the client `root` is, gets its files. Here they are in `out/`.
const HOOK: &str = "--hook /bin/true";

/// The CA's key is there, and so are ssh and a unit of the same name: `apply` does all of it.
#[test]
fn a_cluster_of_kubespray_is_taken_over_by_apply_while_someone_writes() {
    let mut journey = bare();
    kubespray::runs(&mut journey);
    let load = Load::by(&journey, ADMIN);
    let before = listed(&journey);
    let others = files(&mut journey, kubespray::CERTS, kubespray::OTHERS);

    let files_of = ["/etc/systemd/system/etcd.service", "/etc/etcd.env"];
    let certs = ["ca.pem", "member-NAME.pem"].map(|it| format!("{}/{it}", kubespray::CERTS));
    let spec =
        described(&journey, "etcd.service", &[&files_of.map(str::to_owned), &certs[..]].concat());
    let (key, rest) = spec.split_once("# key = \"…\"").expect("a place for the key");
    let spec = format!("{key}key = \"pki/ca-key.pem\"{rest}");
    journey.builds(&spec);
    is_recorded_as_it_is(&journey);
    let what = "a cluster of Kubespray's is taken over";
    applied(&journey, what, HOOK);
    load.is_whole(&journey, what, LONGEST);
    is_recorded(&journey);

    is_changed(&journey, &spec, &load);
    assert_eq!(listed(&journey), before);
    assert_eq!(files(&mut journey, kubespray::CERTS, kubespray::OTHERS), others);
}

/// The CA's key is elsewhere, and the unit has a name of its own, which nobody but a person ends.
#[test]
fn a_cluster_that_was_made_by_hand_is_taken_over_node_by_node_while_someone_writes() {
    let mut journey = bare();
    by_hand::runs(&mut journey);
    by_hand::another_program_goes_on(&mut journey);
    let load = Load::by(&journey, ADMIN);
    let before = listed(&journey);
    let others = files(&mut journey, by_hand::CERTS, "backup*");

    let files_of =
        [format!("/etc/systemd/system/{}", by_hand::UNIT), "/etc/etcd/etcd.conf.yml".into()];
    let certs = ["ca.pem", "server.pem", "peer.pem"].map(|it| format!("{}/{it}", by_hand::CERTS));
    let spec = described(&journey, by_hand::UNIT, &[&files_of[..], &certs[..]].concat());
    journey.builds(&spec);
    let said = journey.types("./bouquet status");
    let words = "where its request is in `out/pki/requests`: have it signed, and build again";
    assert!(!said.ok && said.stderr.contains(words), "{}{}", said.stdout, said.stderr);
    journey.typed(by_hand::SIGNED);
    journey.builds(&spec);
    is_recorded_as_it_is(&journey);

    the_former_unit_is_nobodys_to_end(&mut journey);
    let what = "a cluster that was made by hand is taken over";
    for name in NAMES {
        journey.typed(&format!(
            "ssh root@{} systemctl disable -q --now {}",
            journey.host(name),
            by_hand::UNIT
        ));
        journey.brings(name);
        journey.installed(name, "");
        journey.is_healthy();
        load.is_whole(&journey, what, LONGEST);
    }
    by_hand::another_program_goes_on(&mut journey);
    journey.typed("./bouquet done --yes 2>&1");
    is_recorded(&journey);

    is_changed(&journey, &spec, &load);
    assert_eq!(listed(&journey), before);
    assert_eq!(files(&mut journey, by_hand::CERTS, "backup*"), others);
    by_hand::another_program_goes_on(&mut journey);
    for machine in journey.all() {
        let owners = machine.sh("find /srv/etcd/data -printf '%u:%g\\n' | sort -u");
        assert_eq!(owners, "etcd-data:etcd-data");
    }
}

fn bare() -> Journey {
    let mut journey = Journey::before_builds(Package::for_any_machine(""), release(RELEASE));
    journey.all_join(&THREE);
    journey
}

/// The cluster's ID, and those of its members.
fn listed(journey: &Journey) -> String {
    let said = journey.typed(&format!(
        "etcdctl --endpoints=https://{}:2379 --cacert={ADMIN}/ca.crt --cert={ADMIN}/client.crt \
         --key={ADMIN}/client.key member list -w json",
        address(THREE[0])
    ));
    let list: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    format!("{} {}", list["header"]["cluster_id"], list["members"])
}

/// What the folder of certificates has of other programs, on each node.
fn files(journey: &mut Journey, folder: &str, names: &str) -> Vec<String> {
    let shown = format!(
        "cd {folder}; for it in {names}; do stat -c '%n %a %U %G %Y' $it; sha256sum <$it; done"
    );
    journey.all().map(|machine| machine.sh(&shown)).collect()
}

/// What starts members is copied to the control host, and described; with the way to each node.
fn described(journey: &Journey, unit: &str, files: &[String]) -> String {
    for name in NAMES {
        let host = format!("root@{}", journey.host(name));
        let files: Vec<String> =
            files.iter().map(|file| format!("{host}:{}", file.replace("NAME", name))).collect();
        journey.typed(&format!("mkdir -p nodes/{name}; scp -q {} nodes/{name}", files.join(" ")));
    }
    let bouquet = env!("CARGO_BIN_EXE_bouquet");
    let said =
        journey.types(&format!("{bouquet} adopt nodes/*/{unit} --etcd {RELEASE} -o adopted.toml"));
    assert!(said.ok, "{}", said.stderr);
    let adopted = fs::read_to_string(journey.package.path("adopted.toml")).expect("a file");
    println!("{}\n{adopted}", said.stderr);
    THREE.into_iter().map(address).fold(adopted, |spec, host| {
        spec.replace(
            &format!("ip = \"{host}\"\n"),
            &format!("ip = \"{host}\"\nssh = \"root@{host}\"\n"),
        )
    })
}

/// It runs, and has none of the files that were built.
fn is_recorded_as_it_is(journey: &Journey) {
    let said = journey.typed("./bouquet done --adopted --yes 2>&1");
    assert!(said.contains("recorded 3 members\n"), "{said}");
    let said = journey.types("./bouquet status");
    println!("{}\n{}", said.stdout, said.stderr);
    let lacks = "daffodil, orange, pink have none of the files that were built";
    assert!(
        said.stdout.contains(lacks) && !said.stdout.contains("with other options"),
        "{}",
        said.stdout
    );
    let said = journey.types("./bouquet plan");
    println!("{}\n{}", said.stdout, said.stderr);
    assert!(said.stdout.contains("made-by another tool → a build"), "{}", said.stdout);
    let restarts = said.stdout.lines().filter(|line| line.contains("  restart ")).count();
    assert_eq!(restarts, 3, "{}", said.stdout);
    let again = journey.types("./bouquet done --adopted --yes");
    assert!(!again.ok && again.stderr.contains("cluster.lock records that "), "{}", again.stderr);
}

/// Its etcd has the ports: nothing is begun beside it.
fn the_former_unit_is_nobodys_to_end(journey: &mut Journey) {
    let said = applies(journey, HOOK);
    println!("{}\n{}", said.stdout, said.stderr);
    assert!(said.stdout.contains("ends with 1"), "{}", said.stdout);
    assert!(said.stderr.contains("is taken, by etcd, process "), "{}", said.stderr);
    for name in NAMES {
        assert_eq!(
            journey.machine(name).sh(&format!("systemctl is-active {}", by_hand::UNIT)),
            "active"
        );
    }
}

/// An ordinary change: `state` goes, and an option comes.
fn is_changed(journey: &Journey, spec: &str, load: &Load) {
    let state = spec.lines().find(|line| line.starts_with("state = ")).expect("it ran before");
    let spec = spec.replace(&format!("{state}\n"), "");
    let spec = spec.replace("[etcd]\n", "[etcd]\nmax-request-bytes = 2000000\n");
    journey.builds(&spec);
    let what = "a cluster that was taken over is changed";
    applied(journey, what, "");
    load.is_whole(journey, what, LONGEST);
    for name in NAMES {
        let unit = journey.typed(&format!(
            "ssh root@{} cat /etc/systemd/system/etcd.service",
            journey.host(name)
        ));
        assert!(unit.contains("--max-request-bytes=2000000"), "{unit}");
    }
    is_recorded(journey);
}
