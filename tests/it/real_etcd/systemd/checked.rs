//! `check-node` on a machine that was installed by the guide, held to whether etcd starts there.

use super::site::Site;
use super::{alone, line};
use crate::support::build::Output;
use crate::support::package::Package;
use crate::support::run::Said;
use crate::support::scope::release;
use bouquet_rig::Machine;
use std::fs;

#[test]
fn a_node_is_as_compiled_after_the_guide_and_etcd_fails_where_it_is_critical() {
    let release = release("3.5.33");
    let package = Package::for_machines(&alone(
        line(release),
        "data-dir = \"/data/etcd\"",
        "/opt/etcd/certs",
    ));
    package.build();
    let mut site = Site::with(Output::of_package(package.folder.path()), release, 1);
    site.install();
    let machine = &mut site.machines[0];
    fs::copy(package.program(), machine.path("/opt/flowers")).expect("a program");
    is_as_compiled(machine);
    machine.sh("systemctl start etcd");
    is_as_compiled(machine);
    let anybody = "setpriv --reuid=1234 --regid=1234 --clear-groups /opt/flowers check-node";
    let Said { ok, stdout, stderr } = machine.run(anybody);
    assert!(!ok && stderr.contains("or as root\n"), "{stderr}");
    assert!(stdout.contains("etcd.service  one  as compiled\n"), "{stdout}");

    machine.sh("systemctl stop etcd; chown root: /opt/etcd/certs/server.key");
    let says = "server.key cannot be read by `etcd`, the user of the unit";
    fails(machine, says, "chown etcd /opt/etcd/certs/server.key");

    let other = "cp -p /opt/etcd/certs/peer.key /opt/etcd/certs/server.key";
    machine.sh(&format!("cp -p /opt/etcd/certs/server.key /root/; {other}"));
    let again = "cp -p /root/server.key /opt/etcd/certs/server.key";
    fails(machine, "server.key does not fit server.crt", again);

    let folder = "/etc/systemd/system/etcd.service.d";
    let edit = "printf '[Service]\\nEnvironment=ETCD_NAME=x\\n'";
    machine.sh(&format!("mkdir {folder}; {edit} >{folder}/mine.conf; systemctl daemon-reload"));
    let gone = &format!("rm -r {folder}; systemctl daemon-reload");
    fails(machine, "mine.conf overrides `Environment` of the compiled unit", gone);
}

fn is_as_compiled(machine: &Machine) {
    let said = machine.sh("/opt/flowers check-node 2>&1");
    assert_eq!(said.matches("  as compiled").count(), 4, "{said}");
    assert_eq!(said.matches("  fits").count(), 2, "{said}");
    assert_eq!(said.lines().count(), 7, "{said}");
}

/// The check says it and etcd does not start, until it is put right.
fn fails(machine: &mut Machine, says: &str, way_out: &str) {
    let Said { ok, stdout, stderr } = machine.run("/opt/flowers check-node");
    assert!(!ok && stderr.contains(says), "{stdout}{stderr}");
    machine.sh("systemctl start --no-block etcd");
    machine.wait_for("systemctl show --property=Result etcd | grep -qx Result=exit-code");
    machine.sh(&format!("systemctl stop etcd; {way_out}"));
    is_as_compiled(machine);
    machine.sh("systemctl start etcd");
    machine.sh("systemctl stop etcd");
}
