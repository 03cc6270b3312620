//! Why a certificate is revoked.

use crate::cluster::words;
use core::fmt;

/// A reason for a revocation (RFC 5280, section 5.3.1), as far as it can be one for a certificate of
/// a member or a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RevocationReason {
    /// None is given.
    Unspecified,
    /// Somebody else has, or may have, its key.
    KeyCompromise,
    /// Somebody else has, or may have, the key of its CA.
    CaCompromise,
    /// Its owner belongs elsewhere now.
    AffiliationChanged,
    /// Another one took its place.
    Superseded,
    /// Nobody needs it any more.
    CessationOfOperation,
    /// Its owner may do less than before.
    PrivilegeWithdrawn,
}

words!(RevocationReason {
    Unspecified = "unspecified",
    KeyCompromise = "key-compromise",
    CaCompromise = "ca-compromise",
    AffiliationChanged = "affiliation-changed",
    Superseded = "superseded",
    CessationOfOperation = "cessation-of-operation",
    PrivilegeWithdrawn = "privilege-withdrawn",
});
