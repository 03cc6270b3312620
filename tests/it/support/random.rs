//! Specs that nobody wrote, and that a build accepts.

use super::scope::cases;
use bouquet_model::Cluster;
use bouquet_model::artifact;
use bouquet_model::option::{EtcdOption, GATES, Item, Kind, Limits, OPTIONS, Origin};
use bouquet_model::version::EtcdVersion;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::Config;
use std::fs;
use toml_edit::{Array, DocumentMut, Value};

/// Few, because each starts some twenty processes. Every run has others.
pub(crate) fn config() -> Config {
    // A failure shows its spec, which can be put into a test of its own.
    Config { failure_persistence: None, ..Config::with_cases(cases(24, 480)) }
}

/// The data folder of [`SPEC`].
pub(crate) const DATA_DIR: &str = "/var/lib/etcd/data";

/// One member without TLS, which etcd starts from the options alone.
const SPEC: &str = r#"
    [cluster]
    token = "random"
    formats = ["command", "env", "yaml", "systemd", "static-pod", "quadlet", "compose", "cloud-init"]

    [etcd]

    [tls]
    enabled = false

    [[member]]
    name = "one"
    ip = "127.0.0.1"
    peer-port = 1
    client-port = 2

    [member.etcd]
    data-dir = "/var/lib/etcd/data"
"#;

/// Specs that the build takes, for one of these versions, with a handful of the options that it has.
pub(crate) fn accepted(
    versions: Vec<String>,
    wanted: impl Fn(&str) -> bool + Copy + 'static,
) -> impl Strategy<Value = String> {
    let with_options = move |version: String| {
        let parsed = EtcdVersion::parse(&version).expect("a version");
        let options: Vec<&'static EtcdOption> = OPTIONS
            .iter()
            .filter(|option| matches!(option.origin(), Origin::User))
            .filter(|option| option.versions().contains(parsed) && wanted(option.name()))
            .filter(|option| !["data-dir", "logger"].contains(&option.name()))
            .collect();
        let option =
            select(options).prop_flat_map(move |option| (Just(option), value(option.kind())));
        let options = prop::collection::vec(option, 1..6);
        (Just(version), options)
    };
    select(versions).prop_flat_map(with_options).prop_filter_map(
        "not accepted",
        |(version, options)| {
            let mut spec: DocumentMut = SPEC.parse().expect("TOML");
            spec["cluster"]["etcd"] = toml_edit::value(version);
            // Where it has the choice, etcd tells what it read by this one.
            spec["etcd"]["logger"] = toml_edit::value("zap");
            for (option, value) in options {
                spec["etcd"][option.name()] = toml_edit::value(value);
            }
            let spec = spec.to_string();
            let (cluster, _) = bouquet_build::prove(spec.as_bytes());
            cluster.map(|_| spec)
        },
    )
}

fn value(kind: Kind) -> BoxedStrategy<Value> {
    let text = || "[ -~äß日]{1,16}".prop_map(Value::from);
    let one_of = |texts: &'static [&'static str]| select(texts).prop_map(Value::from);
    match kind {
        Kind::Bool => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Int(Limits { min, max, .. }) => {
            (min..=max.min(min.saturating_add(100_000))).prop_map(Value::from).boxed()
        }
        Kind::Size(Limits { min, max, .. }) => {
            (min..max.min(min + (8 << 30))).prop_map(Value::from).boxed()
        }
        Kind::Duration(_) => one_of(&["5s", "1m30s", "250ms", "2h0m1s", "15000000001ns"]).boxed(),
        Kind::Retention => one_of(&["10h", "1000", "30m", "0"]).boxed(),
        Kind::Text => text().boxed(),
        Kind::TokenProvider => one_of(&["simple"]).boxed(),
        Kind::HostPort => one_of(&["localhost:4317", "10.0.0.1:1", "[fd00::1]:4317"]).boxed(),
        Kind::Rotation => {
            one_of(&[r#"{"maxsize": 1}"#, r#"{ "compress":true,"maxage":3 }"#]).boxed()
        }
        Kind::PackageLevels => one_of(&["etcdserver=DEBUG", "*=C,raft=TRACE"]).boxed(),
        Kind::Path => "/data/[ -~é]{1,12}".prop_map(Value::from).boxed(),
        Kind::Enum(words) => select(words).prop_map(|word| Value::from(word.text)).boxed(),
        Kind::List { item, .. } => list(item),
    }
}

fn list(item: Item) -> BoxedStrategy<Value> {
    let entry = match item {
        Item::Text => "[!-+.-~é]{1,9}".boxed(),
        Item::CertifiedHost | Item::RequestHost => "[a-z]{3}\\.[a-z]{2}".boxed(),
        Item::ListenUrl | Item::MetricsUrl => "http://127\\.0\\.0\\.[2-9]:[1-9]00".boxed(),
        Item::Origin => "https://[a-z]{3}:[1-9]00".boxed(),
        Item::LogOutput => "/var/log/[ !$&'()*+.<=>@~é-]{0,8}[a-z]".boxed(),
        Item::Gate => any::<(Index, bool)>()
            .prop_map(|(gate, on)| format!("{}={on}", gate.get(GATES).text))
            .boxed(),
    };
    let entries = prop::collection::vec(entry, 1..4);
    entries.prop_map(|entries| Value::from(Array::from_iter(entries))).boxed()
}

/// The member's artifacts, in a folder that goes.
pub(crate) fn rendered(spec: &str) -> (Cluster, tempfile::TempDir) {
    let (cluster, _) = bouquet_build::prove(spec.as_bytes());
    let cluster = cluster.expect("an accepted spec").cluster;
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let member = cluster.member("one").expect("the one member");
    for format in artifact::formats(&cluster) {
        let file = folder.path().join(format.file);
        fs::write(&file, (format.render)(&cluster, member)).expect("a file");
        if format.executable {
            let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            fs::set_permissions(&file, executable).expect("a mode");
        }
    }
    (cluster, folder)
}
