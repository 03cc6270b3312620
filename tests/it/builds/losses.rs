//! What is lost without a word: a CA's key, the whole of `out/`, the time of day.

use crate::support::cluster::{Cluster, SPEC, all, with_clients};
use crate::support::programs::{compile_step, shell, verify};
use std::fs;
use std::process::{Command, Output};

/// The spec says that the key is elsewhere.
const ELSEWHERE: &str = "\n[[authority]]\nnumber = 1\ncertificate = \"out/pki/ca.crt\"\n";

#[test]
fn a_key_that_is_gone_is_said_in_every_build_until_the_spec_says_where_it_is() {
    let cluster = Cluster::built(SPEC);
    let key = cluster.path("out/pki/ca.key");
    fs::rename(&key, cluster.path("ca.key")).unwrap();
    for _ in 0..2 {
        let said = cluster.succeeds();
        assert!(said.contains("pki/ca.key` is not there: CA 1 can issue nothing more"), "{said}");
        assert!(said.contains("`[[authority]]` with `number = 1`"), "{said}");
        assert!(said.contains("from a clone that has it: `cargo run -- secrets import"), "{said}");
    }
    let output = all(&cluster.process());
    assert!(
        output.contains("cargo::warning=") && output.contains("is not there: CA 1"),
        "{output}"
    );
    assert!(
        output.contains("cargo::rerun-if-changed=out/pki\n"),
        "the folder is watched: {output}"
    );

    cluster.write(format!("{SPEC}{ELSEWHERE}"));
    assert_eq!(cluster.succeeds(), "");
    // What is due is asked for, as of every CA whose key is elsewhere.
    cluster.write(with_clients(1) + ELSEWHERE);
    let said = cluster.succeeds();
    assert!(said.contains("client-0-client.csr` waits for the signature"), "{said}");

    cluster.write(SPEC);
    fs::rename(cluster.path("ca.key"), key).unwrap();
    assert!(!cluster.succeeds().contains("is not there"));
    verify(&cluster.path("out"));
}

#[test]
fn a_key_of_a_ca_that_went_is_not_missed() {
    let cluster = Cluster::built(SPEC);
    for phase in ["trust = [1, 2]", "issue = 2\ntrust = [1, 2]"] {
        cluster.write(format!("{SPEC}\n[ca]\n{phase}\n"));
        cluster.succeeds();
    }
    fs::remove_file(cluster.path("out/pki/ca.key")).unwrap();
    assert!(!cluster.succeeds().contains("is not there"));
}

#[test]
fn an_out_that_is_gone_is_no_reason_for_another_ca() {
    let cluster = Cluster::built(SPEC);
    let (ca, module) = (cluster.ca(), fs::read(cluster.path("target/cluster.rs")).unwrap());
    let lock = fs::read(cluster.path("cluster.lock")).unwrap();
    shell("mv out kept", cluster.folder.path());
    for _ in 0..2 {
        let output = cluster.process();
        let said = all(&output);
        assert!(output.status.success(), "{said}");
        assert!(said.contains("`out/` holds no key: this build proves and prints"), "{said}");
        assert!(said.contains("cargo run -- secrets import"), "{said}");
        assert!(!cluster.path("out").exists());
        assert_eq!(fs::read(cluster.path("target/cluster.rs")).unwrap(), module);
        assert_eq!(fs::read(cluster.path("cluster.lock")).unwrap(), lock);
    }
    shell("mv kept out", cluster.folder.path());
    assert_eq!(cluster.succeeds(), "");
    assert_eq!(cluster.ca(), ca);
}

#[test]
fn a_build_without_keys_says_so_in_a_line_that_leads_to_no_loss() {
    let cluster = Cluster::built(SPEC);
    shell("rm -r out", cluster.folder.path());
    let said = all(&cluster.process());
    let line = said.lines().find(|line| line.contains("holds no key")).expect("a warning");
    assert!(line.len() < 300, "{} bytes: {line}", line.len());
    let typed: Vec<_> = line.split('`').filter(|word| word.contains(' ')).collect();
    assert!(!typed.iter().any(|word| word.starts_with("rm ") || word.starts_with("mv ")), "{line}");
}

#[test]
fn the_line_that_begins_again_does() {
    let (cluster, other) = (Cluster::built(SPEC), Cluster::built(SPEC));
    let ca = cluster.ca();
    for file in ["out/pki/ca.crt", "out/pki/ca.key"] {
        fs::copy(other.path(file), cluster.path(file)).unwrap();
    }
    let said = cluster.fails();
    assert!(said.contains("if nobody uses this cluster, begin again with another CA"), "{said}");
    let line = said.split('`').find(|word| word.contains("&& rm ")).expect("a line to type");
    shell(line, cluster.folder.path());
    let said = cluster.succeeds();
    assert!(said.contains("made a certificate authority"), "{said}");
    assert!(cluster.ca() != ca && cluster.ca() != other.ca());
}

#[test]
fn another_clone_that_shares_the_target_folder_makes_its_own_ca() {
    let (one, two) = (Cluster::built(SPEC), Cluster::new(SPEC));
    let build = |cluster: &Cluster| {
        cluster.command().env("OUT_DIR", one.path("target")).output().expect("a build")
    };
    assert!(build(&one).status.success());
    let output = build(&two);
    assert!(output.status.success(), "{}", all(&output));
    // And then the first one: it has its own `out/` still.
    assert!(build(&one).status.success());
    assert_ne!(one.ca(), two.ca());
}

/// A build whose clock shows another time.
fn at(cluster: &Cluster, time: &str) -> Output {
    Command::new("faketime")
        .args(["-f", time])
        .arg(compile_step())
        .args(["cluster.toml", "out"])
        .current_dir(cluster.folder.path())
        .env("OUT_DIR", cluster.path("target"))
        .output()
        .expect("this test needs the command faketime: install it")
}

#[test]
fn no_ca_is_made_while_the_clock_is_before_the_build_script() {
    let cluster = Cluster::new(SPEC);
    for time in ["@1970-01-01 00:00:30", "@2019-06-01 12:00:00"] {
        let output = at(&cluster, time);
        let said = all(&output);
        assert!(!output.status.success(), "{said}");
        assert!(
            said.contains("this machine's clock says ") && said.contains("was made at"),
            "{said}"
        );
        assert!(cluster.ca().is_none());
    }
}

#[test]
fn a_clock_that_is_behind_what_was_issued_is_told() {
    let cluster = Cluster::new(SPEC);
    let output = at(&cluster, "+100d");
    assert!(output.status.success(), "{}", all(&output));
    let kept = fs::read(cluster.path("out/members/pink/certs/server.crt")).unwrap();
    for (time, is_refused) in [("+98d", true), ("+0d", true), ("+2398h", false)] {
        let output = at(&cluster, time);
        let said = all(&output);
        assert_eq!(!output.status.success(), is_refused, "{time}: {said}");
        assert!(said.contains("pki/ca.crt` was issued at"), "{time}: {said}");
        assert!(said.contains("set the clock right"), "{time}: {said}");
        assert!(!said.contains("reissued"), "{time}: {said}");
    }
    // Clocks differ by minutes, and nobody is told.
    let output = at(&cluster, "+143998m");
    assert!(output.status.success() && !all(&output).contains("clock"), "{}", all(&output));
    assert_eq!(fs::read(cluster.path("out/members/pink/certs/server.crt")).unwrap(), kept);
}
