//! Members that are alone, and in an unusual place.

use crate::artifacts::units::DEMANDING;
use crate::real_etcd::systemd::site::Site;
use crate::real_etcd::systemd::{
    GET, PUT, alone, gets_the_unit_of_today, has_the_unit_of_the_release_before, line,
};
use crate::support::scope::release;
use std::fs;

/// Whatever opens the sandbox a little does it where it is needed.
#[test]
fn what_opens_the_sandbox_does_so_where_it_is_needed() {
    let mut site = Site::new(DEMANDING, "3.6.16");
    site.install();
    site.machines[0].sh("systemctl start etcd");
    site.all(&PUT);
    let machine = &mut site.machines[0];
    assert_eq!(machine.sh("stat -c '%U %a' /home/etcd/data*"), "etcd 700");
    let data = r#"data-dir /home/etcd/data "dir" of US$ 50%n \z"#;
    machine.sh(&format!("grep -qxF '{data}' /etc/etcd/certs.one.started"));
    machine.sh("grep -q 'VmLck:.* [1-9]' /proc/$(pidof etcd)/status");
    // A log that is full.
    let full = "cd '/var/log/et cd'; systemctl stop etcd; yes | head --bytes=1M >>etcd.log";
    machine.sh(&format!("{full}; systemctl start etcd"));
    machine.wait_for("cd '/var/log/et cd'; test -s etcd.log -a ! -e etcd-*.log && gzip -t *.gz");
}

/// Its data is where systemd keeps a service's state, its certificates are in a home, and nothing
/// but its metrics is on a port below 1024.
#[test]
fn a_member_without_a_data_dir_has_its_data_where_systemd_keeps_that_of_a_service() {
    let metrics = "listen-metrics-urls = [\"http://127.0.0.1:80\"]";
    let release = release("3.4.23");
    let site = Site::new(&alone(line(release), metrics, "/home/etcd/certs"), release);
    site.install();
    let machine = &site.machines[0];
    has_the_unit_of_the_release_before(machine);
    machine.sh("systemctl start etcd");
    site.all(&PUT);
    gets_the_unit_of_today(machine);
    assert_eq!(site.all(&GET), "of-flowers\n");
    machine.sh("curl --silent --fail http://127.0.0.1:80/metrics | grep -q etcd_server");
    assert_eq!(machine.sh("ls /var/lib/etcd"), "one.etcd");
}

/// On an empty folder below the place of its disk it would begin again.
#[test]
fn a_member_waits_for_its_disk() {
    let data = "data-dir = \"/mnt/disk/etcd\"";
    let release = release("3.7.3");
    let site = Site::new(&alone(line(release), data, "/opt/etcd/certs"), release);
    site.install();
    let machine = &site.machines[0];
    let disk = |options: &str| {
        let unit = format!("[Mount]\nWhat=disk\nWhere=/mnt/disk\nType=tmpfs\nOptions={options}\n");
        fs::write(machine.path("/etc/systemd/system/mnt-disk.mount"), unit).expect("a unit");
        machine.sh("systemctl daemon-reload");
    };
    disk("broken");
    assert!(!machine.run("systemctl start etcd").ok, "it starts without its disk");
    assert!(!machine.path("/mnt/disk/etcd").exists(), "it made a folder in the disk's place");
    disk("mode=0755");
    machine.sh("systemctl start etcd");
    site.all(&PUT);
    assert_eq!(machine.sh("stat -f -c %T /mnt/disk/etcd"), "tmpfs");
}
