//! Folders that the unit makes, wherever they are.

use crate::real_etcd::systemd::folders::spec;
use crate::real_etcd::systemd::site::Site;
use crate::support::build::Output;
use crate::support::scope::LINES;
use bouquet_rig::Machine;
use std::fs;

/// Options of a member alone on its machine, and folders as `stat` shows them once it runs.
const CASES: [(&str, &str, &[&str]); 10] = [
    (
        "beside",
        "data-dir = '/var/lib/beside/data'\nwal-dir = '/var/lib/beside/wal'",
        &["etcd 700 /var/lib/beside", "root 755 /var/lib", "etcd 700 /var/lib/beside/wal"],
    ),
    (
        "apart",
        "data-dir = '/data/a/etcd'\nwal-dir = '/wal/etcd/wal'",
        &["root 755 /data/a", "etcd 700 /data/a/etcd", "root 755 /wal", "etcd 700 /wal/etcd"],
    ),
    (
        "inside",
        "data-dir = '/data/inside'\nwal-dir = '/data/inside/wal'",
        &["etcd 700 /data/inside", "etcd 700 /data/inside/wal"],
    ),
    (
        "default",
        "data-dir = '/data/default'\nwal-dir = '/data/default/member/wal'",
        &["etcd 700 /data/default/member/wal"],
    ),
    (
        "deeper",
        "data-dir = '/data/deeper'\nwal-dir = '/data/deeper/logs/of/wal'",
        &["etcd 700 /data/deeper", "etcd 700 /data/deeper/logs/of"],
    ),
    (
        "below",
        "wal-dir = '/var/lib/etcd/wal'",
        &["etcd 700 /var/lib/etcd", "etcd 700 /var/lib/etcd/wal"],
    ),
    (
        "logs",
        "data-dir = '/data/logs'\nlogger = 'zap'\n\
         log-outputs = ['stderr', '/data/logs/log/etcd.log', '/var/log/etcd-logs/etcd.log']",
        &["etcd 700 /data/logs/log", "etcd 750 /var/log/etcd-logs"],
    ),
    (
        "home",
        "data-dir = '/data/home'\nauth-token = 'jwt,sign-method=RS256,priv-key=/home/etcd/jwt.key,pub-key=/home/etcd/jwt.pub'",
        &["root 755 /home/etcd"],
    ),
    (
        "temporary",
        "data-dir = '/tmp/etcd/data'\nauth-token = 'jwt,sign-method=RS256,priv-key=/var/tmp/jwt.key,pub-key=/var/tmp/jwt.pub'",
        &["etcd 700 /tmp/etcd/data", "root 755 /tmp/etcd"],
    ),
    (
        "odd",
        "data-dir = '/data/50% of US$ \"x\"/é'\nwal-dir = \"/data/it's/wal\"",
        &["root 755 /data"],
    ),
];

/// Each case is a cluster of one with ports of its own, all of them on one machine.
#[test]
fn every_arrangement_of_folders_starts_on_an_empty_machine_and_again_on_each_line_of_releases() {
    LINES.into_iter().for_each(every_arrangement);
}

fn every_arrangement(release: &'static str) {
    let mut site = Site::new(&spec(release, 0, "data-dir = '/data/first'"), release);
    site.install();
    let machine = &mut site.machines[0];
    machine.sh("mkdir -p /home/etcd; cd /home/etcd; openssl genrsa -out jwt.key 2048; \
         openssl rsa -in jwt.key -pubout -out jwt.pub; chmod 0644 jwt.*; cp jwt.* /var/tmp");
    let names = CASES.map(|(name, ..)| name);
    for (i, (name, options, _)) in CASES.iter().enumerate() {
        let output = Output::of(&spec(release, 10 * (i + 1), options));
        let unit = output.read("members/one/etcd.service");
        fs::write(machine.path(&format!("/etc/systemd/system/{name}.service")), unit)
            .expect("a unit");
    }
    machine.sh(&format!("systemctl daemon-reload; systemctl enable --now {}", names.join(" ")));
    are_as_they_should_be(machine);
    machine.reboot();
    // What the case is about: /tmp may be as empty as after any boot.
    for name in names {
        machine.wait_for(&format!("systemctl is-active {name}"));
    }
    are_as_they_should_be(machine);
}

fn are_as_they_should_be(machine: &mut Machine) {
    for (name, _, folders) in CASES {
        machine.wait_for(&format!("systemctl is-active {name}"));
        for folder in folders {
            let path = folder.splitn(3, ' ').nth(2).expect("a path");
            assert_eq!(machine.sh(&format!("stat -c '%U %a %n' '{path}'")), *folder, "{name}");
        }
    }
    // Each is told from the others by its port.
    let marks = machine.sh("ls /var/lib/etcd-*.one.started /run/etcd-*.one.started | wc -l");
    assert_eq!(marks, CASES.len().to_string());
    let warnings = machine.sh("journalctl --boot --priority=warning _PID=1 --output=cat");
    assert_eq!(warnings.lines().find(|line| line.contains("service")), None, "systemd complains");
}
