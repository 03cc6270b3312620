//! Users and roles.

use super::ResponseHeader;

/// Asks whether authentication is on.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct AuthStatusRequest {}

/// Whether it is.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct AuthStatusResponse {
    /// Who answers.
    #[prost(message, optional, tag = "1")]
    pub header: Option<ResponseHeader>,
    /// Whether authentication is on.
    #[prost(bool, tag = "2")]
    pub enabled: bool,
    /// The revision of users and roles.
    #[prost(uint64, tag = "3")]
    pub auth_revision: u64,
}
