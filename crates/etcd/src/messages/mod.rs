//! etcd's messages, with its field numbers (`api/etcdserverpb/rpc.proto` in etcd 3.7.3).
//!
//! Fields that an older etcd does not know it leaves at nothing; the comments say from which minor on it has
//! them.

pub mod auth;
pub mod cluster;
pub mod kv;
pub mod lease;
pub mod maintenance;

/// What stands in the head of every answer.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct ResponseHeader {
    /// The cluster that answers.
    #[prost(uint64, tag = "1")]
    pub cluster_id: u64,
    /// The member that answers.
    #[prost(uint64, tag = "2")]
    pub member_id: u64,
    /// The revision of its keys.
    #[prost(int64, tag = "3")]
    pub revision: i64,
    /// Raft's term.
    #[prost(uint64, tag = "4")]
    pub raft_term: u64,
}
