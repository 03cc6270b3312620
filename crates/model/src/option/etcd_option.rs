//! One option of etcd: what the table says of it.

use super::duration::GoDuration;
use super::kind::Kind;
use super::limits::{BeforeFix, Usual};
use super::value::Value;
use super::versions::Versions;
use super::yaml::{Yaml, YamlForm, YamlKey};
use crate::version::{EtcdVersion, Minor};
use crate::words::words;

/// One option of etcd, in every version that has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EtcdOption {
    pub(super) name: &'static str,
    pub(super) group: Group,
    pub(super) kind: Kind,
    pub(super) unit: &'static str,
    pub(super) too_little: &'static str,
    pub(super) too_much: &'static str,
    pub(super) before_fix: Option<BeforeFix>,
    pub(super) usual: Usual,
    pub(super) versions: Versions,
    pub(super) yaml: YamlKey,
    pub(super) origin: Origin,
    pub(super) default: DefaultText,
    pub(super) successor: Successor,
    pub(super) deprecated: Option<Minor>,
    pub(super) on_change: OnChange,
    pub(super) doc: &'static str,
}

impl EtcdOption {
    /// Returns the name as in `--name`, without the dashes.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the name of the environment variable: `ETCD_` and the name in capitals
    /// (`FlagToEnv` in etcd's `pkg/flags/flag.go`).
    pub fn env_name(&self) -> String {
        format!("ETCD_{}", self.name.to_ascii_uppercase().replace('-', "_"))
    }

    /// Returns the part of the table it stands in.
    pub const fn group(&self) -> Group {
        self.group
    }

    /// Returns the kind of its value.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns the unit of its integer, such as `milliseconds`.
    pub const fn unit(&self) -> Option<&'static str> {
        if self.unit.is_empty() { None } else { Some(self.unit) }
    }

    /// Returns the releases of etcd that have it.
    pub const fn versions(&self) -> Versions {
        self.versions
    }

    /// Returns the one who writes it.
    pub const fn origin(&self) -> Origin {
        self.origin
    }

    /// Returns its successor in later versions.
    pub const fn successor(&self) -> Successor {
        self.successor
    }

    /// Returns what it takes to change it where the member has run before.
    pub const fn on_change(&self) -> OnChange {
        self.on_change
    }

    /// Returns one sentence on what it does.
    pub const fn doc(&self) -> &'static str {
        self.doc
    }

    /// Returns the flag's value where it is not given, in the flag's own text; `None`
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

    /// Returns the same as a value.
    pub fn default_value(&self, version: EtcdVersion) -> Option<Value> {
        let text = self.default(version)?;
        let value = match self.kind {
            Kind::Bool => Value::Bool(text == "true"),
            Kind::Int(_) | Kind::Size(_) => Value::Int(text.parse().ok()?),
            Kind::Duration(_) => Value::Duration(GoDuration::parse(text).ok()?),
            Kind::List { .. } => Value::List(vec![text.into()].into()),
            Kind::Retention
            | Kind::Text
            | Kind::TokenProvider
            | Kind::HostPort
            | Kind::Rotation
            | Kind::PackageLevels
            | Kind::Path
            | Kind::Enum(_) => Value::text(text),
        };
        Some(value)
    }

    /// Returns its key in the YAML file of this version.
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
            Kind::Int(_) | Kind::Size(_) => YamlForm::Int,
            Kind::Duration(_) => YamlForm::Nanoseconds,
            Kind::List { many, .. } if !many.contains(version) => YamlForm::Str,
            Kind::List { .. } if self.yaml.sequence => YamlForm::List,
            Kind::List { .. } => YamlForm::Csv,
            Kind::Retention
            | Kind::Text
            | Kind::TokenProvider
            | Kind::HostPort
            | Kind::Rotation
            | Kind::PackageLevels
            | Kind::Path
            | Kind::Enum(_) => YamlForm::Str,
        };
        Yaml::Key { path, form }
    }

    /// Returns `true` where etcd refuses this option beside the given entry of
    /// `feature-gates`. It looks for the gate's name anywhere in the text
    /// (`SetFeatureGatesFromExperimentalFlags` in etcd's `embed/config.go`), so
    /// that `LeaseCheckpointPersist=true` shuts out the option for `LeaseCheckpoint`. From
    /// flags and environment that text has all that `AllAlpha` or `AllBeta` stands for as well.
    pub fn clashes_with_gate(&self, entry: &str) -> bool {
        let Successor::Gate(gate) = self.successor else { return false };
        let all = if gate == BETA { "AllBeta=" } else { "AllAlpha=" };
        entry.contains(gate) || entry.starts_with(all)
    }
}

/// The one gate of a beta feature that was an option; the others are alpha
/// (`DefaultEtcdServerFeatureGates` in etcd's `server/features/etcd_features.go`).
const BETA: &str = "TxnModeWriteWithSharedBuffer";

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

/// Says what it takes to change an option of a member that has run before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OnChange {
    /// etcd reads it at each start: a restart.
    Restart,
    /// The same, and it is about all members: until all were restarted, something is not as either value
    /// says.
    Everywhere,
    /// The same, and before that something has to be looked at, in etcd or with its clients.
    LookFirst,
    /// etcd reads it at the first start only, on an empty data folder (`NewServer` in etcd's
    /// `etcdserver/server.go`): nothing, where the member has run.
    Bootstrap,
    /// It names the member's data: a start with another value finds none.
    Data,
    /// Switched on, it can lose data.
    Unsafe,
}

words!(OnChange {
    Restart = "restart", Everywhere = "alike on all", LookFirst = "look first",
    Bootstrap = "first start only", Data = "names the data", Unsafe = "can lose data",
});

/// The text a flag has where it is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DefaultText {
    None,
    Always(&'static str),
    ByMinor([&'static str; 4]),
}
