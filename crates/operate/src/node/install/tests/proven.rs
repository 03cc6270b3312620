//! What was brought, and is not this build's: one cause is told once, with the way out of it.

use super::work::install;
use crate::compiled::Compiled;
use crate::live::tests::scene::NOW;
use crate::live::tests::scene::flowers::{CERTIFICATES, CLUSTER};
use crate::node::bundle::Bundle;
use bouquet_model::artifact::FORMATS;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::Secret;
use std::path::PathBuf;

/// Returns all that is said of the options of a member, brought for orange, with one word of them replaced by another.
fn told(of: &str, (from, to): (&str, &str)) -> Vec<Diagnostic> {
    let compiled = Compiled { cluster: &CLUSTER, certificates: CERTIFICATES };
    let theirs = CLUSTER.member(of).expect(of);
    let orange = CLUSTER.member("orange").expect("orange");
    let by_default = FORMATS.iter().filter(|form| form.by_default);
    let files = by_default.map(|form| {
        let text = (form.render)(&CLUSTER, theirs).replace(from, to);
        (PathBuf::from(form.file), Secret::from(text.into_bytes()))
    });
    let bundle = Bundle { from: "standard input".into(), files: files.collect() };
    let mut all = bundle.faults(&compiled, orange, &install(Some("-")), NOW);
    all.retain(|it| !it.message.contains("/certs"));
    all
}

const AGAIN: &str = "`tar -c -C out/members orange | ssh root@NODE 'bouquet install orange -'` on the machine with `out/`, where NODE is this one";

#[test]
fn the_folder_of_another_member_is_one_mistake() {
    let [problem] = &told("pink", ("", ""))[..] else { panic!("{:?}", told("pink", ("", ""))) };
    assert_eq!(problem.message, "standard input/etcd.conf.yml is of `pink`, not of `orange`");
    let others = ["etcd.env", "etcd.service", "etcd.sh"].map(|it| format!("standard input/{it}"));
    assert_eq!(problem.notes, [format!("the same of {}", others.join(", "))]);
    let help = format!("where this node is `orange`, bring out/members/orange, then: {AGAIN}");
    assert_eq!(problem.help, [help]);
}

/// The usual way there: the folder is new, and the program that was copied with an earlier one is old.
#[test]
fn the_folder_of_another_build_is_one_mistake_and_the_program_may_be_the_old_one() {
    let digest = CLUSTER.member("orange").expect("orange").digest.to_string();
    let said = told("orange", (&digest, "0123456789abcdef"));
    let [problem] = &said[..] else { panic!("{said:?}") };
    let message = format!(
        "standard input/etcd.conf.yml is of another build: its definition is 0123456789abcdef, the compiled one {digest}"
    );
    assert_eq!(problem.message, message);
    assert!(problem.notes.iter().any(|it| it.starts_with("the same of ")), "{problem}");
    let help = [
        "the folder and the program on this node have to be of one build".to_owned(),
        format!("copy that build's program here, then its out/members/orange: {AGAIN}"),
    ];
    assert_eq!(problem.help, help);
}
