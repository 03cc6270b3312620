//! What `doctor` says of a node, as it comes to be what it says.

use crate::real_etcd::systemd::install::{NAMES, bare, installed, spec};
use crate::support::package::Package;
use crate::support::run::Said;
use crate::support::scope::release;
use bouquet_rig::Machine;
use serde_json::Value;

const DOCTOR: &str = "/root/new/bouquet doctor";
const DATA: &str = "/data/etcd/member";

#[test]
fn a_node_is_well_after_install_and_each_fault_is_told_until_it_is_mended() {
    let release = release("3.6.16");
    let package = Package::for_machines(&spec(release, ""));
    let mut site = bare(&package, release);
    is_bare(&site.machines[0]);
    for (i, flags) in ["--bootstrap", "", ""].into_iter().enumerate() {
        installed(&site, i, flags);
    }
    for machine in &mut site.machines {
        machine.wait_for("systemctl is-active etcd");
        is_well(machine);
    }
    is_not_all_seen_by_anybody(&site.machines[0]);
    has_a_proxy_that_the_unit_leaves_out(&site.machines[0]);
    has_few_files(&mut site.machines[0]);

    site.machines[1].sh("systemctl stop etcd");
    let said = told(&site.machines[0], "");
    let down = "warning: `two`, at https://192.168.65.102:2380, is down: nobody listens there\n";
    assert!(said.contains(down), "{said}");
    let two = &site.machines[1];
    assert!(told(two, "").contains("error: etcd does not run: its unit is inactive\n"));
    has_its_port_taken(two);
    has_a_disk_that_is_not_mounted(two);
    has_files_of_others(two);
    has_another_members_data(two, &site.machines[2]);
    has_damaged_data(&mut site.machines[1]);
    let two = &mut site.machines[1];
    two.sh("systemctl start etcd");
    is_well(two);
    site.all(&["endpoint", "health"]);
}

/// What is said of the node whose member it finds out by itself.
fn told(machine: &Machine, words: &str) -> String {
    let Said { ok, stdout, stderr } = machine.run(&format!("{DOCTOR} {words} 2>&1"));
    assert!(!ok, "{stdout}{stderr}");
    stdout
}

