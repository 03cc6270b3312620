//! Keys.

use super::ResponseHeader;
use bytes::Bytes;

/// A key with its value.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct KeyValue {
    /// The key.
    #[prost(bytes = "bytes", tag = "1")]
    pub key: Bytes,
    /// The revision at which it was made.
    #[prost(int64, tag = "2")]
    pub create_revision: i64,
    /// The revision at which it was last written.
    #[prost(int64, tag = "3")]
    pub mod_revision: i64,
    /// How often it was written since it was made.
    #[prost(int64, tag = "4")]
    pub version: i64,
    /// The value.
    #[prost(bytes = "bytes", tag = "5")]
    pub value: Bytes,
    /// The lease that it ends with; 0 for none.
    #[prost(int64, tag = "6")]
    pub lease: i64,
}

/// Asks for keys.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct RangeRequest {
    /// The key, or the first of them.
    #[prost(bytes = "bytes", tag = "1")]
    pub key: Bytes,
    /// The first that is no more asked for; empty for the one key, a zero byte for all from it on.
    #[prost(bytes = "bytes", tag = "2")]
    pub range_end: Bytes,
    /// At most so many; 0 for all.
    #[prost(int64, tag = "3")]
    pub limit: i64,
    /// As they were at a revision; 0 for now.
    #[prost(int64, tag = "4")]
    pub revision: i64,
    /// The member's own word, which may be late.
    #[prost(bool, tag = "7")]
    pub serializable: bool,
    /// Without values.
    #[prost(bool, tag = "8")]
    pub keys_only: bool,
    /// Nothing but their number.
    #[prost(bool, tag = "9")]
    pub count_only: bool,
}

/// Keys.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct RangeResponse {
    /// Who answers.
    #[prost(message, optional, tag = "1")]
    pub header: Option<ResponseHeader>,
    /// Those that were asked for.
    #[prost(message, repeated, tag = "2")]
    pub kvs: Vec<KeyValue>,
    /// There are more than the limit.
    #[prost(bool, tag = "3")]
    pub more: bool,
    /// How many there are, whatever the limit.
    #[prost(int64, tag = "4")]
    pub count: i64,
}

/// Writes a key.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct PutRequest {
    /// The key.
    #[prost(bytes = "bytes", tag = "1")]
    pub key: Bytes,
    /// The value.
    #[prost(bytes = "bytes", tag = "2")]
    pub value: Bytes,
    /// The lease that it ends with; 0 for none.
    #[prost(int64, tag = "3")]
    pub lease: i64,
}

/// Tells that the key was written.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct PutResponse {
    /// Who answers.
    #[prost(message, optional, tag = "1")]
    pub header: Option<ResponseHeader>,
}

/// Takes keys away.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct DeleteRangeRequest {
    /// The key, or the first of them.
    #[prost(bytes = "bytes", tag = "1")]
    pub key: Bytes,
    /// As [`RangeRequest::range_end`].
    #[prost(bytes = "bytes", tag = "2")]
    pub range_end: Bytes,
}

/// Tells that the keys were taken away.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct DeleteRangeResponse {
    /// Who answers.
    #[prost(message, optional, tag = "1")]
    pub header: Option<ResponseHeader>,
    /// How many.
    #[prost(int64, tag = "2")]
    pub deleted: i64,
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub enum CompareResult {
    /// They are the same.
    Equal = 0,
    /// That of the key is greater.
    Greater = 1,
    /// That of the key is less.
    Less = 2,
    /// They differ.
    NotEqual = 3,
}

/// What of a key is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub enum CompareTarget {
    /// How often it was written; 0 where it is not there.
    Version = 0,
    /// The revision at which it was made; 0 where it is not there.
    Create = 1,
    /// The revision at which it was last written; 0 where it is not there.
    Mod = 2,
    /// Its value.
    Value = 3,
    /// Its lease.
    Lease = 4,
}

/// A condition of a transaction.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Compare {
    /// How it is compared.
    #[prost(enumeration = "CompareResult", tag = "1")]
    pub result: i32,
    /// What of it.
    #[prost(enumeration = "CompareTarget", tag = "2")]
    pub target: i32,
    /// The key.
    #[prost(bytes = "bytes", tag = "3")]
    pub key: Bytes,
    /// What it is compared with.
    #[prost(oneof = "Operand", tags = "4, 5, 6, 7, 8")]
    pub operand: Option<Operand>,
}

/// What a key is compared with, each with the target of its name.
#[derive(Clone, PartialEq, Eq, prost::Oneof)]
pub enum Operand {
    /// For [`CompareTarget::Version`].
    #[prost(int64, tag = "4")]
    Version(i64),
    /// For [`CompareTarget::Create`].
    #[prost(int64, tag = "5")]
    CreateRevision(i64),
    /// For [`CompareTarget::Mod`].
    #[prost(int64, tag = "6")]
    ModRevision(i64),
    /// For [`CompareTarget::Value`].
    #[prost(bytes = "bytes", tag = "7")]
    Value(Bytes),
    /// For [`CompareTarget::Lease`].
    #[prost(int64, tag = "8")]
    Lease(i64),
}

/// A part of a transaction.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct RequestOp {
    /// Which.
    #[prost(oneof = "Request", tags = "1, 2, 3")]
    pub request: Option<Request>,
}

/// What a part of a transaction does.
#[derive(Clone, PartialEq, Eq, prost::Oneof)]
pub enum Request {
    /// Asks for keys.
    #[prost(message, tag = "1")]
    Range(RangeRequest),
    /// Writes a key.
    #[prost(message, tag = "2")]
    Put(PutRequest),
    /// Takes keys away.
    #[prost(message, tag = "3")]
    DeleteRange(DeleteRangeRequest),
}

/// What a part of a transaction came to.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct ResponseOp {
    /// Which.
    #[prost(oneof = "Response", tags = "1, 2, 3")]
    pub response: Option<Response>,
}

/// What a part of a transaction came to.
#[derive(Clone, PartialEq, Eq, prost::Oneof)]
pub enum Response {
    /// Keys.
    #[prost(message, tag = "1")]
    Range(RangeResponse),
    /// A key was written.
    #[prost(message, tag = "2")]
    Put(PutResponse),
    /// Keys were taken away.
    #[prost(message, tag = "3")]
    DeleteRange(DeleteRangeResponse),
}

/// A transaction: all of it at one revision.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct TxnRequest {
    /// The conditions: all of them have to hold.
    #[prost(message, repeated, tag = "1")]
    pub compare: Vec<Compare>,
    /// What is done where they hold.
    #[prost(message, repeated, tag = "2")]
    pub success: Vec<RequestOp>,
    /// What is done where they do not.
    #[prost(message, repeated, tag = "3")]
    pub failure: Vec<RequestOp>,
}

/// The outcome of a transaction.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct TxnResponse {
    /// Who answers.
    #[prost(message, optional, tag = "1")]
    pub header: Option<ResponseHeader>,
    /// Whether the conditions held.
    #[prost(bool, tag = "2")]
    pub succeeded: bool,
    /// What each part came to.
    #[prost(message, repeated, tag = "3")]
    pub responses: Vec<ResponseOp>,
}

/// Takes the history up to a revision away.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct CompactionRequest {
    /// Up to which.
    #[prost(int64, tag = "1")]
    pub revision: i64,
    /// Whether to wait until the database is rid of it.
    #[prost(bool, tag = "2")]
    pub physical: bool,
}

/// Tells that the history was taken away.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct CompactionResponse {
    /// Who answers.
    #[prost(message, optional, tag = "1")]
    pub header: Option<ResponseHeader>,
}
