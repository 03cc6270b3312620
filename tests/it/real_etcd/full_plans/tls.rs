//! TLS, and what of it members have in common.

use super::{BOTH, Spec, is_forced_to_be, on};

#[test]
fn encryption_begins_and_ends() {
    on(&BOTH, &[begins, ends]);
}

#[test]
fn members_that_would_refuse_each_other_are_stopped_all_at_once() {
    on(&["3.5.33", "3.6.16"], &[versions]);
}

const PLAIN: &str = "[tls]\nenabled = false\n";

/// Clients are cut off from each member's restart on, until they have their files: what was acknowledged is
/// there all the same, and peers never lose each other.
fn begins(release: &str) {
    let spec = Spec::of(release);
    let steps = [
        "copy",
        "copy",
        "copy",
        "look",
        "restart",
        "restart",
        "clients",
        "restart",
        "readdress",
        "readdress",
        "readdress",
        "record",
    ];
    is_forced_to_be(&spec.clone().with(PLAIN), &spec, &["client-urls = https"], &steps);
}

fn ends(release: &str) {
    let spec = Spec::of(release);
    let steps = [
        "look",
        "readdress",
        "readdress",
        "readdress",
        "restart",
        "restart",
        "clients",
        "restart",
        "record",
    ];
    let accept = ["client-urls = http", "peer-urls = http"];
    is_forced_to_be(&spec, &spec.clone().with(PLAIN), &accept, &steps);
}

/// Versions of TLS without one in common.
fn versions(release: &str) {
    let spec = Spec::of(release);
    let [from, to] = ["tls-max-version = \"TLS1.2\"", "tls-min-version = \"TLS1.3\""]
        .map(|line| spec.clone().option(line));
    let accept = [
        "no camellia.tls-max-version",
        "no orange.tls-max-version",
        "no pink.tls-max-version",
        "camellia.tls-min-version = TLS1.3",
        "orange.tls-min-version = TLS1.3",
        "pink.tls-min-version = TLS1.3",
    ];
    is_forced_to_be(&from, &to, &accept, &["restart-all", "record"]);
}
