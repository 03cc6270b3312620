//! The recipes of docs/team.md, word by word, by the programs that they name.

use super::clones::Clones;
use super::page::Page;
use super::transcripts::check_in;
use crate::support::cluster::{Cluster, SPEC, all};
use crate::support::programs::compile_step;
use std::process::Command;

const PAGE: &str = "docs/team.md";

#[test]
fn two_clones_have_the_same_out_by_age() {
    let clones = Clones::new();
    check_in(PAGE, "age", &|who, command| clones.run(who, command));
    clones.assert_same_out();
}

#[test]
fn two_clones_have_the_same_out_by_gpg() {
    let clones = with_gpg();
    let _agents = Agents(&clones);
    check_in(PAGE, "gpg", &|who, command| clones.run(who, command));
    clones.assert_same_out();
}

#[test]
fn two_clones_have_the_same_out_by_pass() {
    let clones = with_gpg();
    let _agents = Agents(&clones);
    for (who, other) in [("ana", "ben"), ("ben", "ana")] {
        let mail = format!("{other}@example.org");
        clones.quiet(who, &format!("gpg --quiet --import ../../{other}.asc"));
        clones.quiet(
            who,
            &format!(
                "gpg --quiet --batch --yes --quick-lsign-key \
                 \"$(gpg --with-colons --list-keys {mail} | sed -n 's/^fpr:*\\([^:]*\\):$/\\1/p' | head -n 1)\" > /dev/null 2>&1"
            ),
        );
    }
    clones.quiet("ana", "git init --quiet --bare ../../store.git");
    check_in(PAGE, "pass", &|who, command| clones.run(who, command));
    clones.assert_same_out();
}

#[test]
fn a_ci_job_without_secrets_does_what_the_page_shows() {
    let clones = Clones::new();
    check_in(PAGE, "ci", &|who, command| clones.run(who, command));
}

/// Cargo builds a package here by the one step that the tests have compiled already.
const CARGO: &str = r#"#!/bin/sh
case "$*" in
build) mkdir -p target && OUT_DIR=target exec compile-step cluster.toml out > target/said ;;
"run --quiet -- secrets export") [ ! -e ../no-export ] && exec bouquet secrets export; exit 1 ;;
"run --quiet -- "*) shift 3 && exec bouquet "$@" ;;
*) exit 70 ;;
esac
"#;

#[test]
fn a_ci_job_with_secrets_renews_what_is_due_and_hands_it_on() {
    let clones = Clones::new();
    clones.provide(compile_step());
    clones.script("cargo", CARGO);
    clones.quiet(
        "ben",
        "age-keygen -o ../ci.key 2> /dev/null && age-keygen -y ../ci.key > ../ci.pub",
    );
    let seal = "bouquet secrets export 2> /dev/null | age -R team.keys > cluster.sealed";
    clones.quiet("ana", &format!("cp ../../ben/ci.pub team.keys && {seal}"));
    clones.quiet("ana", "git add . && git commit --quiet --message Seal && git push --quiet");

    let page = Page::read(PAGE);
    let blocks = page.blocks();
    let job = blocks.iter().find(|block| block.info == "sh renew").expect("the job");
    clones.quiet("ben", "git pull --quiet");
    let run =
        || clones.run("ben", &format!("export BOUQUET_KEY=\"$(cat ../ci.key)\"\n{}", job.text));
    assert_eq!(run(), "imported 9 keys\nnext: `cargo build`\n");
    assert_eq!(clones.run("ben", "git log --oneline @{u}.. && git status --short"), "");

    clones.quiet("ana", "sed -i 's/^.tls.$/&\\ngeneration = 2/' cluster.toml");
    clones
        .quiet("ana", "git commit --quiet --all --message 'New certificates' && git push --quiet");
    clones.quiet("ben", "git pull --quiet && rm -rf out && git checkout --quiet out");
    // A stream that failed does not take the place of the sealed one.
    clones.quiet("ben", "touch ../no-export");
    let said = run();
    assert!(said.contains("nothing came: the stream is empty"), "{said}");
    assert_eq!(clones.run("ben", "git log --oneline @{u}.."), "");
    clones.quiet("ben", "rm ../no-export && rm -rf out && git checkout --quiet .");
    let said = run();
    assert!(said.contains("9 keys and their certificates"), "{said}");
    assert!(said.contains("nothing to import: 9 keys were here already"), "{said}");
    assert_eq!(clones.run("ben", "git log --oneline @{u}.. && git status --short"), "");

    // Ana has them too, then.
    clones.quiet("ana", "git pull --quiet && cp ../../ben/ci.key ..");
    let open = "age -d -i ../ci.key cluster.sealed | bouquet secrets import";
    assert!(clones.run("ana", open).contains("imported 8 keys"));
    assert_eq!(
        clones.run("ana", "BOUQUET_LOCKED=1 cargo build"),
        clones.run("ben", "BOUQUET_LOCKED=1 cargo build")
    );
    clones.assert_same_out();
}

#[test]
fn an_editor_that_is_set_up_as_the_page_says_writes_nothing() {
    let page = Page::read(PAGE);
    let blocks = page.blocks();
    let settings = blocks.iter().find(|block| block.info == "json").expect("settings");
    let settings: serde_json::Value = serde_json::from_str(settings.text).expect("JSON");
    for part in ["cargo", "check"] {
        let variables = settings[format!("rust-analyzer.{part}.extraEnv")].as_object().unwrap();
        let cluster = Cluster::new(SPEC);
        let mut command = cluster.command();
        for (name, value) in variables {
            command.env(name, value.as_str().unwrap());
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", all(&output));
        assert!(cluster.path("target/cluster.rs").exists());
        assert!(!cluster.path("out").exists() && !cluster.path("cluster.lock").exists());
    }
}

#[test]
fn a_cluster_whose_keys_are_all_lost_gets_another_ca_as_the_page_shows() {
    let clones = Clones::new();
    check_in("docs/certificates.md", "lost", &|who, command| clones.run(who, command));
    // The machines have what was copied to them: each certificate of CA 1, and both CAs to trust.
    let certs = |who: &str| clones.clone_of(who).join("out/members/orange/certs");
    for (who, certificate) in [("ana", "server.crt"), ("ana", "peer.crt"), ("ben", "server.crt")] {
        let output = Command::new("openssl")
            .args(["verify", "-CAfile"])
            .args([certs("ben").join("ca.crt"), certs(who).join(certificate)])
            .output()
            .expect("this test needs the command openssl: install it");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Both have a key of their own without a passphrase, and have put its public half beside their homes.
fn with_gpg() -> Clones {
    let clones = Clones::new();
    for who in ["ana", "ben"] {
        clones.quiet(
            who,
            &format!(
                "mkdir -m 700 ~/.gnupg && gpg --quiet --batch --passphrase '' --quick-generate-key \
                 {who}@example.org future-default default never 2> /dev/null \
                 && gpg --check-trustdb 2> /dev/null && gpg --armor --export > ../../{who}.asc"
            ),
        );
    }
    clones
}

/// What gpg leaves running in each home, for as long as a test may need it.
struct Agents<'a>(&'a Clones);

impl Drop for Agents<'_> {
    fn drop(&mut self) {
        for who in ["ana", "ben"] {
            self.0.run(who, "gpgconf --kill all");
        }
    }
}
