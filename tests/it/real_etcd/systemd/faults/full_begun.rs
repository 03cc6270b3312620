//! Bootstraps that were interrupted, and members whose data went before all had started.

use super::super::install::{bare, brings, founds, installed, installs, refused, spec};
use super::super::site::Site;
use crate::support::package::Package;
use crate::support::scope::release;
use bouquet_rig::Machine;

const WIPE: &str = "systemctl stop etcd; rm -rf /data/etcd /opt/etcd/certs.*.started";

#[test]
fn a_bootstrap_that_was_interrupted_goes_on_or_begins_again() {
    let release = release("3.6.16");
    let package = Package::for_machines(&spec(release, ""));
    let mut site = bare(&package, release);
    installed(&site, 0, "--bootstrap");
    let one = &mut site.machines[0];
    one.sh("systemctl kill --signal=KILL etcd");
    one.wait_for(
        "systemctl show --property=NRestarts etcd | grep -qx NRestarts=1; ss -ltn | grep -q :2380",
    );
    let said = installed(&site, 1, "");
    assert!(
        said.contains("two runs, and is ready\n") || said.contains("2 of 3, is about to be"),
        "{said}"
    );
    site.machines[0].wait_for("systemctl is-active etcd");
    assert_eq!(installed(&site, 0, ""), "nothing to do; one runs, and is ready\n");

    // One of two loses its data: what it acknowledged counts.
    site.machines[1].sh("systemctl stop etcd; mv /data/etcd /root/data");
    refused(&site, 1, "", "has run here, and there is no data");
    site.machines[1].sh("mv /opt/etcd/certs.two.started /root/");
    refused(&site, 1, "", "1 of 3 voters tell who the members are, and it takes 2");
    refused(&site, 1, "--bootstrap", "1 of 3 voters tell");
    site.machines[1].sh("mv /root/data /data/etcd; mv /root/certs.two.started /opt/etcd/");
    installed(&site, 1, "");
    site.machines[1].wait_for("systemctl is-active etcd");

    // Both lose it: nobody knows of a cluster any more, and it begins again.
    (0..2).for_each(|i| drop(site.machines[i].sh(WIPE)));
    refused(&site, 2, "", "no other member answers");
    founds(&site);
    let three = &site.machines[2];
    three.sh(WIPE);
    refused(&site, 2, "", "`three` has run, and its data is gone");
}

/// etcd makes its database before its log.
#[test]
fn a_founder_with_a_database_and_no_log_founds_the_cluster_with_the_others() {
    let release = release("3.6.16");
    let package = Package::for_machines(&spec(release, ""));
    let site = bare(&package, release);
    installed(&site, 2, "--no-start");
    let three = &site.machines[2];
    three.sh(
        "install -d -o etcd -g etcd -m 0700 /data/etcd; cd /root/new/three; \
         strace -f -qq -o /root/strace -e trace=rename,renameat,renameat2 \
             -e inject=rename,renameat,renameat2:signal=KILL:when=1 sh etcd.sh >/root/said 2>&1 || true; \
         test -e /data/etcd/member/snap/db; test ! -e /data/etcd/member/wal; chown -R etcd: /data/etcd; \
         rm -f /opt/etcd/certs.three.started",
    );
    founds(&site);
}

#[test]
fn what_plain_http_says_is_believed_on_demand_alone() {
    let release = release("3.6.16");
    let tls = spec(release, "");
    let (head, rest) = tls.split_once("[tls]\n").expect("a table");
    let (_, rest) = rest.split_once('\n').expect("a line");
    let rest = rest.split("[[client]]").next().expect("members");
    let plain = format!("{head}[tls]\nenabled = false\n{rest}");
    let package = Package::for_machines(&plain);
    let site = bare(&package, release);
    installed(&site, 0, "--bootstrap");
    refused(&site, 1, "", "anybody may have sent it");
    refused(&site, 1, "--bootstrap", "anybody may have sent it");
    installed(&site, 1, "--trust-network");
    refused(&site, 2, "", "anybody may have sent it");
    let said = installed(&site, 2, "--trust-network");
    assert!(said.ends_with("three runs, and is ready\n"), "{said}");
    assert_eq!(installed(&site, 1, ""), "nothing to do; two runs, and is ready\n");
    // An option and back: without certificates, versions are units alone.
    package.write(&plain.replace("[etcd]\n", "[etcd]\nsnapshot-count = 5000\n"));
    package.build();
    brings(&site, &package, 1);
    let said = installed(&site, 1, "");
    assert!(said.contains("restarted etcd, for snapshot-count\n"), "{said}");
    let said = installed(&site, 1, "--rollback");
    assert!(said.contains("restarted etcd, for snapshot-count\n"), "{said}");
    let said = installs(&site, 1, "--rollback").stdout;
    assert!(said.contains("no version is kept that was installed before this one"), "{said}");
    has_another_members_folder(&site, &site.machines[1]);
}

fn has_another_members_folder(site: &Site, machine: &Machine) {
    let three = site.machines[2].path("/root/new/three");
    super::super::install::copies(&three, &machine.path("/root/new/three"));
    refused(
        site,
        1,
        "/root/new/three",
        "/root/new/three/etcd.conf.yml is of `three`, not of `two`",
    );
}
