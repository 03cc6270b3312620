//! Values worth trying for each option of etcd: defaults, bounds and what lies beside them, and
//! texts that some reader on the way may stumble over.

use bouquet_model::option::{EtcdOption, GATES, Item, Kind, Limits, OPTIONS, Origin};
use bouquet_model::version::EtcdVersion;
use toml_edit::{Array, Value};

/// Options that name a file without which a member shuts everybody out.
const LEFT_OUT: [&str; 2] = ["client-crl-file", "peer-crl-file"];

/// The options that a release has, and that a spec may write.
pub(crate) fn options(version: EtcdVersion) -> Vec<&'static EtcdOption> {
    let written = |option: &&EtcdOption| {
        matches!(option.origin(), Origin::User)
            && option.versions().contains(version)
            && !LEFT_OUT.contains(&option.name())
    };
    OPTIONS.iter().filter(written).collect()
}

/// The values worth trying for an option.
pub(crate) fn values(option: &EtcdOption, version: EtcdVersion) -> Vec<Value> {
    match option.kind() {
        Kind::Bool => vec![true.into(), false.into()],
        Kind::Int(limits) => integers(option, version, limits),
        Kind::Size(limits) => {
            let mut all = integers(option, version, limits);
            all.extend(texts(&["1KiB", "64KiB", "512MiB", "8GiB", "10MiB", "8GB", "8E", "0x10"]));
            all
        }
        Kind::Duration(limits) => {
            let mut all = texts(DURATIONS);
            all.extend(around(limits).map(|nanos| Value::from(format!("{nanos}ns"))));
            all
        }
        Kind::Retention => {
            let mut all = texts(DURATIONS);
            all.extend(texts(RETENTIONS));
            all.extend(INTEGERS.map(Value::from));
            all
        }
        Kind::Text | Kind::HostPort | Kind::Rotation | Kind::PackageLevels => {
            texts(&[of_name(option.name()), TEXTS].concat())
        }
        Kind::TokenProvider => tokens(),
        Kind::Path => texts(PATHS),
        Kind::Enum(words) => {
            let known = words.iter().map(|word| Value::from(word.text));
            known.chain(texts(&["", "none", "TRUE"])).collect()
        }
        Kind::List { item, .. } => lists(option.name(), item),
    }
}

const INTEGERS: [i64; 20] = [
    -1,
    0,
    1,
    2,
    3,
    4,
    5,
    10,
    31,
    32,
    100,
    1_000,
    10_000,
    50_000,
    65_536,
    1 << 31,
    1 << 32,
    1 << 53,
    i64::MAX - 1,
    i64::MAX,
];

/// The limits of a number, and what lies on either side of them.
fn around(limits: Limits) -> impl Iterator<Item = i64> {
    let beside = |at: i64| [at.saturating_sub(1), at, at.saturating_add(1)];
    [limits.min, limits.max].into_iter().flat_map(beside)
}

fn integers(option: &EtcdOption, version: EtcdVersion, limits: Limits) -> Vec<Value> {
    let default = option.default(version).and_then(|text| text.parse::<i64>().ok());
    let mut all: Vec<i64> = INTEGERS.into_iter().chain(around(limits)).chain(default).collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter().map(Value::from).collect()
}

fn texts(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| Value::from(*text)).collect()
}

const DURATIONS: &[&str] = &[
    "0s",
    "1ns",
    "9ns",
    "10ns",
    "1us",
    "1ms",
    "9ms",
    "100ms",
    "999ms",
    "1s",
    "4999ms",
    "5s",
    "1m30s",
    "1h",
    "100h",
    "2562047h",
    "2562048h",
    "9223372036854775807ns",
    "-1s",
    "1d",
    "1",
    "",
    "1.5h",
    "+5s",
    ".5s",
    "1h 5m",
];

const RETENTIONS: &[&str] =
    &["0", "1", "10", "1000", "2562047", "2562048", "+1", "-1", "01", "1e3"];

const TEXTS: &[&str] = &[
    "", " ", "a", "a b", "é", "日本", "%", "%zz", "100%", "a=b", "a,b", "a:1", "\"", "'", "$HOME",
    "\\", "#x", "null", "true", "1", "~", "{}", "[]", "*", "&a", "!a", "a: b", "-x", "\t", "`id`",
];

