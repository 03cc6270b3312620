//! The reasons for which a certificate is revoked.

use crate::words::words;

/// The reason for which a certificate is revoked, in the words of RFC 5280, section 5.3.1.
///
/// Two of its reasons are none here: `certificateHold`, which can be taken back, and `removeFromCRL`,
/// which takes it back. etcd compares serial numbers alone and looks at no reason: what is on its
/// list is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RevocationReason {
    /// None is given.
    Unspecified,
    /// Someone else has its private key, or may have.
    KeyCompromise,
    /// The same of the CA's.
    CaCompromise,
    /// Its owner has another name now.
    AffiliationChanged,
    /// Another has taken its place.
    Superseded,
    /// Its purpose is gone.
    CessationOfOperation,
    /// Its owner may no longer do what it stands for.
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
