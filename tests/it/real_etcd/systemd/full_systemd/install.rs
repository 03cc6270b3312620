//! What `install` does on machines that have a member, have had one, or have that of another.

use crate::real_etcd::systemd::install::{
    NAMES, bare, brings, founds, installed, installs, refused, spec,
};
use crate::real_etcd::systemd::site::Site;
use crate::real_etcd::systemd::start;
use crate::support::package::Package;
use crate::support::run::stdout;
use crate::support::scope::release;
use std::fs;
use std::process::Command;

#[test]
fn bare_machines_come_to_be_a_cluster_by_one_command_each() {
    let release = release("3.6.16");
    let package = Package::for_machines(&spec(release, ""));
    let mut site = bare(&package, release);
    refused(&site, 0, "", "no other member answers");
    let three = package.folder.path().join("out/members/three");
    stdout(Command::new("cp").arg("-r").arg(three).arg(site.machines[1].path("/root/new")));
    refused(&site, 1, "/root/new/three", "is of `three`, not of `two`");
    // Its addresses are not here, which the others need not be asked for.
    for flags in ["", "--bootstrap"] {
        let line = format!("/root/new/bouquet install three {flags} 2>&1");
        let said = site.machines[1].run(&line);
        assert!(!said.ok, "{}", said.stdout);
        let words = "error: 192.168.65.103 is no address of this node\n";
        assert!(said.stdout.contains(words), "{}", said.stdout);
        assert!(
            said.stdout.contains("192.168.65.102 is here, the address of `two`"),
            "{}",
            said.stdout
        );
        assert!(!said.stdout.contains("answer"), "{}", said.stdout);
    }
    site.machines[1].sh("rm -r /root/new/three");
    founds(&site);
    for (i, name) in NAMES.iter().enumerate() {
        assert_eq!(installed(&site, i, ""), format!("nothing to do; {name} runs, and is ready\n"));
        let modes = "stat -Lc '%U %a' /opt/etcd/certs /opt/etcd/certs/peer.key";
        assert_eq!(site.machines[i].sh(modes), "etcd 700\netcd 600");
    }
    site.machines[0].reboot();
    site.machines[0].wait_for("systemctl is-active etcd");

    // Certificates are read at every connection.
    let pid = |site: &Site| site.machines[0].sh("systemctl show --property=MainPID etcd");
    let before = pid(&site);
    let renewed =
        |options: &str| spec(release, options).replace("[tls]\n", "[tls]\ngeneration = 2\n");
    package.write(&renewed(""));
    package.build();
    let three = site.machines[2].sh("ls -d /root/new/three");
    (0..2).for_each(|i| brings(&site, &package, i));
    let said = installed(&site, 0, "");
    assert!(said.starts_with("put the certificates into their place\n"), "{said}");
    assert_eq!(pid(&site), before, "it was restarted: {said}");
    installed(&site, 1, "");
    // The folder of the build before, with the program of this one.
    fs::copy(package.program(), site.machines[2].path("/root/new/bouquet")).expect("a program");
    refused(&site, 2, &three, "differs from the build");
    // By a tar, which is whole or is not taken.
    brings(&site, &package, 2);
    let piped = "cd /root/new; tar -c three | head -c 5000 | ./bouquet install three - 2>&1";
    let said = site.machines[2].run(piped);
    assert!(!said.ok && said.stdout.contains("its end is missing"), "{}", said.stdout);
    let said = site.machines[2].sh("cd /root/new; tar -c three | ./bouquet install three - 2>&1");
    assert!(said.starts_with("put the certificates into their place\n"), "{said}");

    // An option is read at the start.
    package.write(&renewed("snapshot-count = 5000"));
    package.build();
    (0..3).for_each(|i| brings(&site, &package, i));
    let planned = installs(&site, 0, "--dry-run").stdout;
    assert!(planned.contains("+    --snapshot-count=5000"), "{planned}");
    assert!(planned.contains("would restart etcd, for snapshot-count"), "{planned}");
    assert_eq!(pid(&site), before);
    for i in 0..3 {
        let said = installed(&site, i, "");
        assert!(said.contains("restarted etcd, for snapshot-count\n"), "{said}");
    }
    let flags =
        "tr '\\0' '\\n' <\"/proc/$(systemctl show --property=MainPID --value etcd)/cmdline\"";
    let has = |site: &Site| site.machines[0].sh(flags).contains("--snapshot-count=5000");
    assert!(has(&site));
    let said = installed(&site, 0, "--rollback");
    assert!(said.contains("restarted etcd, for snapshot-count\n") && !has(&site), "{said}");
    installed(&site, 0, "");
    assert!(has(&site));
    site.all(&["endpoint", "health"]);

    // Another account takes the data with it; its program is elsewhere, and its files have other names.
    let names = "[tls]\ncert-file = \"etcd-{name}.pem\"\nkey-file = \"etcd-key.pem\"\n";
    let systemd = "\n[systemd]\nbinary = \"/opt/etcd/bin/etcd\"\nuser = \"kube\"\ngroup = \"certs\"\n\
                   environment = [\"GOGC=50\"]\n";
    package.write(&(renewed("snapshot-count = 5000").replace("[tls]\n", names) + systemd));
    package.build();
    for (i, name) in NAMES.iter().enumerate() {
        brings(&site, &package, i);
        let machine = &site.machines[i];
        machine.sh("install -D \"$(command -v etcd)\" /opt/etcd/bin/etcd");
        let said = installed(&site, i, "");
        assert!(said.contains("made the account kube\n"), "{said}");
        assert!(said.contains("stopped etcd, and gave its data to kube:certs\n"), "{said}");
        assert_eq!(installed(&site, i, ""), format!("nothing to do; {name} runs, and is ready\n"));
        assert_eq!(
            machine.sh("stat -c %U:%G /data/etcd /data/etcd/member"),
            "kube:certs\nkube:certs"
        );
        let link = format!("readlink /opt/etcd/certs/etcd-{name}.pem");
        assert_eq!(machine.sh(&link), "server.crt");
        let process = "pid=$(systemctl show --property=MainPID --value etcd); readlink /proc/$pid/exe; \
                       stat -c %U /proc/$pid; tr '\\0' '\\n' </proc/$pid/environ | grep GOGC";
        assert_eq!(machine.sh(process), "/opt/etcd/bin/etcd\nkube\nGOGC=50");
    }
    site.all(&["endpoint", "health"]);
    let said = installed(&site, 0, "--rollback");
    assert!(said.contains("stopped etcd, and gave its data to etcd:etcd\n"), "{said}");
    site.all(&["endpoint", "health"]);
}

