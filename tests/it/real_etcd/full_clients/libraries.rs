//! Libraries that are told the files and the endpoints: jetcd, on Java's own TLS, etcd3, on Node's OpenSSL, and grpcio, on
//! BoringSSL.

use super::super::clients::python;
use super::{MEMBERS, program};
use crate::support::build::Output;
use crate::support::live::Live;
use crate::support::place::Block;
use crate::support::releases::releases;
use crate::support::run::run;
use crate::support::side_by_side::with_each;
use std::process::Command;

/// A command without its arguments, which are the folder of a client and the endpoints.
type Library = fn() -> Command;

#[test]
fn they_connect_to_every_release() {
    with_each(&releases(), |release| {
        connect(release, "", &[(java, ""), (javascript, ""), (grpcio, "")]);
    });
}

/// What a build warns or tells of is what happens: each with a part of what is said where it does not connect.
#[test]
fn they_take_every_kind_of_key_and_of_ca_but_those_that_are_known() {
    let release = releases().pop().expect("a release");
    let kinds = [
        ("[tls]\nkey = \"ecdsa-p384\"\n", ["", "", ""]),
        ("[tls]\nkey = \"ed25519\"\n", ["does not contain valid private key", "", "refused: "]),
        ("[ca]\nname-constraints = \"dns\"\n", ["", "", ""]),
        ("[ca]\nname-constraints = \"dns+ip\"\n", ["", "", "refused: "]),
    ];
    with_each(&kinds, |(kind, [by_java, by_javascript, by_python])| {
        let all = [(java as Library, *by_java), (javascript, *by_javascript), (grpcio, *by_python)];
        connect(&release, kind, &all);
    });
}

/// Has each of them put and get a key; but one whose refusal is given says that instead.
fn connect(release: &str, more: &str, libraries: &[(Library, &str)]) {
    let block = Block::claim();
    // They run on this machine, which has no names for members.
    let spec = MEMBERS.replace("advertise = \"hostname\"", "");
    let output = Output::of(&block.relocate(&format!("{spec}{more}"), release));
    let _live = Live::start(&output, release, "command");
    let folder = output.path("clients/root");
    let endpoints: Vec<String> =
        output.cluster.endpoints().iter().map(ToString::to_string).collect();
    let failed: Vec<String> = libraries
        .iter()
        .filter_map(|(library, refusal)| {
            let mut command = library();
            let said = run(command.arg(&folder).args(&endpoints));
            let is_refused = !refusal.is_empty() && said.stderr.contains(refusal);
            let is_well = said.stdout == "flowers\n";
            let is_as_told = if refusal.is_empty() { is_well } else { is_refused && !is_well };
            (!is_as_told).then(|| format!("{command:?}: {}{}", said.stdout, said.stderr))
        })
        .collect();
    assert!(failed.is_empty(), "{release}, {more}: {}", failed.join("\n"));
}

fn java() -> Command {
    let there = program("jetcd");
    let mut java = Command::new("java");
    java.arg("-classpath").arg(format!("{0}:{0}/jars/*", there.display())).arg("Main");
    java
}

fn javascript() -> Command {
    let mut node = Command::new("node");
    node.arg(program("etcd3").join("main.mjs"));
    node
}

fn grpcio() -> Command {
    python("by_grpcio.py")
}