/// All but the speed of the disk, which other tests use, too.
fn is_well(machine: &Machine) {
    let said = machine.run(&format!("{DOCTOR} --json"));
    let value: Value = serde_json::from_str(&said.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", said.stdout, said.stderr));
    let of_others = |finding: &&Value| {
        let message = finding["message"].as_str().expect("a message");
        !message.contains(" is slow: ")
    };
    let findings = value["findings"].as_array().expect("a list");
    let wrong: Vec<&Value> = findings.iter().filter(of_others).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let unseen = value["checks"].as_array().expect("a list").iter();
    let unseen: Vec<&Value> = unseen.filter(|check| check["state"] == "unseen").collect();
    assert!(unseen.is_empty(), "{unseen:#?}");
    assert_eq!(value["exit"], i32::from(!findings.is_empty()));
}

fn is_bare(machine: &Machine) {
    let said = told(machine, NAMES[0]);
    for message in [
        "error: there is no unit of `one`: /etc/systemd/system/etcd.service is missing\n",
        "error: there is no account `etcd`, ",
        "error: /opt/etcd/certs cannot be read: ",
    ] {
        assert!(said.contains(message), "{message} in {said}");
    }
    assert!(said.contains("addresses     ok "), "{said}");
    assert!(!machine.path("/data").exists(), "it made a folder");
}

fn is_not_all_seen_by_anybody(machine: &Machine) {
    machine.sh("mkdir -p /opt/tools; cp /root/new/bouquet /opt/tools/");
    let anybody = "setpriv --reuid=1234 --regid=1234 --clear-groups /opt/tools/bouquet doctor";
    let Said { stdout, .. } = machine.run(&format!("{anybody} 2>&1 || echo \"ends with $?\""));
    assert!(stdout.ends_with("ends with 3\n"), "{stdout}");
    for line in ["certificates  unseen  ", "peers         unseen  ", "data          unseen  "] {
        assert!(stdout.contains(line), "{line} in {stdout}");
    }
}

fn has_a_proxy_that_the_unit_leaves_out(machine: &Machine) {
    machine.sh("systemctl set-environment https_proxy=http://me:hush@10.0.0.1:3128");
    let said = machine.run(DOCTOR).stdout;
    assert!(said.contains("https_proxy, which the unit leaves out\n"), "{said}");
    assert!(!said.contains("hush"), "{said}");
    machine.sh("systemctl unset-environment https_proxy");
}

fn has_few_files(machine: &mut Machine) {
    let folder = "/etc/systemd/system/etcd.service.d";
    let few = "printf '[Service]\\nLimitNOFILE=1024\\n'";
    machine.sh(&format!("mkdir {folder}; {few} >{folder}/few.conf; systemctl daemon-reload"));
    machine.sh("systemctl restart etcd");
    machine.wait_for("systemctl is-active etcd");
    let said = told(machine, "");
    assert!(said.contains("warning: etcd may have 1024 files open, "), "{said}");
    machine.sh(&format!("rm -r {folder}"));
    let said = told(machine, "");
    assert!(said.contains("warning: etcd.service was changed since systemd read it\n"), "{said}");
    machine.sh("systemctl daemon-reload; systemctl restart etcd");
    is_well(machine);
}

fn has_its_port_taken(machine: &Machine) {
    let url = "http://192.168.65.102:2379";
    machine.sh(&format!(
        "systemd-run --quiet --unit=other --property=Type=notify etcd --data-dir=/var/lib/other \
         --listen-client-urls={url} --advertise-client-urls={url}"
    ));
    let said = told(machine, "");
    assert!(said.contains("error: 192.168.65.102:2379 is taken, by etcd, process "), "{said}");
    machine.sh("systemctl stop other");
    assert!(!told(machine, "").contains("is taken"));
}

fn has_a_disk_that_is_not_mounted(machine: &Machine) {
    let unit = "/etc/systemd/system/data.mount";
    machine.sh(&format!("printf '[Mount]\\nWhat=/dev/none\\nWhere=/data\\n' >{unit}"));
    let said = told(machine, "");
    assert!(said.contains("error: a disk for /data is not mounted, and will be "), "{said}");
    let wants = "/etc/systemd/system/local-fs.target.wants";
    machine.sh(&format!("mkdir {wants}; ln -s {unit} {wants}"));
    let said = told(machine, "");
    let message = "error: a disk belongs at /data, and is not mounted: ";
    assert!(said.contains(message) && said.contains("`systemctl start data.mount`"), "{said}");
    machine
        .sh(&format!("rm -r {unit} {wants}; echo '/dev/none /data ext4 nofail 0 2' >/etc/fstab"));
    let said = told(machine, "");
    assert!(said.contains(message) && said.contains("help: `mount /data`\n"), "{said}");
    machine.sh("rm /etc/fstab");
}

fn has_files_of_others(machine: &Machine) {
    machine.sh("chown 1234 /data/etcd; chown root: /opt/etcd/certs/peer.key");
    let said = told(machine, "");
    assert!(said.contains("error: /data/etcd belongs to user 1234, and etcd is user "), "{said}");
    assert!(said.contains("error: /opt/etcd/certs/peer.key cannot be read by `etcd`"), "{said}");
    machine.sh("chown etcd: /data/etcd /opt/etcd/certs/peer.key");
}

/// As after a disk was cloned, or swapped.
fn has_another_members_data(machine: &Machine, other: &Machine) {
    machine.sh(&format!("mv {DATA} /data/own"));
    let copied = crate::support::run::run(
        std::process::Command::new("cp").arg("-a").arg(other.path(DATA)).arg(machine.path(DATA)),
    );
    assert!(copied.ok, "{}", copied.stderr);
    let said = told(machine, "");
    assert!(said.contains("error: the data here is that of `three`, "), "{said}");
    machine.sh(&format!("rm -r {DATA}"));
    let said = told(machine, "");
    assert!(said.contains("error: `two` has run here, and there is no data\n"), "{said}");
    machine.sh(&format!("mv /data/own {DATA}"));
}

/// Each is what etcd ends at, and its journal is explained so.
fn has_damaged_data(machine: &mut Machine) {
    for (damage, says, means) in [
        (
            format!("for file in {DATA}/wal/*.wal; do : >\"$file\"; done"),
            ".wal has no byte: the log is cut\n",
            "cannot use none as id",
        ),
        (
            format!("dd if=/dev/zero of={DATA}/snap/db bs=16k count=1 conv=notrunc"),
            "error: the database, member/snap/db, begins with zeros",
            "both meta pages are invalid",
        ),
    ] {
        machine.sh(&format!("cp -a {DATA} /data/own; {damage}"));
        let said = told(machine, "");
        assert!(said.contains(says), "{said}");
        machine.sh("systemctl start --no-block etcd");
        machine.wait_for("systemctl show --property=Result etcd | grep -qx Result=exit-code");
        let said = told(machine, "");
        assert!(said.contains("note: its journal says: "), "{said}");
        let piped = "journalctl --unit=etcd --output=cat | /root/new/bouquet doctor --log -";
        let said = machine.run(piped).stdout;
        assert!(said.contains(means), "{said}");
        machine.sh(&format!("systemctl stop etcd; rm -r {DATA}; mv /data/own {DATA}"));
        machine.sh("systemctl reset-failed etcd");
    }
}
