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

/// Logs a user in.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct AuthenticateRequest {
    /// The user.
    #[prost(string, tag = "1")]
    pub name: String,
    /// The password.
    #[prost(string, tag = "2")]
    pub password: String,
}

/// The user's token, which goes with each call in the header `token`.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct AuthenticateResponse {
    /// Who answers.
    #[prost(message, optional, tag = "1")]
    pub header: Option<ResponseHeader>,
    /// The token.
    #[prost(string, tag = "2")]
    pub token: String,
}
