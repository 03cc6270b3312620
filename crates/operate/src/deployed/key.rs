//! Keys, held to certificates.

use super::trouble::Cause;
use bouquet_x509::{Algorithm, KeyFault, ParsedCertificate, Secret, pem, prove};

/// Returns what is wrong with the key beside a certificate, which is the first of its file.
pub(super) fn fault(key: &Secret, certificate: &[u8], name: &str) -> Option<Cause> {
    let ders = pem::certificates_among(certificate)?;
    let parsed = ParsedCertificate::parse(ders.first()?)?;
    let public = parsed.public_key();
    if public.algorithm == Algorithm::Other {
        return Some(Cause::Key(KeyFault::Unsupported, name.to_owned()));
    }
    let fault = prove(key.expose(), public).err()?;
    Some(Cause::Key(fault, name.to_owned()))
}

/// Returns `true` where a key is that of a CA among the certificates of a file.
pub(super) fn is_of_a_ca(key: &Secret, cas: &[u8]) -> bool {
    let ders = pem::certificates_among(cas).unwrap_or_default();
    let mut parsed = ders.iter().filter_map(|der| ParsedCertificate::parse(der));
    parsed.any(|ca| ca.extensions.ca && prove(key.expose(), ca.public_key()).is_ok())
}
