//! Every option of etcd 3.4 to 3.7: the one table that flags, environment,
//! YAML and the spec all follow, so that they cannot disagree.
//!
//! [`OPTIONS`] is in the order in which a command reads best: who the member is
//! and where it is found, then its TLS files, then the rest in the order of
//! `etcd --help`. Renderers emit options in this order.
//!
//! ```
//! use bouquet_model::option::{Raw, find};
//! use bouquet_model::version::EtcdVersion;
//!
//! let version = EtcdVersion::parse("3.5")?;
//! let option = find("grpc-keepalive-interval").expect("an option of etcd");
//! let value = option.accept(Raw::Str("90s"), version)?;
//! assert_eq!(value.flag_text(), "1m30s");
//!
//! let refused = option.accept(Raw::Int(90), version).unwrap_err();
//! assert_eq!(refused.to_string(), "`grpc-keepalive-interval` takes a duration, not an integer");
//! assert_eq!(refused.help, ["write `grpc-keepalive-interval = \"90s\"`"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod availability;
mod check;
mod duration;
mod kind;
mod row;
mod size;
mod table;
mod value;
mod versions;
mod yaml;

pub use availability::Availability;
pub use check::Raw;
pub use duration::{DurationError, GoDuration};
pub use kind::{GATES, Item, Kind, Word};
pub use table::OPTIONS;
pub use value::Value;
pub use versions::Versions;
pub use yaml::{Yaml, YamlForm, yaml_defaults};

use crate::version::{EtcdVersion, Minor};
use yaml::YamlKey;

/// The option of this name, for `const` contexts too: `find("data-dir")`.
pub const fn find(name: &str) -> Option<&'static EtcdOption> {
    let mut at = 0;
    while at < OPTIONS.len() {
        if same(OPTIONS[at].name, name) {
            return Some(&OPTIONS[at]);
        }
        at += 1;
    }
    None
}

/// The names of all options, in the order of the table.
pub fn names() -> impl Iterator<Item = &'static str> {
    OPTIONS.iter().map(EtcdOption::name)
}

/// One option of etcd, in every version that has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EtcdOption {
    name: &'static str,
    group: Group,
    kind: Kind,
    unit: &'static str,
    limit: &'static str,
    versions: Versions,
    yaml: YamlKey,
    origin: Origin,
    default: DefaultText,
    successor: Successor,
    deprecated: Option<Minor>,
    doc: &'static str,
}

impl EtcdOption {
    /// The name as in `--name`, without the dashes.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Its place in the table, by which renderers order what a member was given.
    pub fn position(&self) -> usize {
        let place = OPTIONS.iter().position(|option| option.name == self.name);
        place.unwrap_or(OPTIONS.len())
    }

    /// The name of the environment variable: `ETCD_` and the name in capitals
    /// (`FlagToEnv` in etcd's `pkg/flags/flag.go`).
    pub fn env_name(&self) -> String {
        format!("ETCD_{}", self.name.to_ascii_uppercase().replace('-', "_"))
    }

    /// The part of the table it stands in.
    pub const fn group(&self) -> Group {
        self.group
    }

