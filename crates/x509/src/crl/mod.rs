//! Revocation lists (RFC 5280, section 5).
//!
//! etcd reads one on every handshake and refuses anyone whose serial number is on it. It looks at
//! neither issuer, signature nor `nextUpdate`; other readers of the list do.

#[cfg(feature = "issue")]
mod issue;
mod list;

#[cfg(feature = "issue")]
pub use issue::issue;
pub use list::{ParsedList, Revoked, der, read};

#[cfg(test)]
mod tests;