/// By the commands of the guide, from the first start to other certificates: `install` finds what etcd has read.
#[test]
fn members_that_were_installed_by_hand_are_not_restarted_for_cas_that_they_have() {
    let release = release("3.6.16");
    let package = Package::for_machines(&spec(release, ""));
    let site = bare(&package, release);
    site.install();
    (0..3).for_each(|i| start(&site, i));
    let has_nothing_to_do = |site: &Site| {
        for (i, name) in NAMES.iter().enumerate() {
            let said = installed(site, i, "");
            assert_eq!(said, format!("nothing to do; {name} runs, and is ready\n"));
        }
    };
    has_nothing_to_do(&site);

    let renewed = spec(release, "").replace("[tls]\n", "[tls]\ngeneration = 2\n");
    package.write(&renewed);
    package.build();
    for (i, machine) in site.machines.iter().enumerate() {
        brings(&site, &package, i);
        let [block] = &site.guide("Replacing certificates", i)[..] else { panic!("one block") };
        site.copy(i, machine);
        machine.sh(block);
    }
    has_nothing_to_do(&site);
    site.all(&["endpoint", "health"]);
}

/// Each case of a member without its own data, on a cluster that runs.
#[test]
fn a_member_is_replaced_by_one_command_and_by_no_mistake() {
    let release = release("3.5.33");
    let package = Package::for_machines(&spec(release, ""));
    let site = bare(&package, release);
    founds(&site);
    let three = &site.machines[2];
    three.sh("systemctl stop etcd");
    // Its data is gone, and its disk was changed for that of another.
    three.sh("mv /data/etcd /data/own");
    refused(&site, 2, "", "has run here, and there is no data");
    three.sh("rm /opt/etcd/certs.three.started");
    refused(&site, 2, "", "has run, and its data is gone");
    refused(&site, 2, "--bootstrap", "has run, and its data is gone");
    site.machines[1].sh("systemctl stop etcd; cp -a /data/etcd /data/copy; systemctl start etcd");
    stdout(
        Command::new("cp")
            .arg("-a")
            .arg(site.machines[1].path("/data/copy"))
            .arg(three.path("/data/etcd")),
    );
    refused(&site, 2, "", "that of `two`");
    // It is removed, and added again.
    site.changes(&["remove", &site.id(2)]);
    refused(&site, 2, "--set-aside", "is no member of the cluster that runs");
    site.changes(&["add", "three", "--learner", "--peer-urls=https://192.168.65.103:2380"]);
    let said = installed(&site, 2, "--set-aside");
    assert!(said.contains("set aside /data/etcd as /data/etcd.20"), "{said}");
    assert!(said.contains("wrote /etc/systemd/system/etcd.service.d/10-join.conf"), "{said}");
    assert!(said.ends_with("three runs, and is ready\n"), "{said}");
    let said = installed(&site, 2, "");
    assert!(said.contains("removed /etc/systemd/system/etcd.service.d/10-join.conf"), "{said}");
    assert!(!said.contains("restarted"), "{said}");
    three.sh("systemctl restart etcd");
    let list = site.etcdctl(&[0], &["member", "list"]).stdout;
    assert_eq!(list.matches(", started, ").count(), 3, "{list}");
    assert_eq!(three.sh("ls -d /data/etcd.20* /data/own | wc -l"), "2", "data was removed");

    // It leaves for good.
    refused(&site, 2, "--retire", "`three` is a member still");
    let (id, _) = list
        .lines()
        .find(|line| line.contains(", three, "))
        .and_then(|line| line.split_once(','))
        .expect("an ID");
    site.changes(&["remove", id]);
    let said = installed(&site, 2, "--retire");
    assert!(said.contains("set aside /data/etcd as /data/etcd.retired-20"), "{said}");
    assert_eq!(three.sh("systemctl is-enabled etcd || true"), "disabled");
    assert_eq!(three.sh("ls /opt/etcd | grep -c 'started$' || true"), "0");
    let again = installed(&site, 2, "--retire");
    assert!(again.starts_with("nothing to do; three is retired"), "{again}");
}
