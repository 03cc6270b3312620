//! `ssh`, in whole builds: a fact of the machine with `out/`, and of nobody else.

use crate::support::cluster::{Cluster, SPEC, all};
use crate::support::package::Package;
use bouquet_build::prove;
use bouquet_model::running::Running;
use std::fs;

fn reached(destination: &str) -> String {
    SPEC.replace("ip = \"10.0.0.2\"", &format!("ip = \"10.0.0.2\"\nssh = \"{destination}\""))
}

#[test]
fn it_changes_no_file_no_digest_and_nothing_that_runs() {
    let cluster = Cluster::built(SPEC);
    cluster.record();
    assert_eq!(cluster.succeeds(), "");
    let lock = cluster.read("cluster.lock");
    let module = cluster.read("target/cluster.rs");
    for spec in [reached("admin@10.0.0.2"), reached("another"), SPEC.to_owned()] {
        cluster.write(&spec);
        assert_eq!(cluster.build().written(), []);
        assert_eq!(cluster.succeeds(), "");
        assert_eq!(cluster.read("cluster.lock"), lock);
        assert_eq!(cluster.read("target/cluster.rs"), module);
        let is = prove(spec.as_bytes()).0.unwrap().cluster;
        let was = prove(SPEC.as_bytes()).0.unwrap().cluster;
        assert_eq!(is.digest, was.digest);
        assert_eq!(Running::of(&is, &[]), Running::of(&was, &[]));
    }
}

#[test]
fn a_program_is_handed_those_of_its_members() {
    const PROGRAM: &str = "bouquet_model::include_cluster!();\n\
        fn main() { for member in &*cluster::CLUSTER.members { println!(\"{} {:?}\", member.name, member.ssh); } }\n";
    let package = Package::new(&reached("admin@10.0.0.2"));
    fs::write(package.path("src/main.rs"), PROGRAM).unwrap();
    let told = || {
        // That of the shell is nobody's.
        let output = package.cargo("run").env("BOUQUET_SSH_1", "elsewhere").output().unwrap();
        assert!(output.status.success(), "{}", all(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(told(), "pink None\norange Some(\"admin@10.0.0.2\")\ncamellia None\n");
    package.write(&reached("another"));
    assert_eq!(told(), "pink None\norange Some(\"another\")\ncamellia None\n");
    package.write(SPEC);
    assert_eq!(told(), "pink None\norange None\ncamellia None\n");
}
