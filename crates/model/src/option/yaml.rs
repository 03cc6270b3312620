//! Where and how an option stands in etcd's YAML file (`--config-file`).
//!
//! The keys are the `json` tags of `embed.Config`, `configJSON` and
//! `securityConfig` in etcd's `embed/config.go`. etcd accepts unknown keys in
//! silence, so a key must only be written where that very version reads it.

use super::{EtcdOption, Value, Versions, find};
use crate::version::EtcdVersion;
use crate::version::Minor::{V3_4, V3_5};

/// An option in the YAML file of one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Yaml {
    /// The key, from the outermost block inwards, and the form of its value.
    Key {
        /// One key for most options, `["peer-transport-security", "cert-file"]`
        /// for those in a block.
        path: &'static [&'static str],
        /// The form of the value.
        form: YamlForm,
    },
    /// This version cannot take the option from a YAML file.
    None,
}

/// The form that the field behind a key unmarshals from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YamlForm {
    /// `true` or `false`.
    Bool,
    /// An integer, as the flag has it.
    Int,
    /// A duration as an integer of nanoseconds: `2h` would not be read.
    Nanoseconds,
    /// A string, which must be quoted where it looks like something else.
    Str,
    /// Several texts in one string with commas between.
    Csv,
    /// A YAML sequence of strings.
    List,
}

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

/// The table's side of [`Yaml`]: where the key differs from the option's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct YamlKey {
    /// Empty where the key is the option's own name.
    pub(super) path: &'static [&'static str],
    /// The versions whose YAML has the key, out of those that have the option.
    pub(super) versions: Versions,
    /// A list is a YAML sequence instead of one string with commas.
    pub(super) sequence: bool,
}

impl YamlKey {
    /// The option's own name, wherever the option exists, lists joined by commas.
    pub(super) const OWN_NAME: Self = Self { path: &[], versions: Versions::ALL, sequence: false };
}
