//! Members whose data or whose mark is on a disk that comes and goes.

use crate::real_etcd::systemd::guard::{DATA, MARK, refuses};
use crate::real_etcd::systemd::site::Site;
use crate::real_etcd::systemd::{GET, IS_ACTIVE, PUT, alone, line};
use crate::support::scope::release;

/// A disk that something else mounts than systemd, and that is missing at the next boot.
#[test]
fn a_member_does_not_start_where_its_disk_was_not_mounted() {
    let release = release("3.5.33");
    let mut site = Site::new(&alone(line(release), DATA, "/opt/etcd/certs"), release);
    site.install();
    let machine = &mut site.machines[0];
    let mount = "mkdir -p /root/disk /data; mount --bind /root/disk /data";
    machine.sh(mount);
    machine.sh("systemctl enable etcd; systemctl start etcd");
    assert_eq!(machine.sh(&format!("stat -c '%U %a' {MARK}")), "root 644");
    site.all(&PUT);

    let machine = &mut site.machines[0];
    machine.reboot();
    refuses(machine, "no log in /data/etcd/member/wal", "/data/etcd");
    assert_eq!(machine.sh("ls -A /data"), "", "it made something in the disk's place");
    // It tries again by itself.
    machine.sh(&mount.replace("mkdir -p /root/disk /data; ", ""));
    machine.wait_for(IS_ACTIVE);
    assert_eq!(site.all(&GET), "of-flowers\n");
}

/// What is in /run is gone at the next boot, the mark too.
#[test]
fn a_member_with_certificates_in_run_starts_without_its_data() {
    let release = release("3.4.23");
    let mut site = Site::new(&alone(line(release), DATA, "/run/etcd/certs"), release);
    site.install();
    let machine = &mut site.machines[0];
    machine.sh("systemctl start etcd; test -e /run/etcd/certs.one.started");
    machine.sh("systemctl stop etcd; cp -a /run/etcd /root/etcd; rm -r /root/etcd/*.started");
    machine.reboot();
    machine.sh("mkdir /run/etcd; cp -a /root/etcd/certs /run/etcd; mv /data/etcd /data/away");
    machine.sh("systemctl start etcd; test -e /run/etcd/certs.one.started");

    // And where the mark cannot be written, one line says so.
    machine
        .sh("systemctl stop etcd; rm /run/etcd/*.started; mount --bind -o ro /run/etcd /run/etcd");
    machine.sh("systemctl start etcd");
    let journal = machine.journal();
    let said = "/run/etcd/certs.one.started cannot be written: ";
    assert_eq!(journal.matches(said).count(), 1, "{journal}");
}
