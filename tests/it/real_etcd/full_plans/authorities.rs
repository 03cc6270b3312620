//! Changes of CA.

use super::{BOTH, Site, Spec, is_forced_to_be, on};

#[test]
fn a_change_of_ca_goes_by_its_phases() {
    on(&BOTH, &[phases, phases_of_peers, both_at_once]);
}

fn ca(spec: &Spec, lines: &str) -> Spec {
    spec.clone().with(&format!("[ca]\n{lines}\n"))
}

const FILES: [&str; 4] = ["copy", "copy", "copy", "clients"];
const RESTARTS: [&str; 4] = ["look", "restart", "restart", "restart"];

/// Each phase is built, planned, done and recorded before the next.
fn phases(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    let next = ca(&spec, "trust = [1, 2]\nissue = 2");
    assert!(site.refuses(&next).contains("CA 2"), "a phase is skipped");
    let issuer = site.issuer(2, 2379);
    let record = ["record"];
    for (lines, steps) in [
        ("trust = [1, 2]\nissue = 1", [&FILES[..], &RESTARTS, &record].concat()),
        ("trust = [1, 2]\nissue = 2", [&FILES[..], &record].concat()),
        ("trust = [2]\nissue = 2", [&FILES[..], &RESTARTS, &record].concat()),
    ] {
        site.build(&ca(&spec, lines));
        assert_eq!(site.carry_out(), steps, "{lines}");
    }
    assert_ne!(site.issuer(2, 2379), issuer);
    site.end();
}

/// That of peers alone, where both sides have one of their own.
fn phases_of_peers(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&ca(&spec, "peer-trust = [2]\npeer-issue = 2"));
    site.write();
    for lines in [
        "peer-trust = [2, 3]\npeer-issue = 2",
        "peer-trust = [2, 3]\npeer-issue = 3",
        "peer-trust = [3]\npeer-issue = 3",
    ] {
        site.build(&ca(&spec, lines));
        let words = site.carry_out();
        assert_eq!(words[..3], ["copy"; 3], "{words:?}");
    }
    site.end();
}

/// Those that have the new files and those that do not refuse each other.
fn both_at_once(release: &str) {
    let spec = Spec::of(release);
    let steps = ["restart-all", "clients", "record"];
    let next = ca(&spec, "trust = [1, 2]\nissue = 2");
    is_forced_to_be(&spec, &next, &["trust = [1, 2], issue = 2"], &steps);
}
