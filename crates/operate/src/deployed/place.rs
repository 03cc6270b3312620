//! The places that certificates have on a machine.

use crate::compiled::Compiled;
use bouquet_model::Cluster;
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::trust::Side;
use bouquet_model::trust_file::trusted;
use std::path::Path;

/// The certificate that a file of this name holds; the names are those that the build writes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Ca(Side),
    Server,
    Peer,
    Client,
    Other,
}

impl Place {
    pub(super) fn of(file: &Path) -> Self {
        match file.file_stem().and_then(|stem| stem.to_str()) {
            Some("ca") => Self::Ca(Side::Clients),
            Some("peer-ca") => Self::Ca(Side::Peers),
            Some("server") => Self::Server,
            Some("peer") => Self::Peer,
            Some("client") => Self::Client,
            _ => Self::Other,
        }
    }

    /// Returns `true` where etcd or a client opens a key beside it.
    pub(super) fn is_of_a_leaf(self) -> bool {
        matches!(self, Self::Server | Self::Peer | Self::Client)
    }

    pub(super) fn takes(self, kind: Kind) -> bool {
        match self {
            Self::Ca(_) => kind == Kind::Ca,
            Self::Server => matches!(kind, Kind::Server | Kind::ServerAndPeer),
            Self::Peer => kind == Kind::Peer,
            Self::Client => kind == Kind::Client,
            Self::Other => true,
        }
    }
}

/// Returns `true` where that member or client has a certificate: its own, a CA's, or the one that
/// all members share.
pub(crate) fn belongs(cluster: &Cluster, certificate: &Certificate, name: &str) -> bool {
    match (&certificate.owner, certificate.kind) {
        (Some(owner), _) => owner == name,
        (None, Kind::Ca) => true,
        (None, _) => cluster.member(name).is_some(),
    }
}

/// Returns the file in which a certificate of the build has its place.
pub(super) fn file_of(compiled: &Compiled<'_>, certificate: &Certificate) -> &'static str {
    let is_for_clients =
        |tls| trusted(tls, compiled.certificates, Side::Clients).contains(&certificate);
    match (certificate.kind, &compiled.cluster.tls) {
        (Kind::Ca, Some(tls)) if !is_for_clients(tls) => tls.trust_file(Side::Peers),
        (Kind::Ca, _) => "ca.crt",
        (Kind::Server | Kind::ServerAndPeer, _) => "server.crt",
        (Kind::Peer, _) => "peer.crt",
        (Kind::Client, _) => "client.crt",
    }
}
