//! The unit that saves snapshots, and its timer, installed by the unit's head.

use super::alone;
use super::line;
use super::site::Site;
use crate::support::build::Output;
use crate::support::package::Package;
use crate::support::run::Said;
use crate::support::scope::release;
use std::fs;

/// The program has the client's key from systemd; nobody but root can read that where it lies.
#[test]
fn snapshots_are_saved_by_an_account_that_can_do_nothing_else() {
    let release = release("3.5.33");
    let package = Package::for_machines(&alone(
        line(release),
        "data-dir = \"/data/etcd\"",
        "/opt/etcd/certs",
    ));
    package.build();
    let output = Output::of_package(package.folder.path());
    let (unit, timer) = ("etcd-snapshot.service", "etcd-snapshot.timer");
    let of_root = |file: &str| fs::read(output.path(&format!("clients/root/{file}"))).expect(file);
    let files = ["ca.crt", "client.crt", "client.key", unit, timer].map(|it| (it, of_root(it)));
    let head = output.read(&format!("clients/root/{unit}"));
    let client = output.cluster.clients[0].certs_dir.clone();
    let mut site = Site::with(output, release, 1);
    site.install();
    let machine = &mut site.machines[0];
    machine.sh("systemctl start etcd");
    machine.sh(&format!("install -d -m 0700 {client} /root/client"));
    for (file, content) in &files {
        let folder = if file.starts_with("etcd-") { "/root/client" } else { client.as_str() };
        fs::write(machine.path(folder).join(file), content).expect("a file");
    }
    machine.sh(&format!("chmod 0600 {client}/client.key"));
    fs::copy(package.program(), machine.path("/root/client/flowers")).expect("a program");
    // The folder of programs is another one's, and is not to be written to.
    machine.sh("cp -r /usr/local/bin /root/bin; mount --bind /root/bin /usr/local/bin");
    machine.sh("mkdir -p /var/backups");

    let commands: Vec<&str> = head.lines().filter_map(|line| line.strip_prefix("#   ")).collect();
    assert_eq!(commands.len(), 6, "{head}");
    let commands = commands.join("\n");
    let said = machine.sh(&format!("cd /root/client\n{commands}"));
    assert_eq!(said.matches("alone-").count(), 1, "{said}");
    let modes = machine.sh("stat -c '%U %a' /var/backups/etcd /var/backups/etcd/*.db");
    assert_eq!(modes, "etcd-snapshot 700\netcd-snapshot 600");
    let anybody = "setpriv --reuid=1234 --regid=1234 --clear-groups";
    let metrics = format!("{anybody} cat /var/lib/etcd-snapshot/etcd-snapshot.prom");
    let metrics = machine.sh(&metrics);
    assert!(metrics.contains("\nbouquet_snapshot_revision{cluster=\"alone\"} "), "{metrics}");
    let next = machine.sh("systemctl show --property=NextElapseUSecRealtime etcd-snapshot.timer");
    assert!(next.contains(" 02:"), "{next}");
    let warnings = machine.sh("journalctl --priority=warning _PID=1 --output=cat");
    assert_eq!(warnings.lines().find(|line| line.contains("etcd-snapshot")), None);

    // Without a member it fails, and says so; the night that was missed is made up for.
    machine.sh("systemctl stop etcd");
    let Said { ok, .. } = machine.run("systemctl start etcd-snapshot.service");
    let journal = machine.sh("journalctl --unit=etcd-snapshot --output=cat --no-pager");
    assert!(!ok && journal.contains("no member that answers can give a snapshot"), "{journal}");
    machine.sh("systemctl start etcd; systemctl stop etcd-snapshot.timer");
    // One of the same revision and second would have the same name.
    machine.sh("rm /var/backups/etcd/*.db");
    machine.sh("touch -d '3 days ago' /var/lib/systemd/timers/stamp-etcd-snapshot.timer");
    let folder = "/etc/systemd/system/etcd-snapshot.timer.d";
    fs::create_dir(machine.path(folder)).expect("a folder");
    let soon = machine.path(folder).join("soon.conf");
    fs::write(soon, "[Timer]\nRandomizedDelaySec=0\n").expect("a drop-in");
    machine.sh("systemctl daemon-reload; systemctl start etcd-snapshot.timer");
    machine.wait_for("[ -e /var/backups/etcd/*.db ]");
}
