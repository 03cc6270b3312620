//! The places that certificates have on a machine.

use bouquet_model::certificate::Kind;
use bouquet_model::trust::Side;
use std::path::Path;

/// What a file's name says of the certificate in it; the names are those that the build writes.
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
