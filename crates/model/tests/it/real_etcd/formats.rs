//! The same options as flags, as environment and as YAML make the same etcd.

use std::ffi::OsStr;

use bouquet_model::node_path::NodePath;
use bouquet_model::option::{
    EtcdOption, GoDuration, Item, Kind, Origin, Value, Yaml, yaml_defaults,
};
use bouquet_model::version::EtcdVersion;

use super::at_hand::{Ended, Etcd, is_new_name, is_old_name, sample, with_each, yaml_file};

type Setting = (&'static EtcdOption, Value);

/// Options that would keep this etcd from saying what it read: they redirect or
/// reword its log, contradict another, or make it wait for a service.
const LEFT_OUT: &[&str] = &[
    "auth-token",
    "debug",
    "enable-distributed-tracing",
    "enable-log-rotation",
    "experimental-enable-distributed-tracing",
    "log-format",
    "log-output",
    "log-outputs",
    "logger",
];

#[test]
fn flags_environment_and_yaml_are_read_alike() {
    with_each(|etcd| {
        compare(etcd, &settings(etcd, |option| !is_new_name(option)));
        compare(etcd, &settings(etcd, |option| !is_old_name(option)));
        // Little enough that YAML needs its own defaults written out.
        compare(
            etcd,
            &settings(etcd, |option| {
                matches!(option.origin(), Origin::Derived { .. })
                    || ["auto-compaction-retention", "data-dir"].contains(&option.name())
            }),
        );
    });
}

fn compare(etcd: &Etcd, settings: &[Setting]) {
    let flags: Vec<String> = settings
        .iter()
        .map(|(option, value)| format!("--{}={}", option.name(), value.flag_text()))
        .collect();
    let environment: Vec<(String, String)> =
        settings.iter().map(|(option, value)| (option.env_name(), value.flag_text())).collect();
    let is_set = |name: &str| settings.iter().any(|(option, _)| option.name() == name);
    let file =
        yaml_file(settings.iter().cloned().chain(yaml_defaults(etcd.version, is_set)).filter_map(
            |(option, value)| match option.yaml(etcd.version) {
                Yaml::Key { path, form } => Some((path, value.yaml_text(form))),
                Yaml::None => None,
            },
        ));
    let by_flags = what_it_read(etcd, &etcd.run(&flags, &[]));
    assert_eq!(by_flags, what_it_read(etcd, &etcd.run::<&OsStr>(&[], &environment)));
    assert_eq!(by_flags, what_it_read(etcd, &etcd.run_with_file("formats", &file)));
}

/// The line in which etcd tells its settings, without the time.
fn what_it_read(etcd: &Etcd, ended: &Ended) -> String {
    let line = ended.said.lines().find(|line| line.contains("\"starting an etcd server\""));
    let line = line.unwrap_or_else(|| panic!("etcd {}: {}", etcd.version, ended.said));
    let from = line.find("\"msg\"").expect("a message");
    line[from..].replace(',', "\n")
}

/// What makes an etcd that tells its settings and then finds itself missing
/// among the members; and besides, everything else away from its default.
fn settings(etcd: &Etcd, keep: impl Fn(&EtcdOption) -> bool) -> Vec<Setting> {
    etcd.options()
        .filter(|option| keep(option) && !LEFT_OUT.contains(&option.name()))
        .filter(|option| !matches!(option.origin(), Origin::Refused { .. }))
        .filter(|option| matches!(option.yaml(etcd.version), Yaml::Key { .. }))
        .filter_map(|option| Some((option, value(option, etcd.version)?)))
        .chain(
            etcd.options()
                .filter(|option| option.name() == "logger")
                .map(|option| (option, Value::text("zap"))),
        )
        .collect()
}

fn value(option: &EtcdOption, version: EtcdVersion) -> Option<Value> {
    let texts = |text: &'static str| Some(Value::List(vec![text.into()].into()));
    match option.name() {
        "name" => return Some(Value::text("one")),
        "data-dir" | "wal-dir" => {
            let dir =
                format!("{}/{version}-formats-{}", env!("CARGO_TARGET_TMPDIR"), option.name());
            return Some(Value::Path(NodePath::parse(&dir).expect("a path")));
        }
        "listen-peer-urls" | "listen-client-urls" => return texts("http://127.0.0.1:0"),
        "listen-client-http-urls" => return texts("http://127.0.0.2:0"),
        "initial-advertise-peer-urls" | "advertise-client-urls" => {
            return texts("http://127.0.0.1:1");
        }
        // Whatever is not `new` makes etcd ask the other members first.
        "initial-cluster-state" => return Some(Value::text("new")),
        // The oldest must not be newer than the newest.
        "tls-min-version" => return Some(Value::text("TLS1.2")),
        "initial-cluster" => return Some(Value::text("other=http://127.0.0.1:1")),
        _ => {}
    }
    if matches!(option.origin(), Origin::Derived { .. }) && option.name().ends_with("-file") {
        return None;
    }
    let default = option.default_value(version);
    Some(match (option.kind(), default) {
        (Kind::Bool, Some(Value::Bool(default))) => Value::Bool(!default),
        (Kind::Int(limits), Some(Value::Int(default))) if default == limits.max => {
            Value::Int(default - 1)
        }
        (Kind::Int(_) | Kind::Size(_), Some(Value::Int(default))) => Value::Int(default + 1),
        (Kind::Duration(_), default) => {
            let nanoseconds = match default {
                Some(Value::Duration(default)) => default.nanos(),
                _ => 0,
            };
            Value::Duration(GoDuration::from_nanos(nanoseconds + 7_000_001))
        }
        (Kind::Enum(words), default) => {
            let known = words.iter().filter(|word| word.versions.contains(version));
            known.map(|word| Value::text(word.text)).find(|word| Some(word) != default.as_ref())?
        }
        (Kind::Retention, _) => Value::text("1000"),
        (Kind::List { item, .. }, _) => {
            return match item {
                Item::Text => texts("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
                Item::CertifiedHost | Item::RequestHost => texts("node.example"),
                Item::ListenUrl | Item::MetricsUrl | Item::Origin => texts("http://127.0.0.1:9"),
                Item::Gate => texts("CompactHashCheck=true"),
                Item::LogOutput => texts("stderr"),
            };
        }
        (Kind::HostPort | Kind::Rotation | Kind::PackageLevels, _) => sample(option, version),
        (
            Kind::Text
            | Kind::TokenProvider
            | Kind::Path
            | Kind::Bool
            | Kind::Int(_)
            | Kind::Size(_),
            _,
        ) => Value::text("/word"),
    })
}
