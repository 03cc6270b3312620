//! X.509: certificates, keys, requests and revocation lists. Bytes become facts, and facts bytes.
//!
//! Nothing here knows a cluster or a folder of files. Reading certificates takes no cryptography
//! but SHA-256; the feature `issue` adds what makes, loads and proves keys, checks signatures, and
//! issues.

mod certificate;
#[cfg(feature = "issue")]
mod chain;
mod constraints;
#[cfg(feature = "issue")]
pub mod crl;
mod der;
#[cfg(feature = "issue")]
pub mod encrypted;
#[cfg(feature = "issue")]
mod error;
#[cfg(feature = "issue")]
mod file_kind;
#[cfg(feature = "issue")]
mod issuer;
#[cfg(feature = "issue")]
mod key;
pub mod pem;
#[cfg(feature = "issue")]
mod private_key;
mod public_key;
#[cfg(feature = "issue")]
mod request;
mod secret;
#[cfg(test)]
mod tools;
#[cfg(feature = "issue")]
mod verifiers;
#[cfg(feature = "issue")]
mod verify;

pub use certificate::{
    CLIENT_AUTH, DIGITAL_SIGNATURE, Extensions, KEY_CERT_SIGN, Limits, ParsedCertificate,
    SERVER_AUTH, fingerprint, serial_text,
};
pub use constraints::{Constraints, LARGEST, Network, Subtrees, is_host_to_openssl};
pub use public_key::{Algorithm, PublicKey};
pub use secret::Secret;

#[cfg(feature = "issue")]
pub use {
    chain::{Broken, Chain, Doubt, Refusal},
    error::{Error, LONGEST_COMMON_NAME},
    file_kind::{FileKind, kind_of},
    issuer::{Issued, Issuer, Leaf, Validity, random_digits, self_signed},
    key::{KeyFault, KeyPair, NewKey},
    private_key::prove,
    request::{asks_for, request},
    verifiers::Fault,
};
