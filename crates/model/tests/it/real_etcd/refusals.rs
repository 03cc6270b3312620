//! Values that etcd refuses, and values that it should have.

use bouquet_model::option::Raw::{self, Int, List, Str};

use super::at_hand::{Etcd, with_each};

/// What the table refuses, and the words in which etcd does.
const REFUSED: &[(&str, Raw<'_>, &str)] = &[
    ("heartbeat-interval", Int(0), "--heartbeat-interval must be >0"),
    ("election-timeout", Int(50_001), "is too long"),
    ("quota-backend-bytes", Str("8GB"), "invalid value"),
    ("max-concurrent-streams", Int(1 << 32), "invalid value"),
    ("backend-batch-interval", Str("1d"), "invalid value"),
    ("auto-compaction-mode", Str("hourly"), "unknown auto-compaction-mode"),
    ("auto-compaction-retention", Str("1d"), "error parsing CompactionRetention"),
    ("auth-token", Str("jtw"), "auth: invalid auth options"),
    ("auth-token", Str("jwt,ttl=5m"), "auth: invalid auth options"),
    ("tls-min-version", Str("TLS1.1"), "unexpected TLS version"),
    ("logger", Str("syslog"), "unknown logger option"),
    ("log-format", Str("xml"), "unknown log format"),
    ("log-level", Str("loud"), "level"),
    ("cors", List(&["https://ui"]), "does not have the form"),
    ("cors", List(&["http://exa mple:80"]), "invalid"),
    ("cors", List(&["http://a%b:80"]), "invalid"),
    ("cors", List(&["http://a:+80"]), "invalid"),
    ("cors", List(&["https://a\\b:443"]), "invalid"),
    ("listen-metrics-urls", List(&["http://node:1"]), "expected IP"),
    ("listen-metrics-urls", List(&["http://127.1:1"]), "expected IP"),
    ("listen-metrics-urls", List(&["http://LOCALHOST:1"]), "expected IP"),
    ("listen-metrics-urls", List(&["http://[fe80::1%2]:1"]), "invalid URL escape"),
    ("listen-metrics-urls", List(&["http://[fe80::1%25lo]:1"]), "expected IP"),
    ("listen-metrics-urls", List(&["http://127.0.0.1:1/"]), "must not contain a path"),
    ("v2-deprecation", Str("soon"), "invalid value"),
    ("compact-hash-check-time", Str("0s"), "must be >0"),
    ("experimental-compact-hash-check-time", Str("0s"), "must be >0"),
    ("feature-gates", List(&["Nope=true"]), "unrecognized feature gate"),
];

/// What the table refuses because etcd takes it without a word for something else.
const SWALLOWED: &[(&str, Raw<'_>)] = &[
    ("raft-read-timeout", Str("1s")),
    ("bcrypt-cost", Int(40)),
    ("metrics", Str("all")),
    ("backend-bbolt-freelist-type", Str("tree")),
    ("auto-compaction-retention", Str("-1h")),
    ("max-txn-ops", Int(0)),
    ("snapshot-count", Int(0)),
    ("snapshot-catchup-entries", Int(0)),
    ("max-concurrent-streams", Int(0)),
    ("auth-token-ttl", Int(9_223_372_037)),
    ("grpc-keepalive-min-time", Str("0s")),
    ("grpc-keepalive-interval", Str("1ns")),
    ("grpc-keepalive-timeout", Str("0s")),
    ("watch-progress-notify-interval", Str("99ms")),
    ("listen-metrics-urls", List(&["unix://socket:1"])),
    ("listen-metrics-urls", List(&["http://u:p@127.0.0.1:1"])),
    ("cors", List(&["http://UI:8080"])),
    ("host-whitelist", List(&["etcd.example:2379"])),
    ("distributed-tracing-address", Str("http://otel:4317")),
    ("log-package-levels", Str("etcdserver=debug")),
];

#[test]
fn etcd_refuses_what_the_table_refuses() {
    with_each(|etcd| {
        for (name, raw, words) in REFUSED {
            if let Some(said) = said_of_what_the_table_refuses(etcd, name, *raw) {
                assert!(said.contains(words), "etcd {}, {name}: {said}", etcd.version);
            }
        }
    });
}

#[test]
fn the_table_refuses_what_etcd_would_silently_read_as_something_else() {
    with_each(|etcd| {
        for (name, raw) in SWALLOWED {
            if let Some(said) = said_of_what_the_table_refuses(etcd, name, *raw) {
                let started = said.contains("couldn't find local name");
                assert!(started, "etcd {}, {name}: {said}", etcd.version);
            }
        }
    });
}

#[test]
#[expect(clippy::disallowed_methods, reason = "etcd writes its log there")]
fn etcd_logs_to_exactly_the_paths_that_the_table_takes() {
    with_each(|etcd| {
        let option =
            etcd.options().find(|option| option.name() == "log-outputs").expect("an option");
        for name in ["a b.log", "a\\b.log", "a?b.log", "a#b.log", "a%20b.log", "a%zz.log"] {
            let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
            let path = folder.path().join(name);
            let text = path.to_str().expect("a path in UTF-8");
            let taken = option.check(List(&[text]), etcd.version).is_ok();
            start(etcd, "log-outputs", text);
            let written = std::fs::exists(&path).expect("a folder that can be read");
            assert_eq!(taken, written, "etcd {}, {name}", etcd.version);
        }
    });
}

/// `None` where this etcd does not have the option.
fn said_of_what_the_table_refuses(etcd: &Etcd, name: &str, raw: Raw<'_>) -> Option<String> {
    let option = etcd.options().find(|option| option.name() == name)?;
    let checked = option.check(raw, etcd.version);
    assert!(checked.is_err(), "the table takes {raw:?} for {name}");
    let text = match raw {
        Int(number) => number.to_string(),
        Str(text) => text.to_owned(),
        List(entries) => entries.join(","),
        other => panic!("no flag is written as {other:?}"),
    };
    Some(start(etcd, name, &text))
}

/// Runs an etcd that gets as far as looking for itself among the members; only
/// tokens are looked at after that.
fn start(etcd: &Etcd, name: &str, value: &str) -> String {
    let member = if name == "auth-token" { "one" } else { "other" };
    let cluster = format!("{member}=http://127.0.0.1:1");
    let data = format!("{}/{}-{name}", env!("CARGO_TARGET_TMPDIR"), etcd.version);
    let flags = [
        ("name", "one"),
        ("data-dir", &data),
        ("listen-peer-urls", "http://127.0.0.1:0"),
        ("listen-client-urls", "http://127.0.0.1:0"),
        ("initial-advertise-peer-urls", "http://127.0.0.1:1"),
        ("advertise-client-urls", "http://127.0.0.1:1"),
        ("initial-cluster", &cluster),
        (name, value),
    ];
    let logger = (name == "log-outputs").then_some(("logger", "zap"));
    let flags: Vec<String> =
        flags.into_iter().chain(logger).map(|(name, value)| format!("--{name}={value}")).collect();
    etcd.run(&flags, &[]).said
}
