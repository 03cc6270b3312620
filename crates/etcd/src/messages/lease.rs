//! Leases: what ends by itself.

use super::ResponseHeader;

/// Asks for a lease.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct LeaseGrantRequest {
    /// How long it lives without being kept alive, in seconds.
    #[prost(int64, tag = "1")]
    pub ttl: i64,
    /// Its ID; 0 lets etcd choose.
    #[prost(int64, tag = "2")]
    pub id: i64,
}

/// A lease.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct LeaseGrantResponse {
    /// Who answers.
    #[prost(message, optional, tag = "1")]
    pub header: Option<ResponseHeader>,
    /// Its ID.
    #[prost(int64, tag = "2")]
    pub id: i64,
    /// How long it lives, in seconds.
    #[prost(int64, tag = "3")]
    pub ttl: i64,
    /// Why there is none.
    #[prost(string, tag = "4")]
    pub error: String,
}

/// Keeps a lease alive.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct LeaseKeepAliveRequest {
    /// Which.
    #[prost(int64, tag = "1")]
    pub id: i64,
}

/// Tells how long the lease lives now.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct LeaseKeepAliveResponse {
    /// Who answers.
    #[prost(message, optional, tag = "1")]
    pub header: Option<ResponseHeader>,
    /// Which.
    #[prost(int64, tag = "2")]
    pub id: i64,
    /// In seconds; 0 where there is no such lease any more.
    #[prost(int64, tag = "3")]
    pub ttl: i64,
}

/// Ends a lease, and all keys with it.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct LeaseRevokeRequest {
    /// Which.
    #[prost(int64, tag = "1")]
    pub id: i64,
}

/// Tells that the lease is ended.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct LeaseRevokeResponse {
    /// Who answers.
    #[prost(message, optional, tag = "1")]
    pub header: Option<ResponseHeader>,
}
