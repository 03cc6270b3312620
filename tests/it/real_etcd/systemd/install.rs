//! Members that `bouquet install` puts on their machines: one folder, and one command for each.

use super::line;
use super::site::Site;
use crate::support::build::Output;
use crate::support::package::Package;
use crate::support::run::{Said, stdout};
use std::fs;
use std::path::Path;
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
    copies(&from, &to.join(NAMES[i]));
    fs::copy(package.program(), to.join("bouquet")).expect("a program");
}

/// Copies a folder.
pub(super) fn copies(from: &Path, to: &Path) {
    stdout(Command::new("cp").arg("-a").arg(from).arg(to));
}

/// By a login that makes all for itself alone: etcd's account has to find what is its own.
pub(super) fn installs(site: &Site, i: usize, flags: &str) -> Said {
    let command = format!("umask 077; /root/new/bouquet install {} {flags} 2>&1", NAMES[i]);
    site.machines[i].run(&command)
}

#[track_caller]
pub(super) fn installed(site: &Site, i: usize, flags: &str) -> String {
    let said = installs(site, i, flags);
    assert!(
        said.ok,
        "{}: {}{}\n{}",
        NAMES[i],
        said.stdout,
        said.stderr,
        site.machines[i].journal()
    );
    said.stdout
}

/// The machines of a cluster that was built, with the folder of each beside the program.
pub(super) fn bare(package: &Package, release: &'static str) -> Site {
    package.build();
    let site = Site::with(Output::of_package(package.folder.path()), release, 3);
    (0..3).for_each(|i| brings(&site, package, i));
    site
}

#[track_caller]
pub(super) fn refused(site: &Site, i: usize, flags: &str, why: &str) {
    let before = site.machines[i].sh(LISTED);
    let said = installs(site, i, flags);
    assert!(!said.ok && said.stdout.contains(why), "{}: {}", NAMES[i], said.stdout);
    assert_eq!(site.machines[i].sh(LISTED), before, "something was changed");
}

/// All that an installation may change, but what etcd itself writes.
const LISTED: &str = "ls -lRd --time-style=full-iso /opt/etcd* /opt/etcd/* /etc/systemd/system/etcd* /etc/passwd 2>&1 || true";

pub(super) fn founds(site: &Site) {
    let said = installed(site, 0, "--bootstrap");
    assert!(said.ends_with("one was started: 1 of 3, waits for one more\n"), "{said}");
    installed(site, 1, "");
    let said = installed(site, 2, "");
    assert!(said.ends_with("three runs, and is ready\n"), "{said}");
    site.all(&["endpoint", "health"]);
}
