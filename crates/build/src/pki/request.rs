//! Requests for certificates (PKCS#10, RFC 2986), for a CA whose key is elsewhere.

use super::der::{BITS, Der, OID, SEQUENCE};
use super::key::{self, Algorithm, NewKey, PublicKey};
use super::{PkiError, issue, pem};
use bouquet_model::certificate::Wanted;
use bouquet_model::cluster::KeyKind;
use rcgen::{PublicKeyData, SigningKey};

const REQUEST: &str = "CERTIFICATE REQUEST";

/// Asks for a certificate that says what one issued here would say; in PEM.
///
/// # Errors
/// Where X.509 cannot carry what is wanted.
pub(super) fn write(wanted: &Wanted, key: &NewKey) -> Result<String, PkiError> {
    let pair = key.pair().map_err(|fault| PkiError::new(format!("the new key {fault}")))?;
    Ok(pem::encode(REQUEST, &request(wanted, &pair)?))
}

/// Whether a request still asks for just what is wanted, for that public key, and was signed with
/// its private one.
pub(super) fn asks_for(file: &[u8], wanted: &Wanted, public: &[u8]) -> bool {
    let Some(blocks) = pem::blocks(file) else { return false };
    let [block] = blocks.as_slice() else { return false };
    if block.label != REQUEST {
        return false;
    }
    // The same request but for its signature: what is compared has one encoding only.
    let Ok(same) = request(wanted, &Unsigned { kind: wanted.key, public }) else { return false };
    let key = PublicKey { algorithm: Algorithm::Ours(wanted.key), bytes: public };
    match (parts(&block.der), parts(&same)) {
        (Some((asks, algorithm, signature)), Some((wants, _, _))) => {
            asks == wants && key.verifies(algorithm, asks, signature) == Some(true)
        }
        _ => false,
    }
}

fn request(wanted: &Wanted, key: &impl SigningKey) -> Result<Vec<u8>, PkiError> {
    let mut params = issue::named(&wanted.common_name)?;
    issue::fill(&mut params, wanted)?;
    let request = params
        .serialize_request(key)
        .map_err(|error| PkiError::new(format!("a request could not be made: {error}")))?;
    Ok(request.der().to_vec())
}

/// What a request asks for, the OID of the algorithm, and the signature.
fn parts(der: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let mut file = Der(der);
    let mut parts = Der(file.take(SEQUENCE)?);
    file.end()?;
    let asks = parts.element(SEQUENCE)?;
    let mut algorithm = Der(parts.take(SEQUENCE)?);
    let signature = parts.take(BITS)?.strip_prefix(&[0])?;
    parts.end()?;
    let name = algorithm.take(OID)?;
    // None of the algorithms of our keys has parameters.
    algorithm.end()?;
    Some((asks, name, signature))
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
        key::algorithm(self.kind)
    }
}

impl SigningKey for Unsigned<'_> {
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests;
