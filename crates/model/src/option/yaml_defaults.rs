//! The defaults that etcd's YAML file lacks.

use super::etcd_option::EtcdOption;
use super::lookup::find;
use super::value::Value;
use super::versions::Versions;
use crate::version::EtcdVersion;
use crate::version::Minor::{V3_4, V3_5};

/// Returns the lines that a YAML file needs besides what was written, so that etcd starts
/// with the same settings as from flags: `is_set` tells what was written.
///
/// Some of etcd's defaults belong to the flag alone (`newConfig` in
/// `etcdmain/config.go`) and not to the `Config` that a file is read into
/// (`NewConfig` in `embed/config.go`). Where a file leaves those out etcd takes
/// Go's zero value: no gateway, no compaction, no address.
pub fn yaml_defaults(
    version: EtcdVersion,
    is_set: impl Fn(&str) -> bool,
) -> impl Iterator<Item = (&'static EtcdOption, Value)> {
    FLAG_ONLY_DEFAULTS
        .iter()
        .filter(move |only| only.versions.contains(version))
        .filter(move |only| !is_set(only.name) && only.beside.is_none_or(&is_set))
        .filter_map(move |only| {
            let option = find(only.name)?;
            Some((option, option.default_value(version)?))
        })
}

/// A default that only the flag has.
struct FlagOnly {
    name: &'static str,
    /// The versions whose files go without it.
    versions: Versions,
    /// The option without which it makes no difference.
    beside: Option<&'static str>,
}

static FLAG_ONLY_DEFAULTS: &[FlagOnly] = &[
    FlagOnly {
        name: "auto-compaction-mode",
        versions: Versions::until(V3_5),
        beside: Some("auto-compaction-retention"),
    },
    FlagOnly { name: "enable-grpc-gateway", versions: Versions::until(V3_4), beside: None },
    FlagOnly {
        name: "experimental-distributed-tracing-address",
        versions: Versions::between(V3_5, V3_5),
        beside: Some("experimental-enable-distributed-tracing"),
    },
    FlagOnly {
        name: "experimental-distributed-tracing-service-name",
        versions: Versions::between(V3_5, V3_5),
        beside: Some("experimental-enable-distributed-tracing"),
    },
];
