//! The kinds of values that options take.

use super::limits::Limits;
use super::versions::Versions;
use crate::version::EtcdVersion;

/// The type of an option's value, with the limits etcd sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `true` or `false`.
    Bool,
    /// An integer; [`unit`](super::EtcdOption::unit) says of what.
    Int(Limits),
    /// A count of bytes: an integer, or a string such as `8GiB`.
    Size(Limits),
    /// A Go duration such as `10s`; never negative.
    Duration(Limits),
    /// A Go duration or a plain integer, whose unit is another option's matter
    /// (`parseCompactionRetention` in etcd's `embed/etcd.go`).
    Retention,
    /// Strings that flags and environment join with commas.
    List {
        /// The kind of each of them.
        item: Item,
        /// The versions that take several; the others take one, commas and all.
        many: Versions,
    },
    /// Any string.
    Text,
    /// The making of tokens: `simple`, or `jwt` with its parameters.
    TokenProvider,
    /// A host and a port to send to.
    HostPort,
    /// How logs are rotated, as an object of JSON.
    Rotation,
    /// Levels of the log by package: `etcdmain=CRITICAL,etcdserver=DEBUG`.
    PackageLevels,
    /// An absolute path on the member's node.
    Path,
    /// One of these words.
    Enum(&'static [Word]),
}

/// The kind of an entry of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// Any text without a comma.
    Text,
    /// A URL to listen on: scheme, IP address or `localhost`, port, and no path
    /// (`types.NewURLs` in etcd's `client/pkg/types/urls.go`, and `checkBindURLs`
    /// in `embed/config.go`).
    ListenUrl,
    /// The same, but no Unix socket: etcd ignores its path there (`createMetricsListener` in
    /// `embed/etcd.go`).
    MetricsUrl,
    /// A web origin in the form etcd takes it, which has a port; or `*` alone for all.
    Origin,
    /// A host name or an address, as it stands in a certificate (Go's `VerifyHostname`).
    CertifiedHost,
    /// A host name or an address, as it stands in a request without its port; or `*` alone for all
    /// (`IsHostWhitelisted` in `etcdserver/server_access_control.go`).
    RequestHost,
    /// `stderr`, `stdout`, `default`, `systemd/journal`, or an absolute path.
    LogOutput,
    /// `Gate=true` or `Gate=false`, with a gate from [`GATES`].
    Gate,
}

/// One word of an [`Enum`](Kind::Enum), and the versions that know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// The word as etcd wants it.
    pub text: &'static str,
    /// The versions that know it.
    pub versions: Versions,
}

impl Word {
    pub(super) const fn new(text: &'static str) -> Self {
        Self::only(text, Versions::ALL)
    }

    /// Returns those of the words that a version knows.
    pub(super) fn of(words: &[Self], version: EtcdVersion) -> impl Iterator<Item = &'static str> {
        words.iter().filter(move |word| word.versions.contains(version)).map(|word| word.text)
    }

    pub(super) const fn only(text: &'static str, versions: Versions) -> Self {
        Self { text, versions }
    }
}

/// etcd's feature gates (`DefaultEtcdServerFeatureGates` in
/// `server/features/etcd_features.go`) and the two that stand for many
/// (`pkg/featuregate/feature_gate.go`).
pub static GATES: &[Word] = {
    use crate::version::Minor::{V3_6, V3_7};
    const V36: Versions = Versions::since(V3_6);
    const V37: Versions = Versions::since(V3_7);
    &[
        Word::only("AllAlpha", V36),
        Word::only("AllBeta", V36),
        Word::only("CompactHashCheck", V36),
        Word::only("FastLeaseKeepAlive", V37),
        Word::only("InitialCorruptCheck", V36),
        Word::only("LeaseCheckpoint", V36),
        Word::only("LeaseCheckpointPersist", V36),
        Word::only("PriorityRequest", V37),
        Word::only("SetMemberLocalAddr", V36),
        Word::only("StopGRPCServiceOnDefrag", V36),
        Word::only("TxnModeWriteWithSharedBuffer", V36),
    ]
};
