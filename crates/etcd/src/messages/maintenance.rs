//! What operators ask.

use super::ResponseHeader;

/// Asks what a member knows of itself.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct StatusRequest {}

/// What a member knows of itself.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct StatusResponse {
    /// Who answers.
    #[prost(message, optional, tag = "1")]
    pub header: Option<ResponseHeader>,
    /// The etcd that it runs: `3.5.33`.
    #[prost(string, tag = "2")]
    pub version: String,
    /// The size of its database, in bytes.
    #[prost(int64, tag = "3")]
    pub db_size: i64,
    /// Its leader's ID; 0 for none.
    #[prost(uint64, tag = "4")]
    pub leader: u64,
    /// What it has of raft's log.
    #[prost(uint64, tag = "5")]
    pub raft_index: u64,
    /// Raft's term.
    #[prost(uint64, tag = "6")]
    pub raft_term: u64,
    /// What of the log it has applied.
    #[prost(uint64, tag = "7")]
    pub raft_applied_index: u64,
    /// What is wrong, as etcd says it: alarms, no leader.
    #[prost(string, repeated, tag = "8")]
    pub errors: Vec<String>,
    /// What of its database is in use, in bytes.
    #[prost(int64, tag = "9")]
    pub db_size_in_use: i64,
    /// Whether it has no vote.
    #[prost(bool, tag = "10")]
    pub is_learner: bool,
    /// The version of what it stores; from 3.6 on.
    #[prost(string, tag = "11")]
    pub storage_version: String,
    /// The most that its database may have, in bytes; from 3.6 on.
    #[prost(int64, tag = "12")]
    pub db_size_quota: i64,
    /// Whether the cluster goes to an older minor; from 3.6 on.
    #[prost(message, optional, tag = "13")]
    pub downgrade_info: Option<DowngradeInfo>,
}

/// Whether the cluster goes to an older minor.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct DowngradeInfo {
    /// Whether it does.
    #[prost(bool, tag = "1")]
    pub enabled: bool,
    /// To which one: `3.5.0`.
    #[prost(string, tag = "2")]
    pub target_version: String,
}

/// What is done with alarms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub enum AlarmAction {
    /// Asks for them.
    Get = 0,
    /// Raises one.
    Activate = 1,
    /// Switches one off.
    Deactivate = 2,
}

/// What an alarm is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub enum AlarmType {
    /// Any.
    None = 0,
    /// The database is as large as it may be: etcd writes no more.
    Nospace = 1,
    /// A member's data differ from the others'.
    Corrupt = 2,
}

/// Asks for alarms, or switches one off.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct AlarmRequest {
    /// What is to be done.
    #[prost(enumeration = "AlarmAction", tag = "1")]
    pub action: i32,
    /// Whose; 0 for all.
    #[prost(uint64, tag = "2")]
    pub member_id: u64,
    /// Of what.
    #[prost(enumeration = "AlarmType", tag = "3")]
    pub alarm: i32,
}

/// An alarm that is on.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct AlarmMember {
    /// Whose. It may be of a member that is gone.
    #[prost(uint64, tag = "1")]
    pub member_id: u64,
    /// Of what.
    #[prost(enumeration = "AlarmType", tag = "2")]
    pub alarm: i32,
}

/// The alarms that are on, or those that were switched off.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct AlarmResponse {
    /// Who answers.
    #[prost(message, optional, tag = "1")]
    pub header: Option<ResponseHeader>,
    /// Which.
    #[prost(message, repeated, tag = "2")]
    pub alarms: Vec<AlarmMember>,
}

/// Asks for the hash of a member's keys.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct HashKvRequest {
    /// At which revision; 0 for the latest.
    #[prost(int64, tag = "1")]
    pub revision: i64,
}

/// The hash of a member's keys.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct HashKvResponse {
    /// Who answers.
    #[prost(message, optional, tag = "1")]
    pub header: Option<ResponseHeader>,
    /// The hash: members that have the same keys at a revision, and compacted alike, have the same.
    #[prost(uint32, tag = "2")]
    pub hash: u32,
    /// The revision up to which history was compacted.
    #[prost(int64, tag = "3")]
    pub compact_revision: i64,
    /// The revision that the hash is of; from 3.6 on.
    #[prost(int64, tag = "4")]
    pub hash_revision: i64,
}

/// Gives space back to the file system.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct DefragmentRequest {}

/// Tells that the space was given back.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct DefragmentResponse {
    /// Who answers.
    #[prost(message, optional, tag = "1")]
    pub header: Option<ResponseHeader>,
}

/// Gives the leadership to another voter.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct MoveLeaderRequest {
    /// To whom.
    #[prost(uint64, tag = "1")]
    pub target_id: u64,
}

/// Tells that the leadership was given.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct MoveLeaderResponse {
    /// Who answers.
    #[prost(message, optional, tag = "1")]
    pub header: Option<ResponseHeader>,
}

/// Asks for all data.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct SnapshotRequest {}

/// A part of all data.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct SnapshotResponse {
    /// Who answers.
    #[prost(message, optional, tag = "1")]
    pub header: Option<ResponseHeader>,
    /// How many bytes of the database come after this part.
    #[prost(uint64, tag = "2")]
    pub remaining_bytes: u64,
    /// The part.
    #[prost(bytes = "bytes", tag = "3")]
    pub blob: bytes::Bytes,
    /// The version of what is stored; from 3.6 on.
    #[prost(string, tag = "4")]
    pub version: String,
}

/// What is done about an older minor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub enum DowngradeAction {
    /// Asks whether it is possible.
    Validate = 0,
    /// Begins it.
    Enable = 1,
    /// Ends it.
    Cancel = 2,
}

/// Leads a cluster to an older minor.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct DowngradeRequest {
    /// What is to be done.
    #[prost(enumeration = "DowngradeAction", tag = "1")]
    pub action: i32,
    /// To which: `3.5`.
    #[prost(string, tag = "2")]
    pub version: String,
}

/// Tells that the downgrade is possible, was begun, or was ended.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct DowngradeResponse {
    /// Who answers.
    #[prost(message, optional, tag = "1")]
    pub header: Option<ResponseHeader>,
    /// The cluster's version now.
    #[prost(string, tag = "2")]
    pub version: String,
}
