//! Requests for certificates (PKCS#10, RFC 2986), for a CA whose key is elsewhere.

use crate::error::Error;
use crate::issuer::Leaf;
use crate::key::NewKey;
use crate::pem;
use crate::public_key::{Algorithm, PublicKey};
use crate::signed_request::{REQUEST, parts};
use crate::signing::algorithm;
use bouquet_model::cluster::KeyKind;
use rcgen::{PublicKeyData, SigningKey};

/// Asks for a certificate that says what an issued one would say; in PEM.
///
/// # Errors
/// Where X.509 cannot carry what is wanted.
pub fn request(leaf: &Leaf<'_>, key: &NewKey) -> Result<String, Error> {
    let pair = key.pair().map_err(|fault| Error::Refused(WHAT, fault.to_string()))?;
    Ok(pem::encode(REQUEST, &der(leaf, &pair)?))
}

/// Tells whether a request still asks for just that, for that public key, and was signed with its
/// private one.
pub fn asks_for(file: &[u8], leaf: &Leaf<'_>, kind: KeyKind, public: &[u8]) -> bool {
    let Some(blocks) = pem::blocks(file) else { return false };
    let [block] = blocks.as_slice() else { return false };
    if block.label != REQUEST {
        return false;
    }
    // The same request but for its signature: what is compared has one encoding only.
    let Ok(same) = der(leaf, &Unsigned { kind, public }) else { return false };
    let key = PublicKey { algorithm: Algorithm::Ours(kind), bytes: public };
    match (parts(&block.der), parts(&same)) {
        (Some((asks, algorithm, signature)), Some((wants, _, _))) => {
            asks == wants && key.verifies(algorithm, asks, signature) == Some(true)
        }
        _ => false,
    }
}

const WHAT: &str = "a request";

fn der(leaf: &Leaf<'_>, key: &impl SigningKey) -> Result<Vec<u8>, Error> {
    let refused = |error: rcgen::Error| Error::Refused(WHAT, error.to_string());
    Ok(leaf.params()?.serialize_request(key).map_err(refused)?.der().to_vec())
}

/// A key that gives an empty signature.
struct Unsigned<'a> {
    kind: KeyKind,
    public: &'a [u8],
}

impl PublicKeyData for Unsigned<'_> {
    fn der_bytes(&self) -> &[u8] {
        self.public
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        algorithm(self.kind)
    }
}

impl SigningKey for Unsigned<'_> {
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests;
