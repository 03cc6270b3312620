//! `bouquet command`.

use crate::common::{World, flowers};
use bouquet_model::Cluster;
use bouquet_model::artifact::FORMATS;
use bouquet_model::cluster::Setting;
use bouquet_model::option::Value;
use bouquet_model::version::{EtcdVersion, Minor};
use bouquet_operate::Exit;

/// One that all forms can name.
const RELEASE: EtcdVersion = EtcdVersion::new(Minor::V3_5, Some(33));

#[test]
fn every_form_is_the_text_of_its_file() {
    let cluster = Cluster { version: RELEASE, ..flowers::CLUSTER.clone() };
    for member in cluster.members.iter() {
        for form in FORMATS {
            let line = ["command", member.name.as_str(), "-o", form.name];
            let outcome = World::new().ask(&cluster, flowers::CERTIFICATES, &line);
            let file = (form.render)(&cluster, member);
            assert_eq!((outcome.stdout, outcome.exit), (file, Exit::Done), "{line:?}");
        }
    }
    let default = World::new().flowers(&["command", "orange"]).stdout;
    assert!(default.starts_with("#!/bin/sh\n"), "{default}");
}

/// It names an image, and of `3.5` there is none.
#[test]
fn a_static_pod_of_any_release_is_not_printed() {
    let outcome = World::new().flowers(&["command", "orange", "-o", "static-pod"]);
    insta::assert_snapshot!("a_static_pod_of_any_release", outcome.stderr);
    assert_eq!((outcome.stdout.as_str(), outcome.exit), ("", Exit::Failed));
}

#[test]
fn a_wrong_name_says_which_there_are_and_which_was_meant() {
    let outcome = World::new().flowers(&["command", "oragne"]);
    insta::assert_snapshot!("a_wrong_name_says_which_was_meant", outcome.stderr);
    assert_eq!((outcome.stdout.as_str(), outcome.exit), ("", Exit::Misused));
    let far = World::new().flowers(&["command", "tulip"]).stderr;
    assert!(!far.contains("did you mean"), "{far}");
}

#[test]
fn a_wrong_name_cannot_write_to_the_terminal() {
    let stderr = World::new().flowers(&["command", "\u{1b}[2Jx\n"]).stderr;
    assert!(stderr.contains(r"`\u{1b}[2Jx\n` is not a member"), "{stderr}");
}

#[test]
fn a_missing_name_says_which_there_are() {
    let outcome = World::new().flowers(&["command"]);
    assert!(
        outcome.stderr.contains("the members are daffodil, pink, orange"),
        "{}",
        outcome.stderr
    );
    assert_eq!(outcome.exit, Exit::Misused);
}

#[test]
fn a_file_that_cannot_carry_every_option_is_not_printed() {
    let mut cluster = flowers::CLUSTER.clone();
    let option = Setting { name: "client-crl-file", value: Value::text("/x.crl") };
    cluster.members.to_mut()[0].options.to_mut().push(option);
    let ask = |form| {
        let line = ["command", "daffodil", "--output", form];
        World::new().ask(&cluster, flowers::CERTIFICATES, &line)
    };
    let outcome = ask("yaml");
    insta::assert_snapshot!("a_file_that_cannot_carry_every_option", outcome.stderr);
    assert_eq!((outcome.stdout.as_str(), outcome.exit), ("", Exit::Failed));
    assert_eq!(ask("env").exit, Exit::Done);
}