    /// The kind of its value.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The unit of its integer, such as `milliseconds`.
    pub const fn unit(&self) -> Option<&'static str> {
        if self.unit.is_empty() { None } else { Some(self.unit) }
    }

    /// The releases of etcd that have it.
    pub const fn versions(&self) -> Versions {
        self.versions
    }

    /// The one who writes it.
    pub const fn origin(&self) -> Origin {
        self.origin
    }

    /// Its successor in later versions.
    pub const fn successor(&self) -> Successor {
        self.successor
    }

    /// One sentence on what it does.
    pub const fn doc(&self) -> &'static str {
        self.doc
    }

    /// The flag's value where it is not given, in the flag's own text; `None`
    /// where that is nothing, follows from other options, or there is no such flag.
    pub const fn default(&self, version: EtcdVersion) -> Option<&'static str> {
        if !self.versions.contains(version) {
            return None;
        }
        match self.default {
            DefaultText::None => None,
            DefaultText::Always(text) => Some(text),
            DefaultText::ByMinor(texts) => Some(texts[version.minor() as usize]),
        }
    }

    /// The same as a value.
    pub fn default_value(&self, version: EtcdVersion) -> Option<Value> {
        let text = self.default(version)?;
        let value = match self.kind {
            Kind::Bool => Value::Bool(text == "true"),
            Kind::Int { .. } | Kind::Size { .. } => Value::Int(text.parse().ok()?),
            Kind::Duration { .. } => Value::Duration(GoDuration::parse(text).ok()?),
            Kind::List { .. } => Value::List(vec![text.into()].into()),
            Kind::Retention | Kind::Text | Kind::TokenProvider | Kind::Path | Kind::Enum(_) => {
                Value::text(text)
            }
        };
        Some(value)
    }

    /// Its key in the YAML file of this version.
    pub fn yaml(&'static self, version: EtcdVersion) -> Yaml {
        if !self.versions.contains(version) || !self.yaml.versions.contains(version) {
            return Yaml::None;
        }
        let path = match self.yaml.path {
            [] => std::slice::from_ref(&self.name),
            path => path,
        };
        let form = match self.kind {
            Kind::Bool => YamlForm::Bool,
            Kind::Int { .. } | Kind::Size { .. } => YamlForm::Int,
            Kind::Duration { .. } => YamlForm::Nanoseconds,
            Kind::List { many, .. } if !many.contains(version) => YamlForm::Str,
            Kind::List { .. } if self.yaml.sequence => YamlForm::List,
            Kind::List { .. } => YamlForm::Csv,
            Kind::Retention | Kind::Text | Kind::TokenProvider | Kind::Path | Kind::Enum(_) => {
                YamlForm::Str
            }
        };
        Yaml::Key { path, form }
    }

    /// The other spelling of the same option: `corrupt-check-time` for
    /// `experimental-corrupt-check-time`, and the reverse. etcd 3.6 knows both
    /// and refuses to be given both.
    pub fn alias(&self) -> Option<&'static Self> {
        match self.successor {
            Successor::Renamed(name) => find(name),
            _ => self.predecessor(),
        }
    }

    /// The option that this one is the new name of.
    pub fn predecessor(&self) -> Option<&'static Self> {
        OPTIONS.iter().find(|old| old.successor == Successor::Renamed(self.name))
    }

    /// Returns `true` where etcd refuses this option beside the given entry of
    /// `feature-gates`. It looks for the gate's name anywhere in the text
    /// (`SetFeatureGatesFromExperimentalFlags` in etcd's `embed/config.go`), so
    /// that `LeaseCheckpointPersist=true` shuts out the option for `LeaseCheckpoint`.
    pub fn clashes_with_gate(&self, entry: &str) -> bool {
        matches!(self.successor, Successor::Gate(gate) if entry.contains(gate))
    }
}

/// The parts of the table, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// The member's name, and the places where it is found.
    Identity,
    /// TLS: certificates, client authentication, protocol versions.
    Security,
    /// Storage, timing and limits of one member.
    Member,
    /// The members' agreement: votes, compaction, reconfiguration.
    Clustering,
    /// Users and tokens.
    Auth,
    /// Metrics and profiling.
    Monitoring,
    /// Logs.
    Logging,
    /// Distributed tracing.
    Tracing,
    /// Periodic checks, warnings, and what etcd calls experimental or unsafe.
    Features,
    /// etcd's second API and the proxy that went with it.
    V2,
    /// Bootstrapping by a discovery service instead of a written cluster.
    Discovery,
}

/// The one who writes an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The spec may, under `[etcd]` or `[member.etcd]`.
    User,
    /// It follows from another part of the spec.
    Derived {
        /// The key it follows from, as the spec has it: `[[member]] name`.
        from: &'static str,
    },
    /// It has no place in a described cluster.
    Refused {
        /// A clause that says so.
        why: &'static str,
    },
}

/// The successor of an option that etcd removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Successor {
    /// It is still there, or was never replaced.
    None,
    /// The same under another name.
    Renamed(&'static str),
    /// A feature gate: `feature-gates = ["NAME=true"]`.
    Gate(&'static str),
    /// One value of another option.
    Setting(&'static str, &'static str),
    /// Nothing, for this reason.
    Gone(&'static str),
}

/// The text a flag has where it is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DefaultText {
    None,
    Always(&'static str),
    ByMinor([&'static str; 4]),
}

const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}
