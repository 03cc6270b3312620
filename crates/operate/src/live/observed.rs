//! What one look at a cluster has seen: answers as they came, and the reason where none came.

use super::metrics::Metrics;
use bouquet_etcd::Error;
use bouquet_etcd::messages::cluster::MemberListResponse;
use bouquet_etcd::messages::maintenance::{HashKvResponse, StatusResponse};
use bouquet_model::url::Url;
use std::time::Duration;

/// Holds what was seen.
#[derive(Debug, Clone)]
pub(crate) struct Observed {
    /// When the look began, in seconds since 1970, by the clock of this machine.
    pub(crate) now: i64,
    /// How long members had for their answers.
    pub(crate) deadline: Duration,
    /// The CAs that the client trusts, in DER.
    pub(crate) cas: Vec<Vec<u8>>,
    /// Each that was asked: those that are compiled in their order, then others that members list.
    pub(crate) seen: Vec<Seen>,
}

/// A member to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// Its name, or where it has none its first peer URL.
    pub(crate) name: String,
    /// Where clients find it: one after another is tried.
    pub(crate) client_urls: Vec<Url>,
    /// Where its peers find it.
    pub(crate) peer_urls: Vec<Url>,
}

/// Holds what one member answered.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) target: Target,
    /// What it knows of itself.
    pub(crate) status: Result<StatusResponse, Error>,
    /// How long that took, the handshake included.
    pub(crate) took: Duration,
    /// The members as it lists them.
    pub(crate) list: Result<MemberListResponse, Error>,
    /// The certificate that it serves to clients, in DER, and its chain behind it; `None` where the URL is
    /// http, or it was not read.
    pub(crate) client_certificate: Option<Result<Vec<Vec<u8>>, Error>>,
    /// The one that it serves to its peers.
    pub(crate) peer_certificate: Option<Result<Vec<Vec<u8>>, Error>>,
    pub(crate) metrics: Result<Metrics, Error>,
    /// Where its data may differ from another one's.
    pub(crate) doubt: Option<Doubt>,
    /// Its clock less that of this machine, in seconds, to a second.
    pub(crate) clock: Option<i64>,
}

/// A member that may have other data than another one: it does not fit to it at any of several readings, or its etcd
/// has the alarm that data differs.
#[derive(Debug, Clone)]
pub(crate) struct Doubt {
    /// The hash of its keys, at the same revision of all that are in doubt.
    pub(crate) hash: Result<HashKvResponse, Error>,
    /// By two readings, it cannot have the data of another one, whatever was written meanwhile.
    pub(crate) is_certain: bool,
}
