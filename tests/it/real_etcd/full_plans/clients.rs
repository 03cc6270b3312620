//! Clients.

use super::{BOTH, Site, Spec, becomes, on};

#[test]
fn clients_come_go_and_change() {
    on(&BOTH, &[one_comes_and_goes, one_is_named_otherwise, files_elsewhere]);
}

const ALICE: &str = "[[client]]\nname = \"alice\"\n";

/// One that is gone is left to a person: its certificate is valid.
fn one_comes_and_goes(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    site.build(&spec.clone().with(ALICE));
    assert_eq!(site.carry_out(), ["clients", "record"]);
    let alice = site.client_of("alice");
    assert!(alice.is_let_in());
    site.build(&spec);
    assert_eq!(site.carry_out(), ["decide", "record"]);
    assert!(alice.is_let_in(), "it is not revoked");
    site.end();
}

fn one_is_named_otherwise(release: &str) {
    let spec = Spec::of(release).with(ALICE);
    let site = becomes(&spec, &spec.clone().with("common-name = false\n"), &["clients", "record"]);
    assert!(site.client_of("alice").is_let_in());
}

fn files_elsewhere(release: &str) {
    let spec = Spec::of(release).with(ALICE);
    let site =
        becomes(&spec, &spec.clone().with("certs-dir = \"/etc/alice\"\n"), &["clients", "record"]);
    assert!(site.client_of("alice").is_let_in());
}