const PATHS: &[&str] = &[
    "",
    "relative",
    "/var/lib/etcd/data",
    "/var/lib/etcd/data/",
    "/var/lib/etcd/other",
    "/var/lib/etcd/data/member/wal",
    "/var/lib/etcd/data/wal",
    "/var/lib/etcd/a b",
    "/var/lib/etcd/100%",
    "/var/lib/etcd/é$HOME",
    "/var/lib/etcd/'quoted'",
    "/var/lib/etcd/#x:y",
    "/var/lib/../lib/etcd/data",
    "/var/lib//etcd/data",
    "/var/lib/etcd/./wal",
    "/var/lib/deep/er/still",
];

/// Texts that are meant for one option alone.
fn of_name(name: &str) -> &'static [&'static str] {
    match name {
        "log-rotation-config-json" => &[
            r#"{"maxsize": 100, "maxage": 0, "maxbackups": 0, "localtime": false, "compress": false}"#,
            r#"{"maxsize": 1}"#,
            r#"{"maxsize": -1}"#,
            r#"{"maxsize": "1"}"#,
            r#"{"maxsize": 1.5}"#,
            r#"{"maxsise": 1}"#,
            r#"{"compress": true, "localtime": true}"#,
            r#"{"maxsize": 1, "maxsize": 2}"#,
            r#"{"MaxSize": 1}"#,
        ],
        "log-package-levels" => &["etcdmain=CRITICAL,etcdserver=DEBUG", "*=INFO", "nope=DEBUG"],
        "distributed-tracing-address" | "experimental-distributed-tracing-address" => &[
            "localhost:4317",
            "127.0.0.1:4317",
            "[::1]:4317",
            "collector",
            "collector:port",
            "http://127.0.0.1:4317",
            "dns:///collector:4317",
            ":4317",
        ],
        "experimental-enable-v2v3" => &["/v2", "v2", "/"],
        _ => &[],
    }
}

/// Keys fit their methods here: what is in a file on a node, no build can see.
fn tokens() -> Vec<Value> {
    let mut all = texts(&["simple", "simple,a=b", "jwt", "", "nope", "jwt,sign-method=ES256"]);
    let methods = [
        ("HS256", "secret"),
        ("HS512", "secret"),
        ("RS256", "rsa"),
        ("PS384", "rsa"),
        ("ES256", "p256"),
        ("ES384", "p384"),
        ("EdDSA", "ed25519"),
        ("none", "secret"),
        ("es256", "p256"),
    ];
    for (method, key) in methods {
        let private = format!("priv-key=/keys/{key}.key");
        let public = format!("pub-key=/keys/{key}.pub");
        for keys in [&private, &public, &format!("{public},{private}")] {
            all.push(format!("jwt,sign-method={method},{keys}").into());
        }
    }
    let ttls = ["0s", "1ns", "10m", "2562047h", "-1s", "1d"];
    all.extend(ttls.map(|ttl| {
        Value::from(format!("jwt,sign-method=HS256,priv-key=/keys/secret.key,ttl={ttl}"))
    }));
    all
}

fn lists(name: &str, item: Item) -> Vec<Value> {
    let entries: &[&[&str]] = match (name, item) {
        ("cipher-suites", _) => CIPHERS,
        (_, Item::RequestHost) => {
            &[&["*"], &["localhost"], &["a", "b"], &["a b"], &["é"], &["*.a"], &["a:1"]]
        }
        ("peer-cert-allowed-cn", _) => &[&["one"], &["other"], &["one", "other"], &["a b"]],
        (_, Item::Text | Item::CertifiedHost) => {
            &[&["one"], &["localhost"], &["*.a"], &["a b"], &["é", "b"]]
        }
        (_, Item::ListenUrl | Item::MetricsUrl) => URLS,
        (_, Item::Origin) => ORIGINS,
        (_, Item::LogOutput) => LOGS,
        (_, Item::Gate) => return gates(),
    };
    let mut all: Vec<Value> = entries.iter().map(|entries| list(entries)).collect();
    all.push(Value::Array(Array::new()));
    all
}

fn list(entries: &[&str]) -> Value {
    Value::Array(Array::from_iter(entries.iter().copied()))
}

