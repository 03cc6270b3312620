//! Options that a build took, and that a real etcd died of: what `full_differential` found. Now a build
//! refuses them, and etcd still dies.

use crate::support::releases::releases;
use crate::support::side_by_side::with_each;
use crate::support::trial::{Bench, Choice, Outcome};
use bouquet_build::diagnostic::Severity;
use bouquet_model::option::find;
use toml_edit::DocumentMut;

/// The releases, by how they begin, and the options.
const FOUND: &[(&[&str], &str)] = &[
    // It warns by a logger that is not there.
    (&["3.4.23"], "experimental-enable-lease-checkpoint = true"),
    (&["3.5."], "enable-v2 = true\nv2-deprecation = \"write-only\""),
    (&["3."], "auth-token = \"jwt,sign-method=HS512,pub-key=/keys/secret.pub\""),
    // All of a kind are on, and one that another of them needs is not.
    (
        &["3.6."],
        "experimental-enable-lease-checkpoint = false\nfeature-gates = [\"AllAlpha=true\"]",
    ),
    (&["3.7."], "feature-gates = [\"AllAlpha=true\", \"LeaseCheckpoint=false\"]"),
    // The address of an IPv4 socket, as IPv6.
    (&["3."], "listen-metrics-urls = [\"http://[::ffff:ADDRESS]:2379\"]"),
    (&["3."], "cors = [\"https://a%b:443\"]"),
    (
        &["3.5.1"],
        "cipher-suites = [\"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA\", \
         \"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256\"]",
    ),
    (&["3.4.", "3.5."], "logger = \"zap\"\nlog-outputs = [\"/var/log/etcd/a?b\"]"),
];

#[test]
fn what_etcd_was_found_to_die_of_is_refused() {
    with_each(&releases(), |release| {
        let bench = Bench::new(release);
        let is_of = |begin: &&str| {
            release.strip_prefix(*begin).is_some_and(|rest| begin.ends_with('.') || rest.is_empty())
        };
        let found = FOUND.iter().filter(|(releases, _)| releases.iter().any(|begin| is_of(&begin)));
        for (_, options) in found {
            let chosen = choices(options);
            let errors = bench.said(Severity::Error, release, &chosen);
            assert!(!errors.is_empty(), "etcd {release}: a build takes\n{options}");
            let outcome = bench.unchecked(&chosen);
            assert!(matches!(outcome, Outcome::Fails(_)), "etcd {release} serves with\n{options}");
        }
    });
}

fn choices(options: &str) -> Vec<Choice> {
    let table: DocumentMut = options.parse().expect("TOML");
    let choice = |(name, item): (&str, &toml_edit::Item)| {
        let option = find(name).expect("an option");
        (option.name(), item.as_value().expect("a value").clone())
    };
    table.iter().map(choice).collect()
}
