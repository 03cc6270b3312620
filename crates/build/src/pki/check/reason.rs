//! Reasons why a certificate is not kept.

use bouquet_model::certificate::Subject;
use bouquet_model::cluster::KeyKind;
use bouquet_model::time::Date;
use bouquet_x509::KeyFault;
use core::fmt;

/// Why a certificate is issued; its text is one line for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// There is none.
    Missing,
    /// There is none, and there was one that is still valid.
    Lost,
    /// Its file is not a certificate; the text continues "certificate file".
    Unreadable(&'static str),
    /// There is no private key for it.
    KeyMissing,
    /// Its private key is of no use.
    Key(KeyFault),
    /// Its issuer has another name than the CA.
    OtherCa {
        /// The issuer's common name.
        issuer: String,
    },
    /// The CA did not sign it.
    Signature,
    /// Its subject is another.
    Subject {
        /// As it is.
        was: String,
        /// As the spec has it.
        wanted: Subject,
    },
    /// Its key is of another kind.
    KeyKind {
        /// As it is; `None` for a kind that this program does not make.
        was: Option<KeyKind>,
        /// As the spec has it.
        wanted: KeyKind,
    },
    /// It vouches for other names.
    Sans {
        /// Wanted and absent.
        added: Vec<String>,
        /// Present and not wanted.
        removed: Vec<String>,
    },
    /// Its extended key usage differs.
    Purposes {
        /// As it is.
        was: Vec<String>,
        /// As its kind needs it.
        wanted: Vec<&'static str>,
    },
    /// Its key may be used for anything but, or more than, signing handshakes.
    KeyUsage,
    /// It is valid from that second on.
    NotYetValid(i64),
    /// It was valid until that second.
    Expired(i64),
    /// It ends after its CA, or after one over it: verifiers refuse it before its own end.
    Outlives {
        /// The second at which it ends.
        on: i64,
        /// The one at which the first of those CAs ends.
        ca: i64,
    },
    /// It is revoked by its serial number.
    Revoked,
    /// It was issued for an earlier generation than the spec's.
    Generation {
        /// The one it was issued for.
        was: u32,
        /// The one that the spec has.
        wanted: u32,
    },
    /// It has less than `renew-before` left.
    Expires {
        /// The second at which it ends.
        on: i64,
        /// Whole days until then.
        days: i64,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost => f.write_str("the one that cluster.lock tells of is not here"),
            Self::Missing => f.write_str("certificate is missing"),
            Self::Unreadable(what) => write!(f, "certificate file {what}"),
            Self::KeyMissing => f.write_str("private key is missing"),
            Self::Key(KeyFault::NotAKey) => f.write_str("private key file holds no key"),
            Self::Key(fault) => write!(f, "private key {fault}"),
            Self::OtherCa { issuer } => write!(f, "issued by another CA, `{issuer}`"),
            Self::Signature => f.write_str("signature does not verify"),
            Self::Subject { was, wanted: Subject::Organization(_) } => {
                write!(f, "has the common name `{was}`, and is to have none")
            }
            Self::Subject { was, wanted } => {
                write!(f, "common name changed from `{was}` to `{wanted}`")
            }
            Self::KeyKind { was: Some(was), wanted } => {
                write!(f, "key kind changed from {was} to {wanted}")
            }
            Self::KeyKind { was: None, wanted } => write!(f, "key kind changed to {wanted}"),
            Self::Sans { added, removed } => {
                let added = added.iter().map(|san| format!("+ {san}"));
                let removed = removed.iter().map(|san| format!("- {san}"));
                let changes: Vec<_> = added.chain(removed).collect();
                write!(f, "SANs changed: {}", changes.join(", "))
            }
            Self::Purposes { was, wanted } => {
                let was = if was.is_empty() { "none".to_owned() } else { was.join(", ") };
                write!(f, "EKU changed from {was} to {}", wanted.join(", "))
            }
            Self::KeyUsage => f.write_str("key usage is not digitalSignature alone"),
            Self::NotYetValid(from) => write!(f, "not valid before {}", Date(*from)),
            Self::Expired(on) => write!(f, "expired on {}", Date(*on)),
            Self::Outlives { on, ca } => {
                write!(f, "ends on {}, after its CA ({})", Date(*on), Date(*ca))
            }
            Self::Revoked => f.write_str("revoked"),
            Self::Generation { was, wanted } => {
                write!(f, "generation changed from {was} to {wanted}")
            }
            Self::Expires { on, days: 1 } => write!(f, "expires on {}, in 1 day", Date(*on)),
            Self::Expires { on, days } => write!(f, "expires on {}, in {days} days", Date(*on)),
        }
    }
}
