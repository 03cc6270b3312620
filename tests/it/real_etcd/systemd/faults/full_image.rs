//! A member in the image of a machine that boots later.

use super::super::install::{NAMES, brings, installed, spec};
use super::super::site::Site;
use super::{refused, says};
use crate::support::build::Output;
use crate::support::package::Package;
use crate::support::scope::release;
use bouquet_rig::Machine;

#[test]
fn an_image_boots_and_its_member_is_installed_by_the_same_command() {
    let release = release("3.6.16");
    let package = Package::for_machines(&spec(release, ""));
    package.build();
    let mut site = Site::with(Output::of_package(package.folder.path()), release, 2);
    (0..2).for_each(|i| brings(&site, &package, i));
    let image = site.machines[0].path("/root/image");
    let mut three = site.further(2, &image);
    let from = package.folder.path().join("out/members/three");
    super::super::install::copies(&from, &site.machines[0].path("/root/new/three"));
    let install = "/root/new/bouquet install three --root /root/image";
    leads_out(&site.machines[0], install);
    is_masked(&site.machines[0], install);
    is_closed(&site.machines[0], install);
    has_links(&site.machines[0]);
    let said = says(&site.machines[0], install, 0);
    let lines = "made the account etcd\nput the certificates into their place\n\
                 wrote /etc/systemd/system/etcd.service\nthree is in its place; etcd was not started\n";
    assert_eq!(said, lines);
    let said = says(&site.machines[0], install, 0);
    assert_eq!(said, "nothing to do; three is in its place; etcd was not started\n");
    // Nothing of the machine's own that makes it was changed.
    let own = "ls -d /opt/etcd /etc/systemd/system/etcd* 2>/dev/null; grep etcd /etc/passwd";
    assert!(!site.machines[0].run(own).ok);

    three.boot();
    let site_ca = "cd /opt/etcd/certs/other; for link in *; do cat \"$link\"; done";
    assert_eq!(three.sh(site_ca), "outside\noutside\noutside\ninside\ninside\ninside");
    let modes = "stat -Lc '%U:%G %a' /opt/etcd/certs /opt/etcd/certs/peer.key";
    assert_eq!(three.sh(modes), "etcd:etcd 700\netcd:etcd 600");
    // Whether it founds or joins is not known before it is there: it does not start by itself.
    let state = "systemctl is-enabled etcd || true; systemctl is-active etcd || true";
    assert_eq!(three.sh(state), "disabled\ninactive");
    installed(&site, 0, "--bootstrap");
    installed(&site, 1, "");
    site.machines.push(three);
    brings(&site, &package, 2);
    let said = installed(&site, 2, "");
    let lines = "had etcd start with the machine\nstarted etcd\nthree runs, and is ready\n";
    assert_eq!(said, lines);
    let healthy = site.all(&["endpoint", "health"]);
    assert_eq!(healthy.matches("is healthy").count(), NAMES.len(), "{healthy}");
}

/// What a link of an image has, this machine has too: it is the one that makes the image.
fn leads_out(machine: &Machine, install: &str) {
    machine.sh("mkdir -p /srv/etcd/certs /root/image/srv/etcd /root/image/opt; \
         echo own >/srv/etcd/certs/jwt.key; ln -s /srv/etcd /root/image/opt/etcd");
    let said = refused(machine, install, &["/opt/etcd in /root/image is a link to /srv/etcd"]);
    let (_, help) = said.split_once("within the image: `").expect("a way");
    machine.sh(help.split('`').next().expect("a command"));
    assert_eq!(machine.sh("readlink /root/image/opt/etcd"), "../srv/etcd");
    assert_eq!(machine.sh("ls -A /root/image/srv/etcd"), "");
}

/// Links of a client's folder, which lead on where they did, once the machine has booted: out of the certificates, and
/// within them.
fn has_links(machine: &Machine) {
    machine.sh("cd /root/image/opt/etcd; mkdir -p certs/other certs/deep; chmod 700 certs; echo outside >ca.crt; echo inside >certs/own.crt; cd certs/other; \
         ln -s ../../ca.crt 1; ln -s ./../../ca.crt 2; ln -s ../deep/../../ca.crt 3; \
         ln -s /opt/etcd/certs/own.crt 4; ln -s ./../own.crt 5; ln -s ../deep/../own.crt 6");
}

/// All that systemd takes for a mask.
fn is_masked(machine: &Machine, install: &str) {
    const UNIT: &str = "/root/image/etc/systemd/system/etcd.service";
    for masks in ["ln -s /dev/null", "ln -s ../../../dev/null", "touch"] {
        machine.sh(&format!("mkdir -p \"$(dirname {UNIT})\"; {masks} {UNIT}"));
        let state = machine.sh("systemctl --root /root/image is-enabled etcd || true");
        assert_eq!(state, "masked", "{masks}");
        let undo = format!("rm {UNIT}");
        refused(machine, install, &["etcd.service is masked", &format!("`{undo}`")]);
        machine.sh(&undo);
    }
}

/// Anybody may ask what would be done, and is told that it cannot be seen.
fn is_closed(machine: &Machine, install: &str) {
    let anybody = "setpriv --reuid=1234 --regid=1234 --clear-groups";
    let install = install.replace("/root/new/", "/opt/tools/");
    machine.sh("mkdir -p /opt/tools; cp /root/new/bouquet /opt/tools; chmod -R a+rX /opt/tools; chmod 700 /root");
    let said = refused(
        machine,
        &format!("{anybody} {install} --dry-run"),
        &["/root/image cannot be read: Permission denied", "as root: `sudo bouquet install three"],
    );
    assert!(said.contains(" --dry-run`"), "{said}");
    machine.sh("rm -r /opt/tools");
}
