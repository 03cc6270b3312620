//! What is on the node already is in the way, or is not what etcd would go on from.

use super::{INSTALL, bare, builds, done, refused, spec};
use crate::support::package::Package;
use crate::support::scope::release;
use bouquet_rig::Machine;

#[test]
fn what_would_keep_etcd_from_running_is_told_before_anything_is_changed() {
    let release = release("3.6.16");
    let package = Package::for_machines(&spec(release, ""));
    let site = bare(&package, release);
    let machine = &site.machines[0];
    runs_another_etcd(machine);
    is_masked(machine);
    for port in ["2379", "2380"] {
        has_a_port_taken(machine, port);
    }
    machine.sh("echo '/dev/none /data ext4 defaults 0 2' >/etc/fstab");
    refused(
        machine,
        INSTALL,
        &["a disk belongs at /data, and is not mounted", "help: `mount /data`"],
    );
    machine.sh("rm /etc/fstab; mount -t tmpfs tmpfs /usr/local/bin");
    refused(machine, INSTALL, &["there is no etcd here", "install etcd 3.6"]);
    machine.sh("printf '#!/bin/sh\\necho etcd Version: 3.4.23\\n' >/usr/local/bin/etcd; chmod +x /usr/local/bin/etcd");
    refused(machine, INSTALL, &["/usr/local/bin/etcd is etcd 3.4.23, and cluster.toml has 3.6"]);
    machine.sh("umount /usr/local/bin");
    let said = done(machine, INSTALL);
    assert!(said.ends_with("one runs, and is ready\n"), "{said}");

    // On a member that runs it is told, too, before it would be restarted.
    builds(&site, &package, &spec(release, "snapshot-count = 5000"));
    machine.sh("mount -t tmpfs tmpfs /usr/local/bin");
    refused(machine, INSTALL, &["there is no etcd here"]);
    machine.sh("umount /usr/local/bin");
    let said = done(machine, INSTALL);
    assert!(said.contains("restarted etcd, for snapshot-count"), "{said}");
    has_damaged_data(machine);
    has_data_of_another_cluster(&site, &package, release);
}

/// As Debian's package has it: a unit of the same name, in a weaker folder.
fn runs_another_etcd(machine: &Machine) {
    let unit = "[Service]\\nType=notify\\nDynamicUser=yes\\nStateDirectory=etcd\\n\
                ExecStart=etcd --data-dir=/var/lib/etcd/default\\n[Install]\\nWantedBy=multi-user.target\\n";
    machine.sh(&format!(
        "mkdir -p /run/systemd/system; printf '{unit}' >/run/systemd/system/etcd.service; \
         systemctl daemon-reload; systemctl start etcd"
    ));
    let said = refused(
        machine,
        INSTALL,
        &["an etcd of the distribution runs here: /run/systemd/system/etcd.service"],
    );
    let (_, help) = said.rsplit_once("do this again: `").expect("a way");
    machine.sh(help.split('`').next().expect("a command"));
    machine.sh("rm /run/systemd/system/etcd.service; systemctl daemon-reload");
}

/// It was masked so that it does not start, for good or until the next boot.
fn is_masked(machine: &Machine) {
    for runtime in ["", " --runtime"] {
        machine.sh(&format!("systemctl mask{runtime} etcd"));
        let undo = format!("`systemctl unmask{runtime} etcd`");
        for line in [INSTALL, &format!("{INSTALL} --no-start")] {
            refused(machine, line, &["error: etcd.service is masked", &undo]);
        }
        let said = machine.run("/root/new/bouquet doctor one").stderr
            + &machine.run("/root/new/bouquet doctor one").stdout;
        assert!(said.contains("etcd.service is masked: nothing starts it"), "{said}");
        machine.sh(undo.trim_matches('`'));
    }
    for masks in [": >", "ln -s ../../../dev/null "] {
        machine.sh(&format!("{masks}/etc/systemd/system/etcd.service; systemctl daemon-reload"));
        for line in [INSTALL, &format!("{INSTALL} --no-start")] {
            refused(machine, line, &["error: etcd.service is masked", "`systemctl unmask etcd`"]);
        }
        machine.sh("systemctl unmask etcd; ! ls -d /etc/systemd/system/etcd.service");
    }
}

fn has_a_port_taken(machine: &Machine, port: &str) {
    let address = format!("192.168.65.101:{port}");
    machine.sh(&format!(
        "systemd-run --quiet --unit=holder systemd-socket-activate --listen={address} sleep 1; \
         for i in $(seq 600); do ss -ltn | grep -q {address} && break; sleep 0.1; done; \
         ss -ltn | grep {address}"
    ));
    let holder = machine.sh("systemctl show --property=MainPID --value holder");
    let taken =
        [format!("{address} is taken, by systemd-socket-"), format!(", process {holder}\n")];
    refused(machine, INSTALL, &[&taken[0], &taken[1], &format!("systemctl status {holder}")]);
    machine.sh("systemctl stop holder");
}

const WAL: &str = "/data/etcd/member/wal";

fn has_damaged_data(machine: &Machine) {
    machine.sh(&format!("systemctl stop etcd; cp -a /data/etcd /root/data; rm -r {WAL}"));
    refused(
        machine,
        INSTALL,
        &["`one` has run here, and there is no log", "/opt/etcd/certs.one.started"],
    );
    let again = "rm -r /data/etcd; cp -a /root/data /data/etcd";
    machine.sh(again);
    for damage in ["if=/dev/urandom bs=512 count=1", "if=/dev/zero bs=4k count=1"] {
        machine
            .sh(&format!("for log in {WAL}/*.wal; do dd {damage} of=\"$log\" conv=notrunc; done"));
        refused(
            machine,
            INSTALL,
            &["there is a log here, and it does not say whose it is", "nothing was changed"],
        );
        machine.sh(again);
    }
    let said = done(machine, INSTALL);
    assert_eq!(said, "started etcd\none runs, and is ready\n");
}

fn has_data_of_another_cluster(
    site: &super::super::site::Site,
    package: &Package,
    release: &'static str,
) {
    let machine = &site.machines[0];
    machine.sh("systemctl stop etcd");
    builds(site, package, &spec(release, "").replace("\"alone\"", "\"another\""));
    refused(
        machine,
        INSTALL,
        &["the data here is of another cluster, ", "and `another` is ", "install one --set-aside"],
    );
    let said = done(machine, &format!("{INSTALL} --set-aside"));
    assert!(said.contains("set aside /data/etcd as /data/etcd.20"), "{said}");
    assert!(said.ends_with("one runs, and is ready\n"), "{said}");
}
