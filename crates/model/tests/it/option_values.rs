//! What the spec may write for an option, and what it hears otherwise.

use bouquet_model::diagnostic::visible;
use bouquet_model::option::{EtcdOption, GoDuration, OPTIONS, Raw, Value, Yaml, YamlForm, find};
use bouquet_model::version::{EtcdVersion, Minor};
use proptest::prelude::*;

const NEWEST: EtcdVersion = EtcdVersion::new(Minor::V3_7, None);

fn option(name: &str) -> &'static EtcdOption {
    find(name).expect(name)
}

fn taken(name: &str, raw: Raw<'_>) -> String {
    option(name).check(raw, NEWEST).expect(name).flag_text()
}

fn refused(name: &str, raw: Raw<'_>) -> (String, String) {
    refused_by(NEWEST, name, raw)
}

fn refused_by(version: EtcdVersion, name: &str, raw: Raw<'_>) -> (String, String) {
    let found = option(name).check(raw, version).expect_err(name);
    (visible(&found.message).into_owned(), visible(&found.help.join("; ")).into_owned())
}

#[test]
fn values_of_the_right_type_are_taken() {
    for (name, raw, text) in [
        ("pre-vote", Raw::Bool(false), "false"),
        ("heartbeat-interval", Raw::Int(150), "150"),
        ("quota-backend-bytes", Raw::Str("8GiB"), "8589934592"),
        ("quota-backend-bytes", Raw::Int(8_589_934_592), "8589934592"),
        ("quota-backend-bytes", Raw::Int(-1), "-1"),
        ("grpc-keepalive-interval", Raw::Str("1.5h"), "1h30m0s"),
        ("auto-compaction-retention", Raw::Str("10h"), "10h"),
        ("auto-compaction-retention", Raw::Int(1000), "1000"),
        ("auto-compaction-mode", Raw::Str("revision"), "revision"),
        ("log-outputs", Raw::List(&["stderr", "/var/log/etcd.log"]), "stderr,/var/log/etcd.log"),
        ("data-dir", Raw::Str("/data/etcd"), "/data/etcd"),
        ("feature-gates", Raw::List(&["CompactHashCheck=true"]), "CompactHashCheck=true"),
        ("listen-metrics-urls", Raw::List(&["http://[::1]:2381"]), "http://[::1]:2381"),
        ("cors", Raw::List(&["*"]), "*"),
        ("auth-token", Raw::Str("simple"), "simple"),
        (
            "auth-token",
            Raw::Str("jwt,sign-method=ES256,priv-key=/k.pem,ttl=10m"),
            "jwt,sign-method=ES256,priv-key=/k.pem,ttl=10m",
        ),
    ] {
        assert_eq!(taken(name, raw), text, "{name}");
    }
}

#[test]
fn another_type_is_named_and_the_likely_meaning_offered() {
    for (name, raw, message, help) in [
        (
            "pre-vote",
            Raw::Str("false"),
            "`pre-vote` takes true or false, not a string",
            "write `pre-vote = false`",
        ),
        (
            "pre-vote",
            Raw::Int(1),
            "`pre-vote` takes true or false, not an integer",
            "write `pre-vote = true`",
        ),
        (
            "heartbeat-interval",
            Raw::Str("250ms"),
            "`heartbeat-interval` takes an integer of milliseconds, not a string",
            "write `heartbeat-interval = 250`",
        ),
        (
            "snapshot-count",
            Raw::Str("10000"),
            "`snapshot-count` takes an integer, not a string",
            "write `snapshot-count = 10000`",
        ),
        (
            "grpc-keepalive-interval",
            Raw::Int(10),
            "`grpc-keepalive-interval` takes a duration, not an integer",
            "write `grpc-keepalive-interval = \"10s\"`",
        ),
        (
            "quota-backend-bytes",
            Raw::Float(8e9),
            "`quota-backend-bytes` takes a size, not a fraction",
            "write `quota-backend-bytes = \"2GiB\"`",
        ),
        (
            "cipher-suites",
            Raw::Str("A, B"),
            "`cipher-suites` takes a list of strings, not a string",
            "write `cipher-suites = [\"A\", \"B\"]`",
        ),
        (
            "data-dir",
            Raw::Other("a table"),
            "`data-dir` takes a path, not a table",
            "write `data-dir = \"/…\"`",
        ),
    ] {
        assert_eq!(refused(name, raw), (message.to_owned(), help.to_owned()));
    }
}

