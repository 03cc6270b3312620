//! Libraries that are told the files and the endpoints: jetcd, on Java's own TLS, and etcd3, on Node's OpenSSL.

use super::{MEMBERS, program};
use crate::support::build::Output;
use crate::support::live::Live;
use crate::support::place::Block;
use crate::support::releases::releases;
use crate::support::run::run;
use crate::support::side_by_side::with_each;
use std::path::Path;
use std::process::Command;

#[test]
fn they_connect_to_every_release() {
    with_each(&releases(), |release| connect(release, ""));
}

#[test]
fn they_take_every_kind_of_key_and_of_ca() {
    let release = releases().pop().expect("a release");
    let kinds = [
        "[tls]\nkey = \"ecdsa-p384\"\n",
        "[tls]\nkey = \"ed25519\"\n",
        "[ca]\nname-constraints = \"dns\"\n",
        "[ca]\nname-constraints = \"dns+ip\"\n",
    ];
    with_each(&kinds, |kind| connect(&release, kind));
}

/// Has each of them put and get a key.
fn connect(release: &str, more: &str) {
    let block = Block::claim();
    // They run on this machine, which has no names for members.
    let spec = MEMBERS.replace("advertise = \"hostname\"", "");
    let output = Output::of(&block.relocate(&format!("{spec}{more}"), release));
    let _live = Live::start(&output, release, "command");
    let folder = output.path("clients/root");
    let endpoints: Vec<String> =
        output.cluster.endpoints().iter().map(ToString::to_string).collect();
    for mut command in [in_java(&folder), in_javascript(&folder)] {
        let said = run(command.args(&endpoints));
        assert_eq!(said.stdout, "flowers\n", "{command:?} on {release}, {more}: {}", said.stderr);
    }
}

fn in_java(client: &Path) -> Command {
    let there = program("jetcd");
    let mut java = Command::new("java");
    java.arg("-classpath").arg(format!("{0}:{0}/jars/*", there.display())).arg("Main").arg(client);
    java
}

fn in_javascript(client: &Path) -> Command {
    let mut node = Command::new("node");
    node.arg(program("etcd3").join("main.mjs")).arg(client);
    node
}
