//! `bouquet install` where something is wrong: it says what, and leaves the node as it was; done right afterwards it
//! works, with nothing to tidy up by hand.

mod full_begun;
mod full_brought;
mod full_disks;
mod full_etcd;
mod full_image;
mod full_killed;
mod full_nodes;
mod full_outcomes;
mod killed;

use super::alone;
use super::install::brings;
use super::line;
use super::site::Site;
use crate::support::build::Output;
use crate::support::package::Package;
use crate::support::run::{etcd, stdout};
use bouquet_rig::Machine;
use std::process::Command;

/// The installation of the member of [`spec`].
const INSTALL: &str = "/root/new/bouquet install one";

/// One member, alone in its cluster.
fn spec(release: &str, options: &str) -> String {
    alone(line(release), &format!("data-dir = \"/data/etcd\"\n{options}"), "/opt/etcd/certs")
}

/// The same with certificates that are issued again.
fn renewed(release: &str, options: &str) -> String {
    spec(release, options).replace("[tls]\n", "[tls]\ngeneration = 2\n")
}

/// Its machine, with the program and the folder of the build.
fn bare(package: &Package, release: &'static str) -> Site {
    package.build();
    let site = Site::with(Output::of_package(package.folder.path()), release, 1);
    brings(&site, package, 0);
    site
}

/// The same machine without an etcd.
fn without_etcd(package: &Package, release: &'static str) -> Site {
    package.build();
    let site = Site::without_etcd(Output::of_package(package.folder.path()), release, 1);
    brings(&site, package, 0);
    site
}

/// Lays a release of etcd's on a machine, as it is unpacked.
fn unpacks(machine: &Machine, release: &str) {
    let to = machine.path(&format!("/root/etcd-{release}"));
    stdout(Command::new("cp").arg("-rL").arg(etcd(release)).arg(to));
}

/// Builds another spec, and brings what comes of it.
fn builds(site: &Site, package: &Package, spec: &str) {
    package.write(spec);
    package.build();
    brings(site, package, 0);
}

/// All that an installation may change, file by file, and which process etcd is. While etcd runs, what is in its data
/// folder is its own.
const STATE: &str = r#"
systemctl show --property=ActiveState,FragmentPath,MainPID,UnitFileState etcd
runs=$(systemctl show --property=MainPID --value etcd)
for place in /opt/etcd /etc/systemd/system /etc/passwd /etc/group /data; do
    [ -e "$place" ] || continue
    depth=99
    [ "$place" != /data ] || [ "$runs" = 0 ] || depth=2
    find "$place" -maxdepth "$depth" -printf '%p %y %m %U:%G %l\n'
    find "$place" -maxdepth "$depth" -type f -exec cksum {} +
done | LC_ALL=C sort
"#;

/// Runs a line that has to end with that code; all that it says.
#[track_caller]
fn says(machine: &Machine, line: &str, code: i32) -> String {
    let said = machine.run(&format!("exec 2>&1; code=0; {line} || code=$?; echo \"code $code\""));
    let (text, ended) = said.stdout.rsplit_once("code ").unwrap_or((&said.stdout, ""));
    assert_eq!(ended.trim(), code.to_string(), "{line}: {text}\n{}", machine.journal());
    text.to_owned()
}

/// Runs a line that has to be refused, with all of these words and with help, and to change nothing.
#[track_caller]
fn refused(machine: &Machine, line: &str, words: &[&str]) -> String {
    let before = machine.sh(STATE);
    let said = says(machine, line, 1);
    for word in words {
        assert!(said.contains(word), "{line}: no {word:?} in {said}");
    }
    assert!(said.contains("error: ") && said.contains("\nhelp: "), "{line}: {said}");
    assert_eq!(machine.sh(STATE), before, "something was changed: {line}: {said}");
    said
}

/// Runs a line that has to be done.
#[track_caller]
fn done(machine: &Machine, line: &str) -> String {
    says(machine, line, 0)
}

/// The process of etcd.
fn process(machine: &Machine) -> String {
    machine.sh("systemctl show --property=MainPID --value etcd")
}
