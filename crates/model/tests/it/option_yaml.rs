//! Where options stand in etcd's YAML file.

use bouquet_model::option::{EtcdOption, Yaml, find, yaml_defaults};
use bouquet_model::version::EtcdVersion;

fn version(text: &str) -> EtcdVersion {
    EtcdVersion::parse(text).expect(text)
}

fn option(name: &str) -> &'static EtcdOption {
    find(name).expect(name)
}

#[test]
fn yaml_keys_follow_the_version() {
    let key = |name: &str, at: &str| match option(name).yaml(version(at)) {
        Yaml::Key { path, form } => format!("{} {form:?}", path.join(".")),
        Yaml::None => "-".to_owned(),
    };
    for (name, at, expected) in [
        ("data-dir", "3.4", "data-dir Str"),
        ("cipher-suites", "3.4", "cipher-suites List"),
        ("cors", "3.6", "cors Csv"),
        ("grpc-keepalive-interval", "3.5", "grpc-keepalive-interval Nanoseconds"),
        ("quota-backend-bytes", "3.5", "quota-backend-bytes Int"),
        ("auto-compaction-retention", "3.5", "auto-compaction-retention Str"),
        ("peer-cert-file", "3.4", "peer-transport-security.cert-file Str"),
        ("client-crl-file", "3.7", "-"),
        ("raft-read-timeout", "3.7", "-"),
        ("peer-cert-allowed-cn", "3.5.13", "-"),
        ("peer-cert-allowed-cn", "3.5.14", "peer-transport-security.allowed-cn Str"),
        ("peer-cert-allowed-cn", "3.5.15", "peer-transport-security.allowed-cn List"),
        ("socket-reuse-port", "3.5", "-"),
        ("socket-reuse-port", "3.5.30", "socket-options.reuse-port Bool"),
        (
            "experimental-snapshot-catchup-entries",
            "3.6",
            "experimental-snapshot-catch-up-entries Int",
        ),
        ("memory-mlock", "3.5", "-"),
    ] {
        assert_eq!(key(name, at), expected, "{name} in {at}");
    }
}

#[test]
fn yaml_says_what_only_flags_have_by_default() {
    let said = |at: &str, set: &[&str]| {
        yaml_defaults(version(at), |name| set.contains(&name))
            .map(|(option, value)| format!("{}={}", option.name(), value.flag_text()))
            .collect::<Vec<_>>()
    };
    assert_eq!(said("3.4", &[]), ["enable-grpc-gateway=true"]);
    assert!(said("3.4", &["enable-grpc-gateway"]).is_empty());
    assert_eq!(said("3.5", &["auto-compaction-retention"]), ["auto-compaction-mode=periodic"]);
    assert!(said("3.5", &["auto-compaction-retention", "auto-compaction-mode"]).is_empty());
    assert!(said("3.6", &["auto-compaction-retention"]).is_empty());
}
