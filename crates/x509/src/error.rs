//! Reasons why something could not be made.

use core::fmt;

/// The longest common name that X.509 allows (RFC 5280, appendix A.1, `ub-common-name`).
pub const LONGEST_COMMON_NAME: usize = 64;

/// Why a key, a certificate, a request or a list could not be made; its text is one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The system gives no random numbers.
    NoRandomNumbers,
    /// A common name is empty.
    NoCommonName,
    /// A common name is longer than [`LONGEST_COMMON_NAME`].
    LongCommonName(String),
    /// A DNS name is not ASCII.
    NotAscii(String),
    /// A date is past the last one that X.509 knows.
    PastTheLastYear,
    /// What is to be encrypted is not one key in PKCS#8.
    NotPkcs8,
    /// The library that encodes refused something: what was to be made, and why.
    Refused(&'static str, String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRandomNumbers => {
                f.write_str("the system gives no random numbers, so no key can be made")
            }
            Self::NoCommonName => f.write_str("a certificate's common name must not be empty"),
            Self::LongCommonName(name) => write!(
                f,
                "the common name `{name}` has {} characters, X.509 allows {LONGEST_COMMON_NAME}",
                name.chars().count()
            ),
            Self::NotAscii(name) => {
                write!(f, "`{name}` has letters that a certificate cannot carry")
            }
            Self::PastTheLastYear => f.write_str(
                "a certificate would be valid past the year 9999, the last that X.509 knows",
            ),
            Self::NotPkcs8 => f.write_str("only a `PRIVATE KEY` in PEM can be encrypted"),
            Self::Refused(what, why) => write!(f, "{what} could not be made: {why}"),
        }
    }
}

impl core::error::Error for Error {}
