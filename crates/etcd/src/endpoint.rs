//! Where a call goes, and with what.

use crate::credentials::Credentials;
use bouquet_model::url::Url;

/// One URL of a member, and what it takes to speak with it.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint<'a> {
    /// A client URL, or a peer URL for what the peer port answers.
    pub url: &'a Url,
    /// Whom to trust, and who asks; a URL that is http needs none.
    pub credentials: Option<&'a Credentials>,
}