#[test]
fn what_etcd_would_refuse_or_silently_change_is_refused_with_its_reason() {
    for (name, raw, message, help) in [
        (
            "auto-compaction-retention",
            Raw::Str("1d"),
            "etcd cannot read `1d` as `auto-compaction-retention`: unknown unit \"d\" in duration \"1d\"",
            "write a duration such as `10h`, or a number of hours or revisions",
        ),
        (
            "election-timeout",
            Raw::Int(60_000),
            "`election-timeout` is at most 50000 milliseconds, not 60000",
            "write `election-timeout = 50000` or less",
        ),
        (
            "raft-read-timeout",
            Raw::Str("1s"),
            "`raft-read-timeout` is at least 5s, not 1s",
            "write `raft-read-timeout = \"5s\"` or more",
        ),
        (
            "bcrypt-cost",
            Raw::Int(40),
            "`bcrypt-cost` is at most 31, not 40",
            "write `bcrypt-cost = 14` or less",
        ),
        (
            "quota-backend-bytes",
            Raw::Str("8GB"),
            "`8GB` may be powers of 1000 or of 1024",
            "write `quota-backend-bytes = \"8GiB\"` for 1024s, or the number of bytes",
        ),
        (
            "backend-batch-interval",
            Raw::Str("-1s"),
            "`-1s` is negative, which no time of etcd's may be",
            "",
        ),
        (
            "metrics",
            Raw::Str("all"),
            "`all` is nothing that `metrics` can be",
            "write `basic` or `extensive`",
        ),
        (
            "host-whitelist",
            Raw::List(&["a,b"]),
            "`a,b` holds a comma, at which etcd would split it",
            "write it as several entries",
        ),
        (
            "log-outputs",
            Raw::List(&["default", "/var/log/etcd.log"]),
            "`default` stands for itself and cannot have others beside it",
            "",
        ),
        (
            "feature-gates",
            Raw::List(&["CompactHashCheck"]),
            "`CompactHashCheck` does not say whether it is on",
            "write `CompactHashCheck=true`",
        ),
        (
            "auth-token",
            Raw::Str("jtw,sign-method=ES256"),
            "`jtw,sign-method=ES256` is no way to make tokens",
            "write `simple`, or `jwt,sign-method=ES256,priv-key=/…` with what else it takes",
        ),
        (
            "auth-token",
            Raw::Str("jwt,priv-key=/k.pem"),
            "`jwt` has no `sign-method`",
            "such as `sign-method=ES256`",
        ),
        (
            "auth-token",
            Raw::Str("jwt,sign-method=ES256,key=/k.pem"),
            "`jwt` has no parameter `key`",
            "it takes `sign-method`, `priv-key`, `pub-key` or `ttl`",
        ),
    ] {
        assert_eq!(refused(name, raw), (message.to_owned(), help.to_owned()));
    }
}

#[test]
fn what_no_format_carries_and_what_is_no_normal_path_is_refused() {
    for (name, raw, message, help) in [
        (
            "data-dir",
            Raw::Str("data"),
            "`data` is not an absolute path",
            "begin it with `/`: where a relative path leads depends on who starts etcd",
        ),
        (
            "wal-dir",
            Raw::Str("/wal\nETCD_NAME=x"),
            "`wal-dir` cannot contain the control character `\\n`",
            "shells, units, environment files and YAML do not all carry it unchanged; leave it out",
        ),
        (
            "wal-dir",
            Raw::Str("/wal/./etcd/../x"),
            "`/wal/./etcd/../x` goes through `.` or `..`",
            "write `/wal/x`",
        ),
        (
            "log-outputs",
            Raw::List(&["/var/log//etcd/etcd.log"]),
            "`/var/log//etcd/etcd.log` has more slashes than it needs",
            "write `/var/log/etcd/etcd.log`",
        ),
        (
            "auth-token",
            Raw::Str("jwt,sign-method=ES256,priv-key=../k.pem"),
            "`../k.pem` is not an absolute path",
            "begin it with `/`: where a relative path leads depends on who starts etcd",
        ),
        (
            "host-whitelist",
            Raw::List(&["a\u{fdd0}"]),
            "`host-whitelist` cannot contain the character `U+FDD0`",
            "shells, units, environment files and YAML do not all carry it unchanged; leave it out",
        ),
    ] {
        assert_eq!(refused(name, raw), (message.to_owned(), help.to_owned()));
    }
}

