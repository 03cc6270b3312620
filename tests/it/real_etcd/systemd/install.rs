//! Members that `bouquet install` puts on their machines: one folder, and one command for each.

use super::line;
use super::site::Site;
use crate::support::build::Output;
use crate::support::package::Package;
use crate::support::run::{Said, stdout};
use crate::support::scope::release;
use std::fs;
use std::process::Command;

pub(super) const NAMES: [&str; 3] = ["one", "two", "three"];

pub(super) fn spec(release: &str, options: &str) -> String {
    let members = NAMES
        .iter()
        .zip(101..)
        .map(|(name, last)| format!("[[member]]\nname = \"{name}\"\nip = \"192.168.65.{last}\"\n"));
    format!(
        "[cluster]\ntoken = \"installed\"\netcd = \"{}\"\n[etcd]\ndata-dir = \"/data/etcd\"\n{options}\n\
         [tls]\ncerts-dir = \"/opt/etcd/certs\"\n{}[[client]]\nname = \"root\"\n",
        line(release),
        members.collect::<String>()
    )
}

/// Copies the program, and the folder of the member beside it.
pub(super) fn brings(site: &Site, package: &Package, i: usize) {
    let machine = &site.machines[i];
    machine.sh("rm -rf /root/new; mkdir /root/new");
    let to = machine.path("/root/new");
    let from = package.folder.path().join("out/members").join(NAMES[i]);
    stdout(Command::new("cp").arg("-r").arg(from).arg(to.join(NAMES[i])));
    fs::copy(Package::target().join("debug/flowers"), to.join("bouquet")).expect("a program");
}

fn installs(site: &Site, i: usize, flags: &str) -> Said {
    site.machines[i].run(&format!("/root/new/bouquet install {} {flags} 2>&1", NAMES[i]))
}

#[track_caller]
pub(super) fn installed(site: &Site, i: usize, flags: &str) -> String {
    let said = installs(site, i, flags);
    assert!(said.ok, "{}: {}\n{}", NAMES[i], said.stdout, site.machines[i].journal());
    said.stdout
}

#[test]
fn bare_machines_come_to_be_a_cluster_by_one_command_each() {
    let release = release("3.6.16");
    let package = Package::new(&spec(release, ""));
    package.build();
    let mut site = Site::with(Output::of_package(package.folder.path()), release, 3);
    (0..3).for_each(|i| brings(&site, &package, i));

    let said = installs(&site, 0, "");
    assert!(!said.ok && said.stdout.contains("no other member answers"), "{}", said.stdout);
    assert!(!site.machines[0].path("/opt/etcd").exists(), "something was written");
    let said = installed(&site, 0, "--bootstrap");
    assert!(said.ends_with("one was started: 1 of 3, waits for one more\n"), "{said}");
    installed(&site, 1, "");
    let said = installed(&site, 2, "");
    assert!(said.ends_with("three runs, and is ready\n"), "{said}");
    site.all(&["endpoint", "health"]);
    for i in 0..3 {
        assert_eq!(
            installed(&site, i, ""),
            format!("nothing to do; {} runs, and is ready\n", NAMES[i])
        );
        let modes =
            site.machines[i].sh("stat -Lc '%U %a' /opt/etcd/certs /opt/etcd/certs/peer.key");
        assert_eq!(modes, "etcd 700\netcd 600");
    }

    // Certificates are read at every connection.
    let pid = |site: &Site| site.machines[0].sh("systemctl show --property=MainPID etcd");
    let before = pid(&site);
    package.write(&spec(release, "").replace("[tls]\n", "[tls]\ngeneration = 2\n"));
    package.build();
    (0..3).for_each(|i| brings(&site, &package, i));
    let said = installed(&site, 0, "");
    assert!(said.starts_with("put the certificates into their place\n"), "{said}");
    assert_eq!(pid(&site), before, "it was restarted: {said}");
    for i in [1, 2] {
        installed(&site, i, "");
    }
    // An option is read at the start.
    package.write(
        &spec(release, "snapshot-count = 5000").replace("[tls]\n", "[tls]\ngeneration = 2\n"),
    );
    package.build();
    (0..3).for_each(|i| brings(&site, &package, i));
    let planned = installs(&site, 0, "--dry-run");
    assert!(planned.stdout.contains("+    --snapshot-count=5000"), "{}", planned.stdout);
    assert!(
        planned.stdout.contains("would restart etcd, for snapshot-count"),
        "{}",
        planned.stdout
    );
    assert_eq!(pid(&site), before);
    for i in 0..3 {
        let said = installed(&site, i, "");
        assert!(said.contains("restarted etcd, for snapshot-count\n"), "{said}");
    }
    site.machines[0].wait_for("systemctl is-active etcd");
    site.all(&["endpoint", "health"]);
}
