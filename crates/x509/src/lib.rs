#![doc = include_str!("../README.md")]
//!
//! Nothing here knows a cluster or a folder of files.

mod certificate;
#[cfg(feature = "keys")]
mod chain;
mod constraints;
#[cfg(feature = "keys")]
pub mod crl;
mod der;
#[cfg(feature = "issue")]
pub mod encrypted;
#[cfg(feature = "keys")]
mod error;
#[cfg(feature = "keys")]
mod file_kind;
#[cfg(feature = "issue")]
mod issuer;
#[cfg(feature = "keys")]
mod key;
pub mod pem;
#[cfg(feature = "keys")]
mod private_key;
mod public_key;
#[cfg(feature = "issue")]
mod request;
mod secret;
#[cfg(feature = "keys")]
mod signed_request;
#[cfg(feature = "issue")]
mod signing;
#[cfg(test)]
mod tools;
#[cfg(feature = "keys")]
mod verifiers;
#[cfg(feature = "keys")]
mod verify;

pub use certificate::{
    CLIENT_AUTH, DIGITAL_SIGNATURE, Extensions, KEY_CERT_SIGN, Limits, ParsedCertificate,
    SERVER_AUTH, fingerprint, serial_text,
};
pub use constraints::{Constraints, LARGEST, Network, Subtrees, is_host_to_openssl};
pub use public_key::{Algorithm, PublicKey};
pub use secret::Secret;

#[cfg(feature = "keys")]
pub use {
    chain::{Broken, Chain, Doubt, Refusal},
    error::{Error, LONGEST_COMMON_NAME},
    file_kind::{FileKind, kind_of},
    key::{KeyFault, KeyPair, NewKey},
    private_key::prove,
    signed_request::prove_request,
    verifiers::Fault,
};

#[cfg(feature = "issue")]
pub use {
    issuer::{Issued, Issuer, Leaf, Validity, random_digits, self_signed},
    request::{asks_for, request},
};