const CIPHERS: &[&[&str]] = &[
    &["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"],
    &["TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"],
    &["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"],
    &["TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"],
    &["TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"],
    &["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"],
    &["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"],
    &["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256"],
    &["TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"],
    &["TLS_ECDHE_RSA_WITH_RC4_128_SHA", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"],
    &["TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"],
    &["TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"],
    &["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"],
    &["TLS_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"],
    &["TLS_NOPE"],
];

const URLS: &[&[&str]] = &[
    &["http://ADDRESS:2391"],
    &["https://ADDRESS:2391"],
    &["http://ADDRESS:2391", "https://ADDRESS:2392"],
    &["http://ADDRESS:2379"],
    &["https://ADDRESS:2379"],
    &["http://ADDRESS:2380"],
    &["http://localhost:2393"],
    &["http://127.0.0.1:0"],
    &["http://ADDRESS:65535"],
    &["http://ADDRESS:65536"],
    &["http://ADDRESS:02391"],
    &["http://ADDRESS:+2391"],
    &["http://ADDRESS"],
    &["http://ADDRESS:2391/"],
    &["http://ADDRESS:2391/metrics"],
    &["http://ADDRESS:2391?a"],
    &["http://user@ADDRESS:2391"],
    &["HTTP://ADDRESS:2391"],
    &["http://[::ffff:ADDRESS]:2391"],
    &["http://[::ffff:ADDRESS]:2379"],
    &["http://host.example:2391"],
    &["unix://localhost:2391"],
    &["unix:///run/etcd.sock"],
    &["unixs://localhost:2391"],
    &["ftp://ADDRESS:2391"],
    &["ADDRESS:2391"],
    &["http://ADDRESS:2391", "http://ADDRESS:2391"],
    &["http://0.0.0.0:2394"],
];

const ORIGINS: &[&[&str]] = &[
    &["*"],
    &["https://ui:443"],
    &["https://ui"],
    &["https://ui:443", "http://b:80"],
    &["https://ui:443/"],
    &["https://u i:443"],
    &["https://[foo]:443"],
    &["https://ui:+80"],
    &["https://a%b:443"],
    &["https://a\\b:443"],
    &["*", "https://ui:443"],
    &["https://10.0.0.1:1"],
    &["https://[::1]:443"],
    &["ftp://ui:443"],
    &["null"],
];

/// The journal alone is left out: the machines here have none.
const LOGS: &[&[&str]] = &[
    &["stderr"],
    &["stdout"],
    &["default"],
    &["stderr", "stdout"],
    &["default", "stderr"],
    &["systemd/journal", "stderr"],
    &["/var/log/etcd/etcd.log"],
    &["/var/log/etcd/etcd.log", "stderr"],
    &["/var/log/etcd/a.log", "/var/log/etcd/b.log"],
    &["/var/log/etcd/a b.log"],
    &["/var/log/etcd/a?b"],
    &["/var/log/etcd/a#b"],
    &["/var/log/etcd/a%zz"],
    &["/var/log/etcd/a%20b"],
    &["/var/log/etcd/a:b"],
    &["/var/log/etcd/é"],
    &["/var/log/etcd/folder/"],
    &["/dev/null"],
    &["/dev/stderr"],
    &["relative.log"],
    &["syslog"],
];

fn gates() -> Vec<Value> {
    let one = GATES.iter().flat_map(|gate| [true, false].map(|on| format!("{}={on}", gate.text)));
    let mut all: Vec<Value> = one.map(|gate| list(&[&gate])).collect();
    all.push(list(&["LeaseCheckpoint=true", "LeaseCheckpointPersist=true"]));
    all.push(list(&["AllAlpha=true", "LeaseCheckpoint=false"]));
    all.push(list(&["AllAlpha=true", "AllBeta=false"]));
    all.push(list(&["AllAlpha=true", "LeaseCheckpointPersist=false", "CompactHashCheck=true"]));
    all.push(list(&["CompactHashCheck=true", "CompactHashCheck=false"]));
    all.push(list(&["Nope=true"]));
    all.push(list(&["CompactHashCheck=yes"]));
    all.push(list(&["CompactHashCheck"]));
    all
}
