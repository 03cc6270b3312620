//! Requests for certificates (PKCS#10, RFC 2986) as others read them: who signed one.

use crate::der::{BITS, Der, OID, SEQUENCE};
use crate::key::KeyFault;
use crate::pem;
use crate::private_key::prove;
use crate::public_key::PublicKey;
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::prelude::FromDer as _;

pub(crate) const REQUEST: &str = "CERTIFICATE REQUEST";

/// Proves that a request, in PEM, is for the public half of that private key, and was signed with it.
///
/// # Errors
/// As [`prove`]; [`KeyFault::Mismatch`] also for what is no such request.
pub fn prove_request(request: &[u8], key: &[u8]) -> Result<(), KeyFault> {
    let blocks = pem::blocks(request).ok_or(KeyFault::Mismatch)?;
    let [block] = blocks.as_slice() else { return Err(KeyFault::Mismatch) };
    let parsed = X509CertificationRequest::from_der(&block.der).ok();
    let parsed = parsed.filter(|(rest, _)| rest.is_empty() && block.label == REQUEST);
    let (_, parsed) = parsed.ok_or(KeyFault::Mismatch)?;
    let public = PublicKey::of(&parsed.certification_request_info.subject_pki);
    prove(key, public)?;
    let (asks, algorithm, signature) = parts(&block.der).ok_or(KeyFault::Mismatch)?;
    let is_signed = public.verifies(algorithm, asks, signature) == Some(true);
    if is_signed { Ok(()) } else { Err(KeyFault::Mismatch) }
}

/// Returns what a request asks for, the OID of the algorithm, and the signature.
pub(crate) fn parts(der: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
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
