//! What is brought is not what was built: nothing of it is used.

use super::{INSTALL, bare, builds, done, process, refused, renewed, spec};
use crate::support::package::Package;
use crate::support::scope::release;
use bouquet_rig::Machine;

/// Changes the byte at that place, to another letter of base64.
const FLIP: &str = r#"
flip() {
    new=A
    [ "$(dd if="$1" bs=1 skip="$2" count=1 2>/dev/null)" != A ] || new=B
    printf "$new" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}
"#;

/// What is done to the folder, and what is said of it.
const DAMAGE: &[(&str, &[&str])] = &[
    ("flip certs/server.crt 400", &["certs/server.crt"]),
    ("flip certs/peer.crt 60", &["certs/peer.crt"]),
    ("flip certs/ca.crt 200", &["certs/ca.crt"]),
    ("flip certs/server.key 120", &["certs/server.key"]),
    ("flip certs/peer.key 40", &["certs/peer.key"]),
    ("flip etcd.service 900", &["etcd.service"]),
    ("flip etcd.env 300", &["etcd.env"]),
    ("truncate -s 100 certs/peer.key", &["certs/peer.key"]),
    (": >certs/server.crt", &["certs/server.crt"]),
    (": >etcd.service", &["etcd.service"]),
    ("mv certs/peer.key certs/server.key", &["certs/server.key"]),
    ("cp certs/peer.key certs/server.key", &["certs/server.key"]),
    ("rm certs/ca.crt", &["ca.crt"]),
    ("rm -r certs", &["certs"]),
    ("rm -r ../one", &["the folder of `one` is not to be found"]),
    (
        "mv certs/peer.key /root/peer.key; ln -sf /etc/machine-id certs/peer.key",
        &["certs/peer.key"],
    ),
    ("ln -sf nowhere certs/peer.key", &["certs/peer.key"]),
    ("ln -sf peer.key certs/peer.key", &["certs/peer.key"]),
    ("truncate -s 3G certs/server.crt", &["certs/server.crt"]),
    ("truncate -s 3G certs/core", &["certs/core"]),
    ("rm certs/server.key; mkfifo certs/server.key", &["certs/server.key"]),
    ("rm certs/server.key; mkdir certs/server.key", &["certs/server.key"]),
    ("cp certs/server.key certs/ca.key", &["certs/ca.key"]),
];

#[test]
fn what_is_not_as_it_was_built_is_refused_on_a_bare_node_and_on_one_that_runs() {
    let release = release("3.6.16");
    let package = Package::for_machines(&spec(release, ""));
    let site = bare(&package, release);
    let machine = &site.machines[0];
    is_refused(machine);
    let said = done(machine, INSTALL);
    assert!(said.ends_with("\none runs, and is ready\n"), "{said}");
    let etcd = process(machine);

    machine.sh("cp -a /root/new/one /root/former");
    builds(&site, &package, &renewed(release, ""));
    refused(machine, &format!("{INSTALL} /root/former"), &["differs from the build"]);
    is_refused(machine);
    // A pipe that nobody writes into is not waited for.
    machine.sh("mkfifo /root/new/one/certs/pipe");
    let said = done(machine, INSTALL);
    assert_eq!(said, "put the certificates into their place\none runs, and is ready\n");
    assert_eq!(process(machine), etcd);
    assert_eq!(done(machine, INSTALL), "nothing to do; one runs, and is ready\n");
    site.all(&["endpoint", "health"]);
}

/// Each damage, and the wrong time; in the end all is whole again.
fn is_refused(machine: &Machine) {
    machine.sh("rm -rf /root/whole; cp -a /root/new/one /root/whole");
    let again = "rm -rf /root/new/one; cp -a /root/whole /root/new/one";
    for (damage, words) in DAMAGE {
        machine.sh(&format!("{FLIP}cd /root/new/one; {damage}"));
        refused(machine, INSTALL, words);
        machine.sh(again);
    }
    for (clock, words) in [
        ("+20y", ["expired on ", "build again"]),
        ("-3d", ["is valid from ", "by the clock of this node it is "]),
    ] {
        refused(machine, &format!("faketime -f {clock} {INSTALL}"), &words);
    }
}