#[test]
fn words_lists_and_gates_depend_on_the_version() {
    let version = |text| EtcdVersion::parse(text).expect(text);
    assert!(option("logger").check(Raw::Str("capnslog"), version("3.4")).is_ok());
    assert_eq!(
        refused_by(version("3.5"), "logger", Raw::Str("capnslog")),
        ("etcd 3.5 knows no `capnslog` for `logger`".into(), "write `zap`".into())
    );
    let two = Raw::List(&["one", "two"]);
    assert!(option("peer-cert-allowed-cn").check(two, version("3.5.15")).is_ok());
    assert_eq!(
        refused_by(version("3.5.14"), "peer-cert-allowed-cn", two),
        (
            "etcd 3.5.14 takes one entry for `peer-cert-allowed-cn`, not 2".into(),
            "several can be given since etcd 3.5.15".into()
        )
    );
    assert_eq!(
        refused_by(version("3.6"), "feature-gates", Raw::List(&["PriorityRequest=true"])),
        ("etcd 3.6 has no feature gate `PriorityRequest`".into(), "it came with 3.7.0".into())
    );
}

proptest! {
    #[test]
    fn go_durations_survive_their_own_text(nanoseconds: i64) {
        let duration = GoDuration::from_nanos(nanoseconds);
        prop_assert_eq!(GoDuration::parse(&duration.to_string()), Ok(duration));
    }

    #[test]
    fn any_text_is_a_go_duration_or_not_but_never_a_panic(text in "[-+0-9.hmsµunéd \"\\\\]{0,40}") {
        if let Err(error) = GoDuration::parse(&text) {
            prop_assert!(error.to_string().contains("duration"));
        }
    }

    #[test]
    fn sums_of_units_are_what_they_say(hours in 0_i64..1000, minutes in 0_i64..1000, millis in 0_i64..1_000_000) {
        let text = format!("{hours}h{minutes}m{millis}ms");
        let expected = GoDuration::from_millis(((hours * 60 + minutes) * 60) * 1000 + millis);
        prop_assert_eq!(GoDuration::parse(&text), Ok(expected));
    }

    #[test]
    fn no_text_gets_past_an_option_unsafe_to_render(at in 0..OPTIONS.len(), text in any::<String>()) {
        let option = &OPTIONS[at];
        for raw in [Raw::Str(&text), Raw::List(&[&text])] {
            match option.check(raw, NEWEST) {
                Ok(value) => {
                    prop_assert!(!value.flag_text().is_empty());
                    prop_assert!(!value.flag_text().contains(char::is_control));
                }
                Err(finding) => {
                    prop_assert!(!finding.message.contains(char::is_control));
                    prop_assert!(!finding.message.ends_with('.') || text.ends_with('.'));
                }
            }
        }
    }

    #[test]
    fn no_number_gets_past_an_option_that_etcd_would_refuse(at in 0..OPTIONS.len(), number: i64) {
        let option = &OPTIONS[at];
        if let Ok(value) = option.check(Raw::Int(number), NEWEST) {
            prop_assert_eq!(value.flag_text(), number.to_string());
        }
    }

    #[test]
    fn a_yaml_string_is_one_line_that_reads_back(text in any::<String>()) {
        let quoted = Value::Text(text.clone().into()).yaml_text(YamlForm::Str);
let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        prop_assert!(!quoted.contains(breaks), "{}", quoted);
        prop_assert_eq!(unquoted(&quoted), text);
    }

    #[test]
    fn the_form_of_a_key_fits_the_value_of_the_option(at in 0..OPTIONS.len()) {
        let option = &OPTIONS[at];
        if let (Yaml::Key { form, .. }, Some(value)) = (option.yaml(NEWEST), option.default_value(NEWEST)) {
            let text = value.yaml_text(form);
            match form {
                YamlForm::Bool => prop_assert!(text == "true" || text == "false"),
                YamlForm::Int | YamlForm::Nanoseconds => prop_assert!(text.parse::<i64>().is_ok(), "{}", text),
                YamlForm::Str | YamlForm::Csv => prop_assert!(text.starts_with('"')),
                YamlForm::List => prop_assert!(text.starts_with("[\"")),
            }
        }
    }
}

/// The double-quoted scalar of YAML, as far as it is written here.
fn unquoted(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text[1..text.len() - 1].chars();
    while let Some(c) = rest.next() {
        plain.push(match c {
            '\\' => match rest.next().expect("an escape") {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => {
                    let digits: String = rest.by_ref().take(4).collect();
                    u32::from_str_radix(&digits, 16)
                        .ok()
                        .and_then(char::from_u32)
                        .expect("four digits")
                }
                c => c,
            },
            c => c,
        });
    }
    plain
}
