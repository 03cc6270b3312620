//! The list of members.

use super::ResponseHeader;

/// A member as the list has it.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Member {
    /// Its ID.
    #[prost(uint64, tag = "1")]
    pub id: u64,
    /// Its name; empty for one that was added and has never started.
    #[prost(string, tag = "2")]
    pub name: String,
    /// Where its peers find it.
    #[prost(string, repeated, tag = "3")]
    pub peer_urls: Vec<String>,
    /// Where clients find it; none for one that has never started.
    #[prost(string, repeated, tag = "4")]
    pub client_urls: Vec<String>,
    /// Whether it has no vote.
    #[prost(bool, tag = "5")]
    pub is_learner: bool,
}

/// Asks for the list.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct MemberListRequest {
    /// Whether a quorum has to agree; from 3.5 on.
    #[prost(bool, tag = "1")]
    pub linearizable: bool,
}

/// Adds a member.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct MemberAddRequest {
    /// Where its peers will find it.
    #[prost(string, repeated, tag = "1")]
    pub peer_urls: Vec<String>,
    /// Whether it is to have no vote.
    #[prost(bool, tag = "2")]
    pub is_learner: bool,
}

/// The member that was added, and the list with it.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct MemberAddResponse {
    /// Who answers.
    #[prost(message, optional, tag = "1")]
    pub header: Option<ResponseHeader>,
    /// The new one.
    #[prost(message, optional, tag = "2")]
    pub member: Option<Member>,
    /// All.
    #[prost(message, repeated, tag = "3")]
    pub members: Vec<Member>,
}

/// Removes a member.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct MemberRemoveRequest {
    /// Which.
    #[prost(uint64, tag = "1")]
    pub id: u64,
}

/// Gives a learner a vote.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct MemberPromoteRequest {
    /// Which.
    #[prost(uint64, tag = "1")]
    pub id: u64,
}

/// Gives a member other peer URLs.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct MemberUpdateRequest {
    /// Which.
    #[prost(uint64, tag = "1")]
    pub id: u64,
    /// Where its peers will find it.
    #[prost(string, repeated, tag = "2")]
    pub peer_urls: Vec<String>,
}

/// The list of members, as it is after what was asked.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct MemberListResponse {
    /// Who answers.
    #[prost(message, optional, tag = "1")]
    pub header: Option<ResponseHeader>,
    /// All.
    #[prost(message, repeated, tag = "2")]
    pub members: Vec<Member>,
}

/// As [`MemberListResponse`].
pub type MemberRemoveResponse = MemberListResponse;
/// As [`MemberListResponse`].
pub type MemberPromoteResponse = MemberListResponse;
/// As [`MemberListResponse`].
pub type MemberUpdateResponse = MemberListResponse;
