//! Certificates, and lists of those that are revoked.

use super::{BOTH, ROLLED, Site, Spec, becomes, on};

#[test]
fn certificates_are_reissued_and_revoked() {
    on(&BOTH, &[all_again, of_a_client_again, revoked, a_list_begins]);
}

const TWO: &str = "[[client]]\nname = \"alice\"\n";

/// No member is restarted, and each shows its new certificate.
fn all_again(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    let shown = |site: &Site| [1, 2, 3].map(|last| site.shows(last, 2379));
    let (before, processes) = (shown(&site), site.processes());
    site.build(&spec.with("[tls]\ngeneration = 2\n"));
    assert_eq!(site.carry_out(), ["copy", "copy", "copy", "clients", "record"]);
    site.end();
    assert_eq!(site.processes(), processes, "none was restarted");
    let after = shown(&site);
    for (last, (before, after)) in before.iter().zip(&after).enumerate() {
        assert_ne!(before, after, "{last}");
    }
    for (last, member) in [(1, "camellia"), (2, "orange"), (3, "pink")] {
        let built = site.serial_of(&format!("out/members/{member}/certs/server.crt"));
        assert_eq!(site.shows(last, 2379), built, "{member}");
    }
}

fn of_a_client_again(release: &str) {
    let spec = Spec::of(release);
    let other = Spec { root: "generation = 2\n", ..spec.clone() };
    let site = becomes(&spec, &other, &["clients", "record"]);
    let [built, there] = ["out/clients/root", "machines/HOST/opt/etcd/certs/root"]
        .map(|folder| site.serial_of(&format!("{folder}/client.crt")));
    assert_eq!(built, there);
}

/// Members that have a list get another one, and refuse who is in it without a restart.
fn revoked(release: &str) {
    let spec = Spec::of(release).with("[ca]\ncrl = true\n");
    let mut site = Site::start(&spec.clone().with(TWO));
    site.write();
    let alice = site.client_of("alice");
    assert!(alice.is_let_in());
    let serial = site.serial_of("out/clients/alice/client.crt");
    let processes = site.processes();
    site.build(&spec.with(&format!("[[revoked]]\nserial = \"{serial}\"\ndate = \"2026-01-01\"\n")));
    assert_eq!(site.carry_out(), ["copy", "copy", "copy", "decide", "record"]);
    assert!(!alice.is_let_in(), "it is revoked");
    assert_eq!(site.processes(), processes, "none was restarted");
    site.end();
}

/// Members that have no list yet get it before their restart.
fn a_list_begins(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec.clone().with(TWO));
    site.write();
    let alice = site.client_of("alice");
    let serial = site.serial_of("out/clients/alice/client.crt");
    site.build(&spec.clone().with(&format!(
        "{TWO}generation = 2\n[[revoked]]\nserial = \"{serial}\"\ndate = \"2026-01-01\"\n"
    )));
    let copy = site.path("former");
    let status = std::process::Command::new("cp").arg("-r").arg(alice.folder()).arg(&copy).status();
    assert!(status.expect("cp runs").success());
    let former = alice.at(&copy);
    let words = site.carry_out();
    assert_eq!(words[..4], ["copy", "copy", "copy", "clients"], "{words:?}");
    assert_eq!(words[4..], ROLLED, "{words:?}");
    assert!(alice.is_let_in(), "it has another certificate");
    assert!(!former.is_let_in(), "the former one is revoked");
    site.end();
}
